"""Snapshots: read-only transactions on one moment of a SQLite file.

A point read takes some 10 µs. Handing it to a thread and back takes ten times that, SQLAlchemy's
async engine a hundred times, which was most of what a small run cost. So a statement runs where it
is asked for, on the loop, for INLINE_SECONDS at most; one that is stopped then, or that finds the
file locked, runs anew on aiosqlite's thread of the same connection, and so in the same moment.
"""

import asyncio
import math
import sqlite3
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import aiosqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.selectable import TypedReturnsRows

from headrace.store.clock import boot_id, lease_ms, wall_ms
from headrace.store.snapshot import Moment, Snapshot
from headrace.store.statements import Row, statement_of

T = TypeVar("T")

INLINE_SECONDS: Final = 0.002
"""How long a statement may hold the loop; disk reads come on top, which no handler can stop."""
_STEPS: Final = 2_000
"""Of SQLite's virtual machine between two looks at the clock: about 50 µs."""
_BUSY_MS: Final = 10_000
_CONNECTIONS: Final = 16
_STATEMENTS_KEPT: Final = 256
_AT_ONCE_IN_VAIN: Final = {sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY}

Found = tuple[Any, list[Any]]
"""A cursor's description, and its rows."""


class _Reader:
    """One read-only connection; used by one snapshot at a time."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            path,
            isolation_level=None,
            timeout=0,  # the loop never waits for a lock
            check_same_thread=False,  # aiosqlite's thread takes over, never at the same time
            cached_statements=_STATEMENTS_KEPT,
        )
        self._connection.execute("PRAGMA query_only = ON")
        self._connection.set_progress_handler(self._overdue, _STEPS)
        self._deadline = math.inf
        self._thread: aiosqlite.Connection | None = None

    def begin(self) -> None:
        self._connection.execute("BEGIN")

    def rollback(self) -> None:
        self._connection.execute("ROLLBACK")

    def at_once(self, text: str, values: Sequence[Any]) -> Found | None:
        """What a SELECT finds, or None where that takes too long or has to wait."""
        self._deadline = time.perf_counter() + INLINE_SECONDS
        try:
            cursor = self._connection.execute(text, values)
            return cursor.description, cursor.fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in _AT_ONCE_IN_VAIN:
                raise
            return None
        finally:
            self._deadline = math.inf

    async def on_thread(self, text: str, values: Sequence[Any]) -> Found:
        """The same, however long it takes, or until `stop`."""
        if self._thread is None:
            self._thread = await aiosqlite.Connection(lambda: self._connection, 64)
        self._connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        try:
            async with self._thread.execute(text, values) as cursor:
                return cursor.description, list(await cursor.fetchall())
        finally:
            self._deadline = math.inf
            self._connection.execute("PRAGMA busy_timeout = 0")

    def stop(self) -> None:
        """Stops what is on the thread, begun or not."""
        # SQLite's own interrupt is without effect on a statement that has not begun yet.
        self._deadline = -math.inf

    async def close(self) -> None:
        if self._thread is not None:
            await self._thread.close()
        self._connection.close()

    def _overdue(self) -> bool:
        return time.perf_counter() > self._deadline


class SqliteSnapshot(Snapshot):
    """On one reader's connection."""

    def __init__(self, reader: _Reader, dialect: Dialect) -> None:
        super().__init__()
        self._reader = reader
        self._dialect = dialect
        self._turn = asyncio.Lock()
        self._running: asyncio.Task[Any] | None = None

    async def all(self, statement: TypedReturnsRows[Any], **params: Any) -> Sequence[Row]:
        self.statements += 1
        prepared = statement_of(statement)
        text, values = prepared.prepared(self._dialect, params)
        found = None if self._turn.locked() else self._reader.at_once(text, values)
        description, rows = found or await self._in_turn(text, values)
        return [prepared.row(description)(row) for row in rows] if rows else []

    async def moment(self) -> Moment:
        return Moment(wall_ms(), lease_ms(), boot_id())

    @property
    def idle(self) -> bool:
        """Whether no statement is under way."""
        return not self._turn.locked()

    async def wait(self) -> None:
        """Waits for the statement that is under way."""
        async with self._turn:
            pass

    async def _in_turn(self, text: str, values: Sequence[Any]) -> Found:
        """A reader that is cancelled goes at once; the statement is told to stop, and ends."""
        work = asyncio.create_task(self._slowly(text, values), name="slow-read")
        work.add_done_callback(_seen)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            if self._running is work:
                self._reader.stop()
            else:
                work.cancel()
            raise

    async def _slowly(self, text: str, values: Sequence[Any]) -> Found:
        async with self._turn:
            self._running = asyncio.current_task()
            try:
                return await self._reader.on_thread(text, values)
            finally:
                self._running = None


def _seen(task: "asyncio.Task[Any]") -> None:
    """An error that nobody waits for any more is no news."""
    if not task.cancelled():
        task.exception()


class SqliteSnapshots:
    """The connections that snapshots of one file are read by: few, opened when they are needed."""

    def __init__(self, path: Path, dialect: Dialect) -> None:
        self._path = path
        self._dialect = dialect
        self._free: list[_Reader] = []
        self._places = asyncio.Semaphore(_CONNECTIONS)
        self._ending: set[asyncio.Task[Any]] = set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Snapshot]:
        """A read-only transaction; its first statement fixes the moment."""
        await self._places.acquire()
        reader: _Reader | None = None
        try:
            reader = self._free.pop() if self._free else _Reader(self._path)
            reader.begin()
            snapshot = SqliteSnapshot(reader, self._dialect)
        except BaseException:
            self._places.release()
            raise
        try:
            yield snapshot
        finally:
            if snapshot.idle:
                self._take_back(reader)
            else:
                await asyncio.shield(self._own(self._end(snapshot, reader)))

    async def close(self) -> None:
        """Waits for the snapshots that are ending, and closes every connection."""
        while self._ending:
            await asyncio.wait(self._ending)
        while self._free:
            await self._free.pop().close()

    async def _end(self, snapshot: SqliteSnapshot, reader: _Reader) -> None:
        await snapshot.wait()
        self._take_back(reader)

    def _take_back(self, reader: _Reader) -> None:
        try:
            reader.rollback()
        finally:
            self._free.append(reader)
            self._places.release()

    def _own(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """A task that outlives its caller's cancellation, and that `close` waits for."""
        task = asyncio.create_task(work)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        return task
