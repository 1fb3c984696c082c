"""Several write one database at once: nothing is done twice, and nobody waits for ever."""

import asyncio
import logging
import random
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from headrace.domain.definition import definition_from_document
from headrace.domain.lifecycle import RunTrigger
from headrace.store import attempts, workers
from headrace.store.claims import ClaimedBlock, claim_blocks
from headrace.store.database import Store
from headrace.store.idempotency import Key, keep, recall
from headrace.store.pipelines import Saved, save_definition
from headrace.store.postgres.server import Server
from headrace.store.run_edit import RunEdit
from headrace.store.runs import NewRun, create_run
from headrace.store.tables import block_runs, events, memo, runs
from headrace.store.transaction import Transaction
from tests.databases import POSTGRESQL, Database
from tests.store.postgres.crossing import Crossing
from tests.store.remembering import remember
from tests.store.simulation import document

PROCESSES = 4
pytestmark = pytest.mark.parametrize("database", [POSTGRESQL], indirect=True)


@pytest.fixture
async def stores(database: Database) -> AsyncIterator[list[Store]]:
    """Each with a writer and connections of its own, as in a process of its own."""
    opened = [await database.open() for _ in range(PROCESSES)]
    yield opened
    for store in opened:
        await store.close()


async def saved(store: Store, blocks: list[Any], edges: list[tuple[str, str]]) -> Saved:
    definition = definition_from_document(document(blocks, edges))
    found = await store.write(partial(save_definition, definition=definition, replace=True))
    assert isinstance(found, Saved)
    return found


def new_run(of: Saved) -> NewRun:
    return NewRun(
        pipeline_id=of.pipeline_id,
        version_id=of.version_id,
        trigger=RunTrigger.API,
        params={},
        labels={},
    )


async def register(store: Store) -> str:
    new = workers.NewWorker(name="w", host="here", pid=1, version="0", capacity=9, address=None)
    return await store.write(partial(workers.register, new=new, lease_ms=60_000))


async def work_off(store: Store, most: int) -> list[ClaimedBlock]:
    """Claims and ends blocks until nothing is left that could become READY."""
    worker = await register(store)
    done: list[ClaimedBlock] = []
    while True:
        claimed = await store.write(partial(claim_blocks, worker_id=worker, most=most))
        ends = [
            store.write(partial(attempts.succeed, claim=block.claim, rows=1, output=None))
            for block in claimed
        ]
        await asyncio.gather(*ends)
        done += claimed
        if not claimed and await count(store, select(_OPEN)) == 0:
            return done


_OPEN = func.count().filter(block_runs.c.finished_at.is_(None))


async def count(store: Store, query: Any) -> int:
    async with store.snapshot() as snapshot:
        return int((await snapshot.all(query))[0][0])


@pytest.fixture
def no_deadlock(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The writers had none to get over."""
    caplog.set_level(logging.DEBUG, logger="headrace.store.writer")
    yield
    found = [each.getMessage() for each in caplog.get_records("call")]
    assert [text for text in found if "deadlock" in text] == []


@pytest.mark.usefixtures("no_deadlock")
@pytest.mark.parametrize("runs_at_once", [1, 12])
async def test_each_block_is_claimed_once_and_each_log_is_whole(
    stores: list[Store], runs_at_once: int
) -> None:
    """One wide run, for whose row all wait; and many runs, of which each takes those that are
    free.
    """
    names = [f"b{n}" for n in range(24 // min(runs_at_once, 6))]
    edges = [("first", name) for name in names] + [(name, "last") for name in names]
    made = await saved(stores[0], ["first", *names, "last"], edges)
    started = [
        await stores[n % PROCESSES].write(partial(create_run, new=new_run(made)))
        for n in range(runs_at_once)
    ]
    async with asyncio.timeout(60):
        done = await asyncio.gather(*(work_off(store, most=3) for store in stores))
    claims = Counter(
        (block.claim.run_id, block.claim.position) for found in done for block in found
    )
    assert set(claims.values()) == {1}
    assert len(claims) == runs_at_once * (len(names) + 2)
    async with stores[0].snapshot() as snapshot:
        for run_id in started:
            query = select(events.c.seq).where(events.c.run_id == run_id).order_by(events.c.seq)
            seqs = [row.seq for row in await snapshot.all(query)]
            assert seqs == list(range(1, len(seqs) + 1))
        ended = await snapshot.all(select(runs.c.status))
    assert [row.status for row in ended] == ["SUCCEEDED"] * runs_at_once


@pytest.mark.usefixtures("no_deadlock")
async def test_units_that_want_the_same_runs_in_other_orders_do_not_lock_each_other_out(
    stores: list[Store],
) -> None:
    made = await saved(stores[0], ["a"], [])
    ids = [await stores[0].write(partial(create_run, new=new_run(made))) for _ in range(6)]

    def touch(tx: Transaction, wanted: list[str]) -> None:
        for run_id in wanted:
            run = RunEdit.load(tx, run_id)
            run.next_log_seq(1)
            run.save()

    async def touch_often(store: Store, seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(10):
            orders = [dice.sample(ids, 4) for _ in range(4)]
            await asyncio.gather(*(store.write(partial(touch, wanted=each)) for each in orders))

    async with asyncio.timeout(60):
        await asyncio.gather(*(touch_often(store, n) for n, store in enumerate(stores)))
    total = await count(stores[0], select(func.sum(runs.c.last_log_seq)))
    assert total == PROCESSES * 10 * 4 * 4


async def test_a_real_deadlock_is_got_over(stores: list[Store]) -> None:
    """Keys that two keep at once are waited for in no order of ours."""
    met = threading.Barrier(2, timeout=30)
    begun: list[str] = []

    def keep_two(tx: Transaction, first: str, second: str) -> None:
        begun.append(first)
        remember(tx, {first: 1}, unless_there=True)
        if len(begun) <= 2:
            met.wait()
        remember(tx, {second: 1}, unless_there=True)

    async with asyncio.timeout(60):
        await asyncio.gather(
            stores[0].write(partial(keep_two, first="a", second="b")),
            stores[1].write(partial(keep_two, first="b", second="a")),
        )
    assert len(begun) > 2
    assert await count(stores[0], select(func.count()).select_from(memo)) == 2


async def test_one_name_imported_by_all_at_once_is_one_pipeline(stores: list[Store]) -> None:
    definition = definition_from_document(document(["a"]))
    unit = partial(save_definition, definition=definition, replace=False)
    found = await asyncio.gather(*(store.write(unit) for store in stores))
    ids = {each.pipeline_id for each in found}
    assert len(ids) == 1
    assert [each.created for each in found if isinstance(each, Saved)].count(True) == 1


async def test_a_key_that_is_used_by_all_at_once_starts_one_run(stores: list[Store]) -> None:
    made = await saved(stores[0], ["a"], [])

    def start(tx: Transaction, key: Key) -> str:
        if kept := recall(tx, key):
            return str(kept)
        run_id = create_run(tx, new_run(made))
        keep(tx, key, run_id)
        return run_id

    for number in range(10):
        key = Key("me", "startRun", f"k{number}", {"pipeline": "p"})
        found = await asyncio.gather(*(s.write(partial(start, key=key)) for s in stores))
        assert len(set(found)) == 1
    assert await count(stores[0], select(func.count()).select_from(runs)) == 10


@pytest.mark.parametrize("place", ["way", "answer"])
async def test_what_is_lost_at_its_commit_is_done_once(database: Database, place: str) -> None:
    """`answer`: it was committed, and to do it again would start a second run."""
    crossing = Crossing(str(database.where))
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(crossing.address())
        store = await Store.open(address)
        stack.push_async_callback(store.close)
        made = await saved(store, ["a"], [])
        crossing.break_at(place)
        started = [store.write(partial(create_run, new=new_run(made))) for _ in range(3)]
        async with asyncio.timeout(60):
            ids = await asyncio.gather(*started)
        assert crossing.broken == 1
        async with store.snapshot() as snapshot:
            found = {row.id for row in await snapshot.all(select(runs.c.id))}
        assert found == set(ids)
        assert len(found) == 3


async def test_a_transaction_that_is_left_open_keeps_nobody_waiting_for_ever(
    stores: list[Store], database: Database
) -> None:
    """As that of a process that was stopped, or whose network broke."""
    made = await saved(stores[0], ["a"], [])
    run_id = await stores[0].write(partial(create_run, new=new_run(made)))
    stopped = await Server(str(database.where)).connect(idle_seconds=1)
    await stopped.execute("BEGIN")
    await stopped.execute("SELECT 1 FROM runs WHERE id = $1 FOR UPDATE", run_id)
    async with asyncio.timeout(60):
        worker = await register(stores[1])
        claimed = await stores[1].write(partial(claim_blocks, worker_id=worker, most=1))
    assert [block.claim.run_id for block in claimed] == [run_id]
    stopped.terminate()


async def test_text_with_a_nul_is_kept_without_it(stores: list[Store]) -> None:
    await stores[0].write(partial(remember, items={"a\0b": 1}))
    async with stores[0].snapshot() as snapshot:
        assert [row.key for row in await snapshot.all(select(memo.c.key))] == ["a\ufffdb"]
