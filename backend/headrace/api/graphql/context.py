"""What resolvers see as `info.context`: one per operation, and one per event of a subscription.

Invariant: everything that one operation reads is of one moment. The first read opens a snapshot,
every loader shares it, and it closes with the operation or after SNAPSHOT_SECONDS, since a reader
that stays keeps the database from tidying up. A mutation moves on to a new moment after its commit.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from headrace.api.errors import ApiError, Code
from headrace.api.graphql.lists import Lists
from headrace.api.graphql.loaders import Loaders
from headrace.api.rate_state import RateState
from headrace.domain.grants import Grants
from headrace.domain.lifecycle import RunTrigger
from headrace.services.core import Services
from headrace.store.database import Snapshot

SNAPSHOT_SECONDS: Final = 5.0

_TRIGGERS: Final = {"ui": RunTrigger.UI, "cli": RunTrigger.CLI}


@dataclass(frozen=True, kw_only=True)
class RequestInfo:
    """Who asks. `client` is what the header X-Headrace-Client says.

    `grants` are the extra freedoms that the local command line gives; no transport sets them.
    `rate` tells how the client stands with the limit of this endpoint; None where none is on.
    """

    principal: str
    client: str | None = None
    grants: Grants | None = None
    rate: Callable[[], RateState] | None = None

    @property
    def trigger(self) -> RunTrigger:
        return _TRIGGERS.get((self.client or "").lower(), RunTrigger.API)


class Context:
    """Loaders, lists and services of one operation. Close it when the operation ends."""

    def __init__(
        self,
        services: Services,
        caller: RequestInfo,
        *,
        snapshot_seconds: float = SNAPSHOT_SECONDS,
    ) -> None:
        self.services = services
        self.caller = caller
        self.load = Loaders(self.reading)
        self.lists = Lists(self.reading)
        self._snapshot_seconds = snapshot_seconds
        self._moment: _Moment | None = None

    def reading(self) -> AbstractAsyncContextManager[Snapshot]:
        """The operation's snapshot, for one read. Raises ApiError TIMEOUT when it is too old."""
        if self._moment is None:
            self._moment = _Moment(self.services, self._snapshot_seconds)
        return self._moment.reading()

    async def renew(self) -> None:
        """Forgets what was read: the next read is of a new moment. Call it after a commit."""
        await self.close()
        self.load = Loaders(self.reading)

    async def close(self) -> None:
        """Closes the snapshot, if one is open; safe to call twice."""
        moment, self._moment = self._moment, None
        if moment is not None:
            await moment.close()


class _Moment:
    """A snapshot that is opened by the first read and closed when it is old and nobody reads."""

    def __init__(self, services: Services, seconds: float) -> None:
        self._store = services.store
        self._source: AbstractAsyncContextManager[Snapshot] | None = None
        self._seconds = seconds
        self._opening = asyncio.Lock()
        self._snapshot: Snapshot | None = None
        self._readers = 0
        self._old = False
        self._timer: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Snapshot]:
        if self._old:
            words = (
                f"The operation has read for {self._seconds:g} s, which is the most; ask for less"
            )
            raise ApiError(Code.TIMEOUT, words)
        self._readers += 1
        try:
            yield await self._open()
        finally:
            self._readers -= 1
            self._close_if_old()

    async def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._old = True
        if self._closing is not None:
            await self._closing
        await self._exit()

    async def _open(self) -> Snapshot:
        async with self._opening:
            if self._snapshot is None:
                source = self._store.snapshot()
                self._snapshot = await source.__aenter__()
                self._source = source
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(self._seconds, self._expire)
        return self._snapshot

    def _expire(self) -> None:
        self._old = True
        self._close_if_old()

    def _close_if_old(self) -> None:
        if self._old and not self._readers and self._closing is None:
            self._closing = asyncio.create_task(self._exit(), name="close-old-snapshot")

    async def _exit(self) -> None:
        async with self._opening:
            source, self._source, self._snapshot = self._source, None, None
            if source is not None:
                await source.__aexit__(None, None, None)


def context_for(services: Services, caller: RequestInfo) -> Context:
    """A context for one operation or one event; close it when that ends."""
    return Context(services, caller)
