"""A database with many events copied to a server and back: rows a second, each compared as well."""

import asyncio
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, Plan
from headrace.store.copying.copy import copy_database
from headrace.store.database import Store
from tests.system.postgres import NoPostgres, Postgres, start_cluster

NAMES: Final = ("copy",)
_MOST_EVENTS: Final = 1_000_000
_EVENTS_OF_A_RUN: Final = 200
_RUN: Final = (
    "INSERT INTO runs (id, pipeline_id, version_id, status, trigger, params, priority, created_at,"
    " last_seq, last_log_seq, blocks_total, blocks_done, blocks_failed, changed_at)"
    " VALUES (?, 'p', 'v', 'QUEUED', 'API', '{}', 0, 1, ?, 0, 1, 0, 0, 1)"
)
_EVENT: Final = "INSERT INTO events VALUES (?, ?, ?, 'BLOCK_READY', ?, 'a', 'READY', 1, NULL, NULL)"


async def measure(plan: Plan) -> AsyncIterator[Figure]:
    """One round: the figure is steady, and a round is long."""
    events = min(plan.rows, _MOST_EVENTS)
    try:
        cluster = start_cluster(plan.folder.parent, durable=True)  # ours alone is root's alone
    except NoPostgres as why:
        print(f"not measured here: {why}", file=sys.stderr)
        return
    folder = plan.folder / "copy"
    folder.mkdir()
    try:
        file, address = folder / "db.sqlite3", Postgres(cluster.base).bare()
        await (await Store.open(file)).close()
        await asyncio.to_thread(_fill, file, events)
        yield _figure("to PostgreSQL", events, await _speed(file, address))
        yield _figure("back to a file", events, await _speed(address, folder / "back.sqlite3"))
    finally:
        cluster.remove()


def _figure(way: str, events: int, speed: float) -> Figure:
    return Figure(
        name="copy",
        title=f"a database with {events:,} events copied {way}, and compared",
        unit="rows/s",
        rounds=[speed],
    )


async def _speed(where: Path | str, to: Path | str) -> float:
    begun = time.perf_counter()
    copied = await copy_database(where, to)
    return copied.rows / (time.perf_counter() - begun)


def _fill(file: Path, events: int) -> None:
    runs = -(-events // _EVENTS_OF_A_RUN)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO pipelines VALUES ('p', 'p', NULL, 1, 1, NULL)")
        connection.execute("INSERT INTO pipeline_versions VALUES ('v', 'p', 1, 'd', '{}', 1)")
        connection.executemany(_RUN, ((_id(n), _EVENTS_OF_A_RUN) for n in range(runs)))
        connection.executemany(_EVENT, _events(events))


def _events(events: int) -> Iterator[tuple[str, int, int, str]]:
    for number in range(events):
        run, seq = divmod(number, _EVENTS_OF_A_RUN)
        yield _id(run), seq + 1, 1_764_184_987_000 + number, f"a is ready for the {seq}th time"


def _id(number: int) -> str:
    return f"run_{number:026d}"
