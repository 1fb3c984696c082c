"""Units of work that share a group: each sees what those before it did, and none the other's
failure.
"""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest
from sqlalchemy import select

from headrace.domain.definition import definition_from_document
from headrace.domain.errors import ClaimLost
from headrace.domain.lifecycle import RunTrigger
from headrace.store import attempt_notes, attempts, workers
from headrace.store.claims import Claim, ClaimedBlock, claim_blocks
from headrace.store.database import Store
from headrace.store.pipelines import Saved, save_definition
from headrace.store.runs import NewRun, create_run
from headrace.store.statements import Row
from headrace.store.tables import block_runs, events, runs
from headrace.store.transaction import Transaction
from tests.databases import Database
from tests.store.holding import held
from tests.store.simulation import document

ROOTS = ["a", "b", "c", "d"]


class Refused(Exception):
    """Raised by a unit on purpose."""


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    opened = await database.open()
    yield opened
    await opened.close()


@pytest.fixture
async def worker(store: Store) -> str:
    new = workers.NewWorker(name="w", host="here", pid=1, version="0", capacity=9, address=None)
    return await store.write(partial(workers.register, new=new, lease_ms=60_000))


@pytest.fixture
async def run_id(store: Store) -> str:
    """Of a run of four roots, and of one that comes after all of them."""
    made = definition_from_document(document([*ROOTS, "z"], [(name, "z") for name in ROOTS]))
    saved = await store.write(partial(save_definition, definition=made, replace=True))
    assert isinstance(saved, Saved)
    new = NewRun(
        pipeline_id=saved.pipeline_id,
        version_id=saved.version_id,
        trigger=RunTrigger.API,
        params={},
        labels={},
    )
    return await store.write(partial(create_run, new=new))


def end(store: Store, claim: Claim) -> "asyncio.Future[None]":
    unit = partial(attempts.succeed, claim=claim, rows=1, output=None)
    return store.write(unit, about=claim.place)


def more(store: Store, worker: str) -> "asyncio.Future[list[ClaimedBlock]]":
    return store.write(partial(claim_blocks, worker_id=worker, most=9), last=True)


async def log_of(store: Store, run_id: str) -> list[tuple[int, str]]:
    query = select(events.c.seq, events.c.kind).where(events.c.run_id == run_id)
    async with store.snapshot() as snapshot:
        return [tuple(row) for row in await snapshot.all(query.order_by(events.c.seq))]


async def test_a_claim_finds_what_the_ends_before_it_made_ready(
    store: Store, worker: str, run_id: str
) -> None:
    first = await more(store, worker)
    with held(store) as waiting:
        following = more(store, worker)  # queued first, done last
        ends = [end(store, block.claim) for block in first]
    await asyncio.gather(waiting, *ends)
    (last,) = await following or await more(store, worker)
    assert last.name == "z"
    await end(store, last.claim)
    log = await log_of(store, run_id)
    assert [seq for seq, _ in log] == list(range(1, len(log) + 1))
    assert [kind for _, kind in log].count("BLOCK_SUCCEEDED") == 5
    assert log[-1][1] == "RUN_SUCCEEDED"
    async with store.snapshot() as snapshot:
        row: Row = await snapshot.first(select(runs).where(runs.c.id == run_id))
        left = await snapshot.all(select(block_runs.c.waiting_on, block_runs.c.status))
    assert (row.status, row.blocks_done, row.last_seq) == ("SUCCEEDED", 5, len(log))
    assert {tuple(each) for each in left} == {(0, "SUCCEEDED")}


async def test_a_claim_is_ended_once_in_a_group(store: Store, worker: str, run_id: str) -> None:
    first, *others = await more(store, worker)
    with held(store) as waiting:
        ends = [end(store, block.claim) for block in [first, first, *others]]
    await waiting
    found = await asyncio.gather(*ends, return_exceptions=True)
    assert [type(each) for each in found].count(ClaimLost) == 1
    kinds = [kind for _, kind in await log_of(store, run_id)]
    assert kinds.count("BLOCK_SUCCEEDED") == len(ROOTS)


async def test_progress_and_the_end_in_one_group_leave_both(
    store: Store, worker: str, run_id: str
) -> None:
    block, *_ = await more(store, worker)
    tell = partial(attempt_notes.set_progress, claim=block.claim, done=7, total=9)
    finish = partial(attempts.succeed, claim=block.claim, rows=None, output=None)
    with held(store) as waiting:
        told = store.write(tell, about=block.claim.place)
        ended = store.write(finish, about=block.claim.place)
    await asyncio.gather(waiting, told, ended)
    async with store.snapshot() as snapshot:
        row: Row = await snapshot.first(select(block_runs).where(block_runs.c.position == 0))
    assert (row.status, row.rows_done, row.rows_total) == ("SUCCEEDED", 7, 7)
    assert row.progress_at is not None


async def test_a_unit_that_wrote_and_failed_leaves_the_ends_of_its_group(
    store: Store, worker: str, run_id: str
) -> None:
    block, bad, *others = await more(store, worker)

    def end_and_fail(tx: Transaction) -> None:
        attempts.succeed(tx, bad.claim, rows=1, output=None)
        raise Refused

    with held(store) as waiting:
        ends = [end(store, block.claim)]
        failed = store.write(end_and_fail, about=bad.claim.place)
        ends += [end(store, each.claim) for each in others]
    await asyncio.gather(waiting, *ends)
    with pytest.raises(Refused):
        await failed
    async with store.snapshot() as snapshot:
        query = select(block_runs.c.status).where(block_runs.c.run_id == run_id)
        found = [row.status for row in await snapshot.all(query.order_by(block_runs.c.position))]
    assert found == ["SUCCEEDED", "RUNNING", "SUCCEEDED", "SUCCEEDED", "WAITING"]
