"""A database deleted, and only one that is Headrace's and that nobody has open.

Headrace's own processes share a lock for as long as they have the file open; of other tools SQLite
knows: it leaves WAL mode only where it is alone.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from headrace.store.errors import DatabaseInUse, StoreUnavailable
from headrace.store.turns import alone

_HEADER: Final = b"SQLite format 3\0"
_OURS: Final = {"alembic_version", "pipelines", "runs"}
# The file itself first: SQLite takes no log for an empty file, and would for half of a deletion.
_ENDINGS: Final = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a reset deletes; a damaged file cannot be counted."""

    pipelines: int = 0
    runs: int = 0
    damaged: bool = False

    def __bool__(self) -> bool:
        return bool(self.pipelines or self.runs or self.damaged)


def contents(database: Path) -> Contents:
    """What is in the file; nothing where there is none.

    Raises:
        DatabaseInUse: somebody has it open.
        StoreUnavailable: it is no database of Headrace's.
    """
    with _held_alone(database) as found:
        return found


def delete(database: Path) -> Contents:
    """Deletes the file and its companions; gives what was in it. Raises as `contents` does."""
    with _held_alone(database) as found:
        for ending in _ENDINGS:
            database.with_name(f"{database.name}{ending}").unlink(missing_ok=True)
        return found


@contextmanager
def _held_alone(database: Path) -> Iterator[Contents]:
    if not database.parent.is_dir():
        yield Contents()
        return
    try:
        with alone(database) as is_ours:
            if not is_ours:
                raise _in_use(database)
            yield _look(database)
    except OSError as error:
        raise StoreUnavailable(f"{database} cannot be reset: {error.strerror}") from error


def _look(database: Path) -> Contents:
    if not database.exists() or database.stat().st_size == 0:
        return Contents()
    with database.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise StoreUnavailable(f"SQLITE_PATH {database} is no database; nothing is deleted")
    try:
        with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
            found = _counted(connection, database)
            connection.execute("PRAGMA journal_mode = DELETE")
            return found
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise _in_use(database) from error
        raise StoreUnavailable(f"{database} cannot be read: {error}") from error
    except sqlite3.DatabaseError:
        return Contents(damaged=True)


def _counted(connection: sqlite3.Connection, database: Path) -> Contents:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    tables = {name for (name,) in rows}
    if not tables:
        return Contents()
    if not tables >= _OURS:
        raise StoreUnavailable(
            f"SQLITE_PATH {database} is a database of somebody else's; nothing is deleted"
        )
    (pipelines,) = connection.execute("SELECT count(*) FROM pipelines").fetchone()
    (runs,) = connection.execute("SELECT count(*) FROM runs").fetchone()
    return Contents(pipelines=pipelines, runs=runs)


def _in_use(database: Path) -> DatabaseInUse:
    return DatabaseInUse(
        f"{database} is in use: stop every server, worker and other tool that has it open, and try "
        "again; nothing is deleted"
    )
