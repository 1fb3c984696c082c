"""Snapshots of a PostgreSQL database: REPEATABLE READ, READ ONLY, on few connections that are kept.

A snapshot takes its connection at its first statement. Where that finds the server gone it is sent
anew on another connection, for the moment is not fixed yet; a later one cannot be, and raises.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import orjson
from sqlalchemy.sql.selectable import TypedReturnsRows

from headrace.store.errors import StoreUnavailable
from headrace.store.postgres.server import (
    DIALECT,
    REFUSALS,
    Connection,
    Patience,
    Server,
    is_outage,
)
from headrace.store.postgres.transaction import BOOT, cleaned, named
from headrace.store.snapshot import Moment, Snapshot
from headrace.store.statements import Row, statement_of

_PATIENCE_SECONDS: Final = 10.0
_IDLE_SECONDS: Final = 60
_CONNECTIONS: Final = 8
_BEGIN: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_NOW: Final = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"


class PostgresSnapshot(Snapshot):
    """On a connection of its own from the first statement to the end."""

    guesses = True

    def __init__(self, readers: "PostgresSnapshots") -> None:
        super().__init__()
        self._readers = readers
        self._turn = asyncio.Lock()
        self.connection: Connection | None = None

    async def all(self, statement: TypedReturnsRows[Any], **params: Any) -> Sequence[Row]:
        self.statements += 1
        prepared = statement_of(statement)
        text, values = prepared.prepared(DIALECT, params)
        return named(prepared, await self._fetch(text, cleaned(values)))

    async def moment(self) -> Moment:
        now = int((await self._fetch(_NOW, ()))[0][0])
        return Moment(now, now, BOOT)

    async def guess(self, statement: TypedReturnsRows[Any], **params: Any) -> int:
        text, values = statement_of(statement).prepared(DIALECT, params)
        (row,) = await self._fetch(f"EXPLAIN (FORMAT JSON) {text}", cleaned(values))
        return int(orjson.loads(row[0])[0]["Plan"]["Plan Rows"])

    async def _fetch(self, text: str, values: Sequence[Any]) -> Sequence[Any]:
        async with self._turn:
            try:
                if self.connection is not None:
                    return list(await self.connection.fetch(text, *values))
                return await self._first(text, values)
            except REFUSALS as error:
                if is_outage(error, self.connection):
                    raise StoreUnavailable(f"the database was lost: {error}") from error
                raise

    async def _first(self, text: str, values: Sequence[Any]) -> Sequence[Any]:
        while True:
            connection = await self._readers.take()
            try:
                await connection.execute(_BEGIN)
                self.connection = connection
                return list(await connection.fetch(text, *values))
            except REFUSALS as error:
                if not is_outage(error, connection):
                    raise
                self.connection = None
                self._readers.lost(connection)
            except BaseException:
                self.connection = connection  # cancelled: it is given back with the snapshot
                raise


class PostgresSnapshots:
    """The connections that snapshots are read by: few, opened when they are needed."""

    def __init__(self, server: Server) -> None:
        self._patience = Patience(server, _PATIENCE_SECONDS, idle_seconds=_IDLE_SECONDS)
        self._free: list[Connection] = []
        self._places = asyncio.Semaphore(_CONNECTIONS)
        self._ending: set[asyncio.Task[None]] = set()
        self._closing = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Snapshot]:
        """A read-only transaction; its first statement fixes the moment."""
        await self._places.acquire()
        snapshot = PostgresSnapshot(self)
        try:
            yield snapshot
        finally:
            if snapshot.connection is None:
                self._places.release()
            else:
                # Nobody waits for the way there and back that the ROLLBACK takes.
                task = asyncio.create_task(self._give_back(snapshot.connection), name="rollback")
                self._ending.add(task)
                task.add_done_callback(self._ending.discard)

    async def take(self) -> Connection:
        """A connection; raises StoreUnavailable."""
        while self._free:
            connection = self._free.pop()
            if not connection.is_closed():
                return connection
        return await self._patience.connect(lambda: self._closing)

    def lost(self, connection: Connection) -> None:
        """That one has lost its server, and so the others have."""
        self._patience.outage()
        for each in (connection, *self._free):
            each.terminate()
        self._free.clear()

    async def close(self) -> None:
        """Waits for the snapshots that are ending, and closes every connection."""
        self._closing = True
        while self._ending:
            await asyncio.wait(self._ending)
        while self._free:
            connection = self._free.pop()
            try:
                await connection.close(timeout=2)
            except REFUSALS:
                connection.terminate()

    async def _give_back(self, connection: Connection) -> None:
        try:
            await connection.execute("ROLLBACK")
            self._free.append(connection)
        except REFUSALS:
            connection.terminate()
        finally:
            self._places.release()
