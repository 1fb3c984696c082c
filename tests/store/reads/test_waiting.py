"""The line before the workers, the crew, and the queue as it is compared."""

import pytest
from sqlalchemy import text

from headrace.domain.waiting import Line
from headrace.store.clock import wall_ms
from headrace.store.database import Snapshot, Store
from headrace.store.reads import queue, waiting
from headrace.store.reads.queue import queue_state, queue_totals
from headrace.store.reads.waiting import line_now
from headrace.store.reads.workers import crew_now
from headrace.store.workers import beat, mark_lost
from tests.databases import SQLITE
from tests.store.reads.world import HOUR_MS, World, document


async def test_an_empty_house_has_an_empty_line(snapshot: Snapshot) -> None:
    assert await line_now(snapshot) == Line(
        front=[], whole=True, workers=0, draining=0, capacity=0, running={}
    )


async def test_the_line_is_in_the_order_of_claims(world: World, snapshot: Snapshot) -> None:
    low = await world.start(document("low", "a b", ""), priority=-1)
    mid = await world.start(document("mid", "a", ""))
    high = await world.start(document("high", "a b c", ""), priority=5)
    worker = await world.worker()
    await world.claim(worker, 2)
    found = await line_now(snapshot)
    assert found.front == [(high, 2), (mid, 0), (low, 0), (low, 1)]
    assert (found.whole, found.workers, found.capacity, found.running) == (True, 1, 9, {high: 2})
    assert found.free == 7


async def test_who_takes_up_nothing_more_does_not_count(world: World, snapshot: Snapshot) -> None:
    await world.start(document("p", "a b c", ""))
    leaving, lost = await world.worker("leaving"), await world.worker("lost")
    await world.claim(leaving)
    await world.claim(lost)
    await world.write(beat, leaving, HOUR_MS, draining=True)
    await world.write(mark_lost, lost)
    found = await line_now(snapshot)
    assert (found.workers, found.draining, found.capacity, found.running) == (0, 1, 0, {})


async def test_the_front_is_cut(world: World, snapshot: Snapshot) -> None:
    names = " ".join(f"b{n}" for n in range(waiting.MOST_LOOKED_AT + 1))
    await world.start(document("wide", names, ""))
    found = await line_now(snapshot)
    assert (len(found.front), found.whole) == (waiting.MOST_LOOKED_AT, False)


async def test_the_state_of_the_queue_adds_up_to_its_totals(
    world: World, snapshot: Snapshot
) -> None:
    retried = document("retried", "a", "")
    retried["blocks"][0]["retry"] = {"max_attempts": 2, "delay_seconds": 3600}
    await world.start(retried)
    worker = await world.worker()
    await world.fail(await world.claim_one(worker))
    await world.start(document("chain", "a b c", "a>b b>c"))
    await world.claim_one(worker)
    await world.start(document("wide", "a b c", ""))
    state = await queue_state(snapshot)
    assert (state.totals, state.beyond) == (await queue_totals(snapshot), None)
    assert [(each.waiting, each.ready, each.running) for each in state.shares] == [
        (1, 0, 0),
        (2, 0, 1),
        (0, 3, 0),
    ]


async def test_what_moves_beyond_the_oldest_runs_changes_the_state(
    world: World, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "WATCHED_RUNS", 1)
    first = await world.start(document("p", "a", ""))
    second = await world.start(document("p", "a b c", "a>b b>c"))
    await world.start(document("p", "a b c", "a>b b>c"))
    states = []
    for moved in (None, second):
        if moved is not None:
            began = wall_ms()
            while wall_ms() == began:
                pass  # the next event is to have a time of its own
            await world.cancel(moved)
            await world.start(document("p", "a b c", "a>b b>c"))
        async with store.snapshot() as snapshot:
            states.append(await queue_state(snapshot))
    before, after = states
    assert [share.run_id for share in after.shares] == [first]
    assert (before.totals, before.shares) == (after.totals, after.shares)
    assert before != after


async def test_the_crew_is_who_lives_and_what_they_hold(world: World, snapshot: Snapshot) -> None:
    run_id = await world.start(document("p", "a b", ""))
    one, two, gone = [await world.worker(name) for name in ("one", "two", "gone")]
    await world.claim(two)
    await world.claim(gone)
    await world.write(mark_lost, gone)
    crew = await crew_now(snapshot)
    assert [worker.id for worker in crew.workers] == [one, two]
    assert crew.held == ((two, run_id, 0, 1),)


@pytest.mark.parametrize("database", [SQLITE], indirect=True)
async def test_all_of_it_is_read_along_partial_indexes(store: Store) -> None:
    """Were a status a parameter, each look would read every block there ever was."""
    async with store.snapshot() as snapshot:
        plans: list[str] = []
        plain = snapshot.all

        async def planned(statement: object, **params: object) -> object:
            compiled = statement.compile(compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined] # a SELECT
            explained = text(f"EXPLAIN QUERY PLAN {compiled}".replace(":", "\\:"))
            rows = await plain(explained.columns())  # type: ignore[arg-type] # a plan
            plans.extend(str([*row][3]) for row in rows)
            return await plain(statement, **params)  # type: ignore[arg-type] # what was asked

        snapshot.all = planned  # type: ignore[method-assign, assignment] # a spy on this snapshot
        for read in (line_now, queue_totals, crew_now):
            await read(snapshot)
    scans = [plan for plan in plans if "block_runs" in plan]
    assert len(scans) == 8
    assert all("ix_block_runs_" in plan for plan in scans), scans
