"""A SQLite file as the database: opened for one writer and for snapshots."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from headrace.store.errors import SchemaTooNew, StoreUnavailable
from headrace.store.migrate import bring_up_to_date
from headrace.store.sqlite_commits import SqliteCommits
from headrace.store.sqlite_snapshots import SqliteSnapshots
from headrace.store.turns import Turns

# The net for foreign tools that write the file without taking turns (a `sqlite3` shell, a backup).
_BUSY_MS = 10_000


@dataclass(frozen=True, kw_only=True)
class OpenFile:
    """What a store over a file is made of."""

    path: Path
    found_revision: str | None
    commits: SqliteCommits
    snapshots: SqliteSnapshots
    close: Callable[[], None]


def open_file(path: Path) -> OpenFile:
    """Opens the file, makes it or brings it up to date.

    Raises StoreUnavailable when it cannot be opened, SchemaTooNew when a newer Headrace wrote it.
    """
    path = path.expanduser().absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        turns = Turns(path)
    except OSError as error:
        raise StoreUnavailable(f"SQLITE_PATH {path} cannot be opened: {error}") from error
    engine = _write_engine(path)
    try:
        found = bring_up_to_date(engine, turns)
    except DBAPIError as error:
        turns.close()
        raise StoreUnavailable(f"SQLITE_PATH {path} cannot be opened: {error.orig}") from error
    except SchemaTooNew:
        turns.close()
        raise

    def close() -> None:
        engine.dispose()
        turns.close()

    return OpenFile(
        path=path,
        found_revision=found,
        commits=SqliteCommits(engine, turns),
        snapshots=SqliteSnapshots(path, engine.dialect),
        close=close,
    )


def _write_engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"check_same_thread": False, "timeout": _BUSY_MS / 1000},
    )
    event.listen(engine, "connect", _prepare_writer)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
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
