"""The queue in all and by run, and the lists of workers."""

import pytest
from sqlalchemy import text

from headrace.store.database import Snapshot, Store
from headrace.store.reads.keyset import Window
from headrace.store.reads.queue import queue_totals, share_page
from headrace.store.reads.workers import living_workers, worker_page, workers_by_id
from headrace.store.workers import mark_lost, stop
from tests.databases import SQLITE
from tests.store.reads.world import World, document

ALL = Window(limit=200)


async def test_an_empty_queue_says_so(snapshot: Snapshot) -> None:
    found = await queue_totals(snapshot)
    assert (found.waiting, found.ready, found.running) == (0, 0, 0)
    assert found.oldest_ready_at is None
    assert (await share_page(snapshot, ALL, None)).items == []


async def test_blocks_count_by_what_they_wait_for(world: World, snapshot: Snapshot) -> None:
    retried = document("retried", "a", "")
    retried["blocks"][0]["retry"] = {"max_attempts": 2, "delay_seconds": 3600}
    first = await world.start(retried)
    worker = await world.worker()
    await world.fail(await world.claim_one(worker))
    second = await world.start(document("chain", "a b c", "a>b b>c"))
    await world.claim_one(worker)
    third = await world.start(document("wide", "a b c", ""))
    over = await world.start(document("over", "a", ""))
    await world.cancel(over)

    found = await queue_totals(snapshot)
    assert (found.waiting, found.ready, found.running) == (3, 3, 1)
    assert found.oldest_ready_at is not None
    shares = (await share_page(snapshot, ALL, None)).items
    assert [(each.run_id, each.waiting, each.ready, each.running) for each in shares] == [
        (first, 1, 0, 0),
        (second, 2, 0, 1),
        (third, 0, 3, 0),
    ]
    page = await share_page(snapshot, Window(limit=1, after=first), None)
    assert ([each.run_id for each in page.items], page.has_next) == ([second], True)
    assert [each.run_id for each in (await share_page(snapshot, ALL, third)).items] == [third]
    assert (await share_page(snapshot, ALL, over)).items == []


@pytest.mark.parametrize("database", [SQLITE], indirect=True)
async def test_the_queue_is_counted_along_partial_indexes(store: Store) -> None:
    """Were a status a parameter, each look at the queue would read every block there ever was."""
    async with store.snapshot() as snapshot:
        plans: list[str] = []
        plain = snapshot.all

        async def planned(statement: object, **params: object) -> object:
            sql = str(statement)
            rows = await plain(text(f"EXPLAIN QUERY PLAN {sql}").columns())  # type: ignore[arg-type] # a plan
            plans.extend(str([*row][3]) for row in rows)
            return await plain(statement, **params)  # type: ignore[arg-type] # what was asked

        snapshot.all = planned  # type: ignore[method-assign, assignment] # a spy on this snapshot
        await queue_totals(snapshot)
    scans = [plan for plan in plans if "block_runs" in plan]
    assert len(scans) == 5
    assert all("ix_block_runs_" in plan for plan in scans)


async def test_workers_are_alive_gone_or_both(world: World, snapshot: Snapshot) -> None:
    first, second, third = [await world.worker(name) for name in ("one", "two", "three")]
    await world.write(mark_lost, first)
    await world.write(stop, second)

    async def names(alive: bool | None) -> list[str]:
        return [row.name for row in (await worker_page(snapshot, ALL, alive)).items]

    assert await names(True) == ["three"]
    assert await names(False) == ["one", "two"]
    assert await names(None) == ["one", "two", "three"]
    assert (await living_workers(snapshot)).value == 1
    assert (await workers_by_id(snapshot, [third, "wk_nobody"])).keys() == {third}
