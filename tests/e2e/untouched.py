"""That nothing stays behind: every row and every file, before and after."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import asyncpg

from headrace.store.tables import metadata
from tests.system.grounds import Grounds
from tests.system.postgres import in_thread

ALIVE = {"workers"}  # heartbeats go on


@contextmanager
def nothing_stays_behind(grounds: Grounds, *but: str) -> Iterator[None]:
    """Fails if a table (`but` these) or a file is another afterwards."""
    before = (_rows(grounds, {*ALIVE, *but}), _files(grounds.folder))
    yield
    assert (_rows(grounds, {*ALIVE, *but}), _files(grounds.folder)) == before


def _rows(grounds: Grounds, leave_out: set[str]) -> dict[str, int]:
    if grounds.database_url is not None:
        return in_thread(_rows_on_server(grounds.database_url, leave_out))
    return _rows_in_file(grounds.database, leave_out)


async def _rows_on_server(address: str, leave_out: set[str]) -> dict[str, int]:
    connection = await asyncpg.connect(address.replace("+asyncpg", "", 1))
    try:
        return {
            name: await connection.fetchval(f'SELECT count(*) FROM "{name}"')
            for name in metadata.tables
            if name not in leave_out
        }
    finally:
        await connection.close()


def _rows_in_file(database: Path, leave_out: set[str]) -> dict[str, int]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        names = [name for (name,) in tables if name not in leave_out]
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in names
        }


def _files(folder: Path) -> dict[str, bytes | None]:
    """The files of people and blocks with their bytes; the database's own are not looked into."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".sqlite3" not in str(path)
    }
