"""Rate limits: so many requests per client address and path within a sliding window.

slowapi counts HTTP; its middleware stands before the limited paths alone, so that no other request
pays for it. It never sees websockets, so a handshake on a limited path is counted here, in the same
window as the requests to that path.
"""

import math
import time
from collections.abc import Collection
from typing import Final

from limits import RateLimitItem, parse
from slowapi import Limiter
from slowapi.middleware import SlowAPIMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from headrace.api.addresses import AddressBook
from headrace.api.doors import deny
from headrace.api.errors import ApiError, Code, formatted
from headrace.api.responses import JsonResponse, refusal

SLIDING: Final = "moving-window"


class RateLimits:
    """One limit, counted apart for every client address and each of `paths`."""

    def __init__(
        self, *, requests: int, window_seconds: float, paths: Collection[str], book: AddressBook
    ) -> None:
        self.paths = frozenset(paths)
        self._book = book
        # Whole seconds are what `limits` counts in; a shorter window is kept as one second.
        limit = f"{requests} per {max(1, math.ceil(window_seconds))} second"
        self._limit: RateLimitItem = parse(limit)
        self.limiter = Limiter(
            key_func=self._key, default_limits=[limit], strategy=SLIDING, headers_enabled=False
        )

    def _key(self, request: Request) -> str:
        return self._book.site_of(request)

    def admits(self, connection: HTTPConnection) -> bool:
        """Counts a websocket's handshake as a request to its path; False for one too many."""
        return self.limiter.limiter.hit(self._limit, *self._identifiers(connection))

    def refusal(self, connection: HTTPConnection) -> JsonResponse:
        """The 429, which says when the window has room again."""
        window = self.limiter.limiter.get_window_stats(self._limit, *self._identifiers(connection))
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        most, window_seconds = self._limit.amount, self._limit.multiples
        words = f"At most {most} requests in {window_seconds} s are answered here"
        told = ApiError(Code.RATE_LIMITED, words, extensions={"retryAfterMs": seconds * 1000})
        return refusal(
            Code.RATE_LIMITED,
            words,
            headers={"Retry-After": str(seconds)},
            errors=[formatted(told)],  # where GraphQL clients look
        )

    def _identifiers(self, connection: HTTPConnection) -> tuple[str, str]:
        # The pair that slowapi counts by, in its order.
        return self._book.site_of(connection), connection.scope["path"]


class RateLimitDoor:
    """ASGI middleware: counts what comes to the limited paths, lets all else straight through."""

    def __init__(self, app: ASGIApp, limits: RateLimits) -> None:
        self._app, self._limits = app, limits
        self._counted = SlowAPIMiddleware(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is within its limit."""
        if scope.get("path") not in self._limits.paths:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._counted(scope, receive, send)
        else:
            socket = WebSocket(scope, receive, send)
            if self._limits.admits(socket):
                await self._app(scope, receive, send)
            else:
                await deny(socket, self._limits.refusal(socket))
