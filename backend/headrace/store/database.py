"""The store: one writer, many readers, over one SQLite file.

The write path is the sync engine on the writer's thread; reads go through the async engine, each
in a read-only transaction (a snapshot). Callers know `Store` and `Snapshot` only, so that another
database can stand behind them.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import Result, Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, NullPool
from sqlalchemy.sql.selectable import TypedReturnsRows

from headrace.store.errors import StoreUnavailable
from headrace.store.hints import Hints
from headrace.store.migrate import bring_up_to_date
from headrace.store.transaction import Transaction
from headrace.store.turns import Turns
from headrace.store.writer import Unit, Writer

T = TypeVar("T")

# The net for foreign tools that write the file without taking turns (a `sqlite3` shell, a backup).
_BUSY_MS = 10_000
# A connection is a thread. Few that are kept serve a burst sooner than many that come and go.
_READERS = 8
_READERS_AT_MOST = 16


class Snapshot:
    """One moment of the database. Loaders may share it: statements take turns on its connection.

    A statement in flight is never cancelled, for SQLAlchemy takes that for a lost connection: a
    reader that is cancelled goes at once, the statement ends by itself, and the close waits for it.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()
        self.statements = 0

    @classmethod
    async def open(cls, engine: AsyncEngine) -> "Snapshot":
        """Begins the transaction."""
        connection = await engine.connect()
        await connection.begin()
        return cls(connection)

    async def all(self, statement: TypedReturnsRows[Any], **params: Any) -> Sequence[Row[Any]]:
        """All rows of a SELECT."""
        return await unhurried(self._all(statement, params))

    async def close(self) -> None:
        """Ends the transaction and gives the connection back."""
        async with self._turn:
            try:
                await self._connection.rollback()
            finally:
                await self._connection.close()

    async def _all(
        self, statement: TypedReturnsRows[Any], params: Mapping[str, Any]
    ) -> Sequence[Row[Any]]:
        async with self._turn:
            self.statements += 1
            result: Result[Any] = await self._connection.execute(statement, params)
            return result.fetchall()

    async def first(self, statement: TypedReturnsRows[Any], **params: Any) -> Row[Any] | None:
        """The first row of a SELECT, or None."""
        rows = await self.all(statement, **params)
        return rows[0] if rows else None


async def unhurried(work: Coroutine[Any, Any, T]) -> T:
    """Awaits `work`, which goes on to its end by itself if the caller is cancelled."""
    task = asyncio.create_task(work)
    task.add_done_callback(_seen)
    return await asyncio.shield(task)


def _seen(task: "asyncio.Task[Any]") -> None:
    """An error that nobody waits for any more is no news."""
    if not task.cancelled():
        task.exception()


async def _close_once_open(opening: "asyncio.Task[Snapshot]") -> None:
    with contextlib.suppress(Exception):
        await (await opening).close()


class Store:
    """An open database. `path` is its file."""

    def __init__(
        self, path: Path, write_engine: Engine, read_engine: AsyncEngine, turns: Turns
    ) -> None:
        self.path = path
        self._write_engine = write_engine
        self._read_engine = read_engine
        self._turns = turns
        self._closed = False
        self._owned: set[asyncio.Task[Any]] = set()
        self._listeners: list[Callable[[Hints], None]] = []
        self._writer = Writer(write_engine, turns, self._tell)

    @classmethod
    async def open(cls, path: Path) -> "Store":
        """Opens the file, makes it or brings it up to date, and starts the writer.

        Raises StoreUnavailable when it cannot be opened, SchemaTooNew when a newer Headrace wrote
        it.
        """
        path = path.expanduser().absolute()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            turns = Turns(path)
        except OSError as error:
            raise StoreUnavailable(f"SQLITE_PATH {path} cannot be opened: {error}") from error
        engine = _write_engine(path)
        try:
            await asyncio.to_thread(bring_up_to_date, engine, turns)
        except DBAPIError as error:
            turns.close()
            raise StoreUnavailable(f"SQLITE_PATH {path} cannot be opened: {error.orig}") from error
        store = cls(path, engine, _read_engine(path), turns)
        store._writer.start()
        return store

    def write(self, unit: Unit[T], *, urgent: bool = False) -> "asyncio.Future[T]":
        """Queues a unit of work; await it for the result, which is durable by then."""
        return self._writer.submit(unit, urgent=urgent)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """A read-only transaction on one moment; its first statement fixes the moment."""
        opening = self._own(Snapshot.open(self._read_engine))
        try:
            snapshot = await asyncio.shield(opening)
        except asyncio.CancelledError:
            self._own(_close_once_open(opening))
            raise
        try:
            yield snapshot
        finally:
            await asyncio.shield(self._own(snapshot.close()))

    def _own(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """A task that outlives its caller's cancellation, and that `close` waits for."""
        task = asyncio.create_task(work)
        self._owned.add(task)
        task.add_done_callback(self._owned.discard)
        return task

    def listen(self, listener: Callable[[Hints], None]) -> None:
        """`listener` gets the hints of this process's commits, on the loop, before their callers.

        A commit of another process comes as Hints(everything=True), up to 250 ms late.
        """
        self._listeners.append(listener)

    async def close(self) -> None:
        """Finishes what is queued and closes everything; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        await self._writer.close()
        while self._owned:
            await asyncio.wait(self._owned)
        await self._read_engine.dispose()
        self._write_engine.dispose()
        self._turns.close()

    def _tell(self, hints: Hints) -> None:
        for listener in self._listeners:
            listener(hints)


def _write_engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"check_same_thread": False, "timeout": _BUSY_MS / 1000},
    )
    event.listen(engine, "connect", _prepare_writer)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _read_engine(path: Path) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=_READERS,
        max_overflow=_READERS_AT_MOST - _READERS,
        # Every transaction is ended by the snapshot that began it: a second rollback when the
        # connection goes back would be one more turn of its thread.
        pool_reset_on_return=None,
        connect_args={"timeout": _BUSY_MS / 1000},
    )
    event.listen(engine.sync_engine, "connect", _prepare_reader)
    event.listen(
        engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN")
    )
    return engine


def _prepare_writer(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # our own BEGIN, not the driver's
    for pragma in (
        f"busy_timeout = {_BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",  # an acknowledged run survives a power cut
        "foreign_keys = ON",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _prepare_reader(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()


__all__ = ["Snapshot", "Store", "Transaction"]
