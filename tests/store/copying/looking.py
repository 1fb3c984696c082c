"""What tests do to both ends of a copy, and what is to come of it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg

from headrace.store.tables import metadata
from tests.store.copying.filling import Rows


async def ask(address: str, text: str) -> Any:
    connection = await asyncpg.connect(address.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(text)
    finally:
        await connection.close()


def change(path: Path, text: str) -> None:
    """As a tool of somebody's does it, without a look at what belongs together."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(text)


def as_copied(rows: Rows) -> Rows:
    """What is to come of the rows: a server's text holds no NUL, and leases are over there."""
    found = {
        name: [
            tuple(v.replace("\0", "\ufffd") if isinstance(v, str) else v for v in row)
            for row in each
        ]
        for name, each in rows.items()
    }
    over: dict[str, dict[str, Any]] = {
        "workers": {"address": None, "boot_id": "", "lease_until": 0},
        "leases": {"address": None, "boot_id": "", "lease_until": 0},
    }
    for name, values in over.items():
        names = [column.name for column in metadata.tables[name].c]
        found[name] = [
            tuple(values.get(column, v) for column, v in zip(names, row, strict=True))
            for row in found[name]
        ]
    place = list(metadata.tables["runs"].c).index(metadata.tables["runs"].c.cancel_requested_clock)
    found["runs"] = [
        (*row[:place], None if row[place] is None else 0, *row[place + 1 :])
        for row in found["runs"]
    ]
    return {name: sorted(each, key=repr) for name, each in found.items()}


def at(doing: str, table: str, do: Callable[[], object]) -> Callable[[str, str, int, int], None]:
    """Does it where the copy is told to be there."""

    def told(now: str, name: str, *_: int) -> None:
        if (now, name) == (doing, table):
            do()

    return told
