"""A SQLite file as either end of a copy.

As the source it is Headrace's alone meanwhile, and is read in one transaction. As the target it
grows under another name and is published whole, as a backup is.
"""

import asyncio
import os
import secrets
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Table, create_engine, func, insert, select
from sqlalchemy.dialects.sqlite.pysqlite import dialect
from sqlalchemy.pool import StaticPool

from headrace.store.copying.ends import Batches, refuse_other_revision
from headrace.store.copying.rows import Pace, Row
from headrace.store.errors import CopyFailed, DatabaseInUse, StoreUnavailable
from headrace.store.migrate import migrated
from headrace.store.publishing import publish
from headrace.store.turns import alone

T = TypeVar("T")

_DIALECT: Final = dialect()
_COMPANIONS: Final = ("-wal", "-shm", "-journal")
_HAS_REVISION: Final = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
_REVISION: Final = "SELECT version_num FROM alembic_version"


class _File:
    """A connection that one thread of its own uses."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="headrace-copy")
        self._connection: sqlite3.Connection | None = None

    async def work(self, do: Callable[..., T], *given: Any) -> T:
        """Does it on the thread. Raises StoreUnavailable for what the file does to it."""
        with _refusals(self.name):
            return await asyncio.get_running_loop().run_in_executor(self._thread, do, *given)

    async def open(self, address: str) -> sqlite3.Connection:
        self._connection = await self.work(_connected, address)
        return self._connection

    def close(self) -> None:
        """Ends what the thread is at, and returns when it has ended."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.interrupt()
            self._thread.submit(connection.close)
        self._thread.shutdown(wait=True)

    async def execute(self, text: str) -> Sequence[Row]:
        return await self.work(self._executed, text)

    async def count(self, table: Table) -> int:
        ((rows,),) = await self.execute(_text(select(func.count()).select_from(table)))
        return int(rows)

    async def batches(self, table: Table) -> AsyncGenerator[Sequence[Row], None]:
        assert self._connection is not None
        pace = Pace(table)
        cursor = await self.work(self._connection.execute, _text(select(table)))
        while rows := await self.work(cursor.fetchmany, pace.rows):
            pace.saw(rows)
            yield rows

    async def fill(self, table: Table, batches: Batches) -> None:
        assert self._connection is not None
        text = _text(insert(table))
        async for rows in batches:
            await self.work(self._connection.executemany, text, rows)

    def held(self, rows: Sequence[Row]) -> Sequence[Row]:
        return rows

    async def settle(self, table: Table) -> None:
        return  # what counts up by itself has seen the highest number

    async def still_quiet(self) -> None:
        return  # nobody can come: it is held alone

    def _executed(self, text: str) -> Sequence[Row]:
        assert self._connection is not None
        return self._connection.execute(text).fetchall()


@asynccontextmanager
async def file_source(path: Path) -> AsyncIterator[_File]:
    """The file, which nobody of Headrace's can open meanwhile.

    Raises DatabaseInUse, CopyFailed and StoreUnavailable.
    """
    full = path.expanduser().absolute()
    if not full.is_file():
        raise CopyFailed(f"there is no database at {path}")
    file = _File(str(path))
    with _refusals(str(path)), alone(full) as is_ours:
        if not is_ours:
            raise DatabaseInUse(
                f"{path} is in use: stop every server and worker (Ctrl-C or SIGTERM lets them "
                "finish), and try again; nothing is copied"
            )
        try:
            # Not `mode=ro`: the first to open a file in WAL mode must make its companions.
            await file.open(f"file:{quote(str(full))}?mode=rw")
            await file.execute("BEGIN")
            ((known,),) = await file.execute(_HAS_REVISION)
            found = await file.execute(_REVISION) if known else []
            refuse_other_revision(file.name, str(found[0][0]) if found else None)
            ((verdict,),) = await file.execute("PRAGMA quick_check(1)")
            if verdict != "ok":
                raise CopyFailed(f"{path} is damaged: {verdict}")
            yield file
        finally:
            file.close()


@asynccontextmanager
async def file_target(path: Path) -> AsyncIterator[_File]:
    """A file that is not there yet, and is there whole once this is left without an error.

    Raises CopyFailed and StoreUnavailable.
    """
    _refuse_taken(path)
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.partial")
    file = _File(str(path))
    with _refusals(str(path)):
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        try:
            connection = await file.open(f"file:{quote(str(partial.absolute()))}?mode=rw")
            # Whatever happens to it before it has its name, it is thrown away.
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = ON"):
                await file.execute(f"PRAGMA {pragma}")
            await file.work(_make_tables, connection)
            await file.execute("BEGIN")
            yield file
            await file.execute("COMMIT")
            file.close()
            _refuse_taken(path)
            publish(partial, path, what="a copy", failed=CopyFailed)
        finally:
            file.close()
            partial.unlink(missing_ok=True)


def _connected(address: str) -> sqlite3.Connection:
    # Closed by another thread only where this one has ended what it was at.
    return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)


def _make_tables(driver: sqlite3.Connection) -> None:
    engine = create_engine(
        URL.create("sqlite+pysqlite"), creator=lambda: driver, poolclass=StaticPool
    )
    with engine.connect() as connection:
        migrated(connection)


def _refuse_taken(path: Path) -> None:
    taken = [each for ending in ("", *_COMPANIONS) if os.path.lexists(each := f"{path}{ending}")]
    if taken:
        raise CopyFailed(f"{taken[0]} is there already, and a copy never replaces a file")
    if not path.parent.is_dir():
        raise CopyFailed(f"there is no folder {path.parent}")


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"{name}: {error.strerror or error}; nothing is copied") from error
    except sqlite3.Error as error:
        raise StoreUnavailable(f"{name}: {error}; nothing is copied") from error


def _text(clause: Any) -> str:
    return str(clause.compile(dialect=_DIALECT))
