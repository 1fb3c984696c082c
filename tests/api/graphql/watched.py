"""A store whose reads are noted, and can be held up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.engine import Row
from sqlalchemy.sql.selectable import TypedReturnsRows

from headrace.store.database import Snapshot, Store
from headrace.store.snapshot import Moment

Hook = Callable[[int], Awaitable[None]]


class WatchedStore:
    """Notes what is read. `before` runs before each statement, with its number from 1."""

    def __init__(self, store: Store, before: Hook | None = None) -> None:
        self._store = store
        self.before = before
        self.statements: list[str] = []
        self.open = 0
        self.closed = asyncio.Event()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        async with self._store.snapshot() as snapshot:
            self.open += 1
            try:
                yield _WatchedSnapshot(snapshot, self)
            finally:
                self.open -= 1
                self.closed.set()


class _WatchedSnapshot(Snapshot):
    def __init__(self, inner: Snapshot, store: WatchedStore) -> None:
        super().__init__()
        self._inner = inner
        self._store = store
        self.guesses = inner.guesses

    async def all(self, statement: TypedReturnsRows[Any], **params: Any) -> Sequence[Row[Any]]:
        self._store.statements.append(str(statement))
        if self._store.before is not None:
            await self._store.before(len(self._store.statements))
        return await self._inner.all(statement, **params)

    async def moment(self) -> Moment:
        return await self._inner.moment()
