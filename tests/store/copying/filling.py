"""Rows for every table there is, made from what its columns are: a new table gets some too."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import Column, LargeBinary, Table, Text, UniqueConstraint

from headrace.store.database import Store
from headrace.store.tables import metadata

ROWS = 5
# What the CHECK constraints of these tables allow.
GIVEN: Mapping[str, Mapping[str, Any]] = {
    "runs": {"status": "QUEUED", "finished_at": None},
    "block_runs": {"status": "READY", "finished_at": None, "worker_id": None},
    "block_partitions": {"status": "RUNNING", "finished_at": None},
}
Rows = dict[str, list[tuple[Any, ...]]]


async def filled(path: Path) -> Rows:
    """A database with rows in every table; the rows."""
    await (await Store.open(path)).close()
    rows: Rows = {}
    for table in metadata.sorted_tables:
        rows[table.name] = [
            tuple(_value(column, n, rows) for column in table.c) for n in range(ROWS)
        ]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for table in metadata.sorted_tables:
            places = ", ".join("?" * len(table.c))
            text = f"INSERT INTO {table.name} VALUES ({places})"
            connection.executemany(text, rows[table.name])
    return rows


def in_file(path: Path) -> Rows:
    """What a file holds, by table."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table.name: _sorted(connection.execute(_select(table)).fetchall())
            for table in metadata.sorted_tables
        }


async def on_server(address: str) -> Rows:
    """What a server's database holds, by table."""
    connection = await asyncpg.connect(address.replace("+asyncpg", ""))
    try:
        return {
            table.name: _sorted([tuple(row) for row in await connection.fetch(_select(table))])
            for table in metadata.sorted_tables
        }
    finally:
        await connection.close()


async def tables_of(address: str) -> set[str]:
    """The tables that a server's database has."""
    connection = await asyncpg.connect(address.replace("+asyncpg", ""))
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    finally:
        await connection.close()
    return {row["tablename"] for row in rows}


def _value(column: Column[Any], n: int, rows: Rows) -> Any:
    given = GIVEN.get(column.table.name, {})
    if column.name in given:
        return given[column.name]
    for key in column.foreign_keys:
        place = list(key.column.table.c).index(key.column)
        return rows[key.column.table.name][n][place]
    if column.nullable and n == 1:
        return None
    if isinstance(column.type, Text):
        return f"{column.name} {n}" if _is_key(column) else _text(column.name, n)
    if isinstance(column.type, LargeBinary):
        return bytes(range(256)) * n
    return n + 1 if _is_key(column) else (0, 1, 2**63 - 1, -(2**63), 1_764_184_987_123)[n]


def _text(name: str, n: int) -> str:
    return ("", name, f"{name}: żółć 🚰 \\N \t\n", f"a\0b{name}", '{"n": [null, 1.5]}')[n]


def _is_key(column: Column[Any]) -> bool:
    uniques = [c for c in column.table.constraints if isinstance(c, UniqueConstraint)]
    return column.primary_key or any(column.name in unique.c for unique in uniques)


def _select(table: Table) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.c)
    return f'SELECT {names} FROM "{table.name}"'


def _sorted(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=repr)
