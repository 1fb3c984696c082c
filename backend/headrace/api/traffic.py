"""What stays open: websockets and event streams, counted, bounded, and ended together.

A server that stops waits for its responses, and a stream has no end of its own: `end` gives it one.
Websockets are closed by the server itself.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

MAX_OPEN: Final = 10_000


class TooMuchTraffic(Exception):
    """As many connections stay open as this process takes."""


class StreamsEnded(Exception):
    """The server stops: its clients come back by cursor."""


class Traffic:
    """Of one application. `sockets` and `streams` are how many are open now."""

    def __init__(self, most: int = MAX_OPEN) -> None:
        self.sockets = 0
        self.streams = 0
        self._most = most
        self._over = False
        self._scopes: set[asyncio.Timeout] = set()

    def admit(self) -> None:
        """Raises TooMuchTraffic where one more would be too much."""
        if self.sockets + self.streams >= self._most:
            raise TooMuchTraffic

    @contextmanager
    def socket(self) -> Generator[None, None, None]:
        """Counts a websocket while it is open."""
        self.sockets += 1
        try:
            yield
        finally:
            self.sockets -= 1

    @asynccontextmanager
    async def stream(self) -> AsyncGenerator[None, None]:
        """Counts a stream while it is open, and cancels the block at `end`.

        Raises StreamsEnded when it was cancelled.
        """
        self.streams += 1
        try:
            async with asyncio.timeout(0 if self._over else None) as scope:
                self._scopes.add(scope)
                try:
                    yield
                finally:
                    self._scopes.discard(scope)
        except TimeoutError:
            if scope.expired():
                raise StreamsEnded from None
            raise
        finally:
            self.streams -= 1

    def end(self) -> None:
        """Ends every stream, and those to come; safe to call twice."""
        self._over = True
        if self._scopes:
            now = asyncio.get_running_loop().time()
            for scope in self._scopes:
                scope.reschedule(now)
