"""What processes on one database tell each other: NOTIFY behind each COMMIT, LISTEN on a connection
of its own.

A notice is a hint only: those of a lost connection are lost, and whoever listens is told to look at
everything when there is a new one.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from typing import Any, Final

import orjson

from headrace.store.hints import Hints
from headrace.store.postgres.server import REFUSALS, Connection, Server

CHANNEL: Final = "headrace"
_MOST_BYTES: Final = 7_900  # of the 8,000 that a notice may have
_EVERYTHING: Final = orjson.dumps(Hints(everything=True).to_wire()).decode()
_PAUSE_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 5.0
_log = logging.getLogger("headrace.store.notices")


def notify(hints: Hints, token: str) -> str:
    """The SQL that tells the hints, or nothing where there is nothing to tell."""
    if not hints:
        return ""
    told = orjson.dumps(hints.to_wire()).decode()
    if len(told.encode()) > _MOST_BYTES:
        told = _EVERYTHING
    quoted = told.replace("'", "''")
    return f"NOTIFY {CHANNEL}, '{token} {quoted}'"


class Notices:
    """Listens from `start` to `close`. `received` gets the hints of other processes, on the loop.

    It is told to look at everything with each new connection, and every few seconds: whatever was
    lost on the way is found then.
    """

    def __init__(self, server: Server, token: str, received: Callable[[Hints], None]) -> None:
        self._server = server
        self._token = token
        self._received = received
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._listen(), name="notices")

    async def close(self) -> None:
        """Safe to call twice."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except REFUSALS as error:
                _log.debug("notices.away: %s", error)
            await asyncio.sleep(_PAUSE_SECONDS * random.uniform(0.5, 1.5))

    async def _listen_once(self) -> None:
        connection = await self._server.connect()
        ended = asyncio.Event()
        connection.add_termination_listener(lambda _: ended.set())
        try:
            await connection.add_listener(CHANNEL, self._noticed)
            while not ended.is_set():
                self._received(Hints(everything=True))  # what was told while nobody listened
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await ended.wait()
                # A server that vanished without a word shows here, and nowhere else.
                await connection.fetchval("SELECT 1", timeout=_LOOK_SECONDS)
        finally:
            connection.terminate()

    def _noticed(self, _connection: Connection, _pid: int, _channel: str, payload: Any) -> None:
        token, _, told = str(payload).partition(" ")
        if token == self._token:
            return
        try:
            hints = Hints.from_wire(orjson.loads(told))
        except (ValueError, KeyError, TypeError):
            hints = Hints(everything=True)
        self._received(hints)
