"""A line per request: method, path, status, duration and client; never a query string.

A query string can hold a signature, which whoever reads the log could use. uvicorn's own access
log has it; while the application runs it is taken out of there too.
"""

import logging
import time
from typing import Final
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headrace.api.addresses import AddressBook

log = logging.getLogger("headrace.access")
uvicorn_log = logging.getLogger("uvicorn.access")
uvicorn_errors = logging.getLogger("uvicorn.error")
PROBES: Final = frozenset({"/health", "/ready"})
_UVICORN_PATH: Final = 2  # (client, method, path with query, HTTP version, status)
_FAULT_OF_A_CLIENT: Final = "Invalid UTF-8 sequence received from client."


class AccessLog:
    """ASGI middleware that writes the lines, those of health probes at debug."""

    def __init__(self, app: ASGIApp, book: AddressBook) -> None:
        self._app, self._book = app, book

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Notes what becomes of a request."""
        level = logging.DEBUG if scope.get("path") in PROBES else logging.INFO
        if scope["type"] == "lifespan" or not log.isEnabledFor(level):
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                status = message["status"]
            elif message["type"] == "websocket.accept":
                status = 101
            elif message["type"] == "websocket.close":
                status = status or 403
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            connection = HTTPConnection(scope)
            log.log(
                level,
                "api.request method=%s path=%s status=%d milliseconds=%.1f client=%s",
                scope.get("method", "WEBSOCKET"),
                quote(scope["path"]),  # a path may hold line breaks once it is unquoted
                status or 500,
                (time.perf_counter() - began) * 1000,
                self._book.client_of(connection),
            )


def without_query(record: logging.LogRecord) -> bool:
    """A logging filter for uvicorn's access log: keeps the record, drops the query string."""
    if isinstance(record.args, tuple) and len(record.args) > _UVICORN_PATH:
        path = str(record.args[_UVICORN_PATH]).partition("?")[0]
        record.args = (*record.args[:_UVICORN_PATH], path, *record.args[_UVICORN_PATH + 1 :])
    return True


def no_fault_of_ours(record: logging.LogRecord) -> bool:
    """A logging filter for uvicorn's errors: leaves out what any client can cause at will.

    A frame that is no text closes its websocket with 1007; uvicorn adds a traceback to its log.
    """
    return record.msg != _FAULT_OF_A_CLIENT
