"""Blocks of runs, their attempts, and what they add up to."""

import pytest

from headrace.domain.lifecycle import BlockStatus
from headrace.store.attempts import lose
from headrace.store.database import Snapshot
from headrace.store.reads.blocks import (
    attempts_of_blocks,
    blocks_by_key,
    blocks_held_by,
    blocks_of_runs,
    progress_of_runs,
)
from headrace.store.reads.definitions import definitions_of
from headrace.store.reads.runs import runs_by_id
from tests.store.reads.world import World, data_set, document

DIAMOND = document("diamond", "a b c d", "a>b a>c b>d c>d")


async def test_blocks_come_in_definition_order_for_each_run(
    world: World, snapshot: Snapshot
) -> None:
    runs = [await world.start(DIAMOND), await world.start(document("one", "x", ""))]
    found = await blocks_of_runs(snapshot, runs)
    assert [block.name for block in found[runs[0]]] == ["a", "b", "c", "d"]
    assert [block.name for block in found[runs[1]]] == ["x"]
    keys = [(runs[0], 2), (runs[1], 0), (runs[1], 7)]
    assert [block.name for block in (await blocks_by_key(snapshot, keys)).values()] == ["c", "x"]


async def test_a_worker_holds_the_blocks_that_it_runs(world: World, snapshot: Snapshot) -> None:
    run = await world.start(DIAMOND)
    worker, other = await world.worker(), await world.worker()
    await world.succeed(await world.claim_one(worker))
    await world.claim(worker, 2)
    held = await blocks_held_by(snapshot, [worker, other])
    assert [(block.run_id, block.name) for block in held[worker]] == [(run, "b"), (run, "c")]
    assert not held.get(other)


async def test_attempts_are_listed_in_the_order_they_ended(
    world: World, snapshot: Snapshot
) -> None:
    retried = document("retried", "a", "")
    retried["blocks"][0]["retry"] = {"max_attempts": 3, "delay_seconds": 0}
    run = await world.start(retried)
    worker = await world.worker()
    await world.write(lose, (await world.claim_one(worker)).claim, most_losses=3)
    await world.fail(await world.claim_one(worker))
    found = await attempts_of_blocks(snapshot, [(run, 0)])
    assert [(each.number, each.status) for each in found[run, 0]] == [
        (1, "WORKER_LOST"),
        (2, "FAILED"),
    ]


async def test_progress_is_the_mean_over_blocks(world: World, snapshot: Snapshot) -> None:
    run = await world.start(DIAMOND)
    worker = await world.worker()
    await world.succeed(await world.claim_one(worker), data_set(rows=8))
    b, c = await world.claim(worker, 2)
    await world.progress(b, 3, 4)
    await world.progress(c, 7, None)
    found = (await progress_of_runs(snapshot, [run]))[run]
    assert found.fraction == pytest.approx((1 + 0.75) / 4)
    assert (found.blocks_done, found.blocks_total) == (1, 4)
    assert (found.rows_done, found.rows_total) == (18, None)
    assert found.by_status == (
        (BlockStatus.WAITING, 1),
        (BlockStatus.RUNNING, 2),
        (BlockStatus.SUCCEEDED, 1),
    )


async def test_more_rows_than_promised_are_no_more_than_all(
    world: World, snapshot: Snapshot
) -> None:
    run = await world.start(document("one", "x", ""))
    block = await world.claim_one(await world.worker())
    await world.progress(block, 9, 4)
    found = (await progress_of_runs(snapshot, [run]))[run]
    assert (found.fraction, found.rows_total) == (1.0, 4)


async def test_progress_ends_at_one_whatever_the_blocks_came_to(
    world: World, snapshot: Snapshot
) -> None:
    run = await world.start(DIAMOND)
    worker = await world.worker()
    await world.fail(await world.claim_one(worker))
    found = (await progress_of_runs(snapshot, [run]))[run]
    assert (found.fraction, found.blocks_done, found.rows_total) == (1.0, 4, 0)


async def test_definitions_are_read_once(world: World, snapshot: Snapshot) -> None:
    run = await world.start(DIAMOND)
    version = (await runs_by_id(snapshot, [run]))[run].version_id
    before = snapshot.statements
    for _ in range(3):
        found = await definitions_of(snapshot, [version, "pv_nobody"])
        assert [block.name for block in found[version].blocks] == ["a", "b", "c", "d"]
        assert "pv_nobody" not in found
    asked_for_the_absent_one = 3
    assert snapshot.statements - before == asked_for_the_absent_one
