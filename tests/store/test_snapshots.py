"""Snapshots: a short statement runs where it is asked for, a long one leaves the loop free."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import bindparam, delete, func, literal, select, tuple_

from headrace.store.database import Store
from headrace.store.tables import block_runs, runs
from tests.databases import Database
from tests.store.reads.world import World, document

REFUSALS = (sqlite3.OperationalError, asyncpg.ReadOnlySQLTransactionError)
_FIRST = select(literal(1).label("i")).cte("n", recursive=True)
_NUMBERS = _FIRST.union_all(select(_FIRST.c.i + 1).where(_FIRST.c.i < bindparam("most")))
_ENDLESS = select(func.count().label("counted")).select_from(_NUMBERS)
_RUNS = select(func.count().label("count")).select_from(runs)


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    opened = await database.open()
    yield opened
    await opened.close()


async def test_a_long_read_leaves_the_loop_free_and_stays_in_its_moment(store: Store) -> None:
    world = World(store)
    saved = await world.save(document("p"))
    async with store.snapshot() as snapshot:
        before = await snapshot.first(_RUNS)
        reading = asyncio.create_task(snapshot.first(_ENDLESS, most=3_000_000))
        # The write is through while the read goes on: neither waits for the other.
        await world.start(saved)
        assert not reading.done()
        found, after = await reading, await snapshot.first(_RUNS)
    assert found is not None
    assert found.counted == 3_000_000
    assert before == after == (0,)
    async with store.snapshot() as snapshot:
        assert await snapshot.first(_RUNS) == (1,)


@pytest.mark.parametrize("turns", [1, 2, 3])
async def test_a_reader_that_leaves_stops_its_statement(store: Store, turns: int) -> None:
    """Else the close of the store would wait for a statement of hours.

    One turn of the loop: it waits for its thread; two and three: it is there.
    """
    async with store.snapshot() as snapshot:
        reading = asyncio.create_task(snapshot.first(_ENDLESS, most=10**12))
        for _ in range(turns):
            await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    async with asyncio.timeout(30):
        await store.close()


async def test_statements_of_one_snapshot_wait_for_the_long_one_before_them(store: Store) -> None:
    async with store.snapshot() as snapshot:
        found = await asyncio.gather(
            snapshot.first(_ENDLESS, most=1_000_000), snapshot.first(_RUNS), snapshot.first(_RUNS)
        )
    assert [each and each[0] for each in found] == [1_000_000, 0, 0]


async def test_a_snapshot_refuses_to_write(store: Store) -> None:
    async with store.snapshot() as snapshot:
        with pytest.raises(REFUSALS, match=r"read-?only"):
            await snapshot.all(delete(runs).returning(runs.c.id))


async def test_more_snapshots_than_connections_take_turns(store: Store) -> None:
    async def one() -> int:
        async with store.snapshot() as snapshot:
            await asyncio.sleep(0)
            row = await snapshot.first(_RUNS)
            return int(row[0]) if row else -1

    async with asyncio.timeout(30):
        assert await asyncio.gather(*(one() for _ in range(100))) == [0] * 100


@pytest.mark.parametrize("many", [0, 1, 2, 7])
async def test_lists_of_any_length_are_found_by_words_and_by_pairs(store: Store, many: int) -> None:
    world = World(store)
    saved = await world.save(document("p", "a b", "a>b"))
    ids = [await world.start(saved) for _ in range(many)]
    by_id = select(runs.c.id).where(runs.c.id.in_(bindparam("ids", expanding=True)))
    key = tuple_(block_runs.c.run_id, block_runs.c.position)
    by_key = select(block_runs.c.run_id).where(key.in_(bindparam("keys", expanding=True)))
    async with store.snapshot() as snapshot:
        for _ in range(2):  # the second time from what was compiled
            assert {row.id for row in await snapshot.all(by_id, ids=ids)} == set(ids)
            rows = await snapshot.all(by_key, keys=[(run_id, 1) for run_id in ids])
            assert {row.run_id for row in rows} == set(ids)
