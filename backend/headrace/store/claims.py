"""Claims: a worker takes READY blocks, and every later write of it is fenced.

A claim is one guarded UPDATE … RETURNING; it raises `claim` on the block's row, and each later
write filters on run, position, claim and RUNNING. No row means that the lease was lost: ClaimLost,
and nothing changed, so a worker that comes back from the dead does no harm. What came back is the
only truth.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, null, select, tuple_, update

from headrace.domain.grants import Grants
from headrace.domain.lifecycle import BlockStatus, WorkerStatus
from headrace.domain.templates import substitute
from headrace.store.plans import Plan, plans
from headrace.store.run_edit import RunEdit
from headrace.store.statements import Row, Statement, one_of
from headrace.store.tables import artifacts, block_runs, inline_data, runs, workers
from headrace.store.transaction import Transaction

_log = logging.getLogger("headrace.store.claims")

_QUEUE = (
    select(block_runs.c.run_id, block_runs.c.position)
    .where(block_runs.c.status == BlockStatus.READY.value)
    .order_by(
        block_runs.c.priority.desc(),
        block_runs.c.ready_at,
        block_runs.c.run_id,
        block_runs.c.position,
    )
    .limit(bindparam("most"))
)
_CLAIM = Statement(
    update(block_runs)
    .where(tuple_(block_runs.c.run_id, block_runs.c.position).in_(_QUEUE))
    .where(block_runs.c.status == BlockStatus.READY.value)
    # A worker that comes back from the dead must not claim in the name of its lost lease.
    .where(
        exists()
        .where(workers.c.id == bindparam("worker"))
        .where(one_of(workers.c.status, (WorkerStatus.ACTIVE, WorkerStatus.DRAINING)))
    )
    .values(
        status=BlockStatus.RUNNING.value,
        status_reason=null(),
        claim=block_runs.c.claim + 1,
        attempt=block_runs.c.attempt + 1,
        worker_id=bindparam("worker"),
        started_at=bindparam("now"),
        rows_done=0,
        rows_total=null(),
        progress_at=null(),
    )
    .returning(
        block_runs.c.run_id,
        block_runs.c.position,
        block_runs.c.name,
        block_runs.c.claim,
        block_runs.c.attempt,
        block_runs.c.failures,
        block_runs.c.ready_at,
    )
)
_RUN = Statement(select(runs.c.params, runs.c.grants).where(runs.c.id == bindparam("the_run")))
_OUTPUTS = Statement(
    select(block_runs.c.position, artifacts.c.uri, artifacts.c.rows, inline_data.c.data)
    .select_from(block_runs)
    .join(artifacts, artifacts.c.id == block_runs.c.output_id)
    .outerjoin(inline_data, inline_data.c.artifact_id == artifacts.c.id)
    .where(block_runs.c.run_id == bindparam("the_run"))
    .where(block_runs.c.position >= bindparam("low"))
    .where(block_runs.c.position <= bindparam("high"))
)


@dataclass(frozen=True)
class Claim:
    """The right to write about one attempt: the fence."""

    run_id: str
    position: int
    number: int
    worker_id: str

    @property
    def fence(self) -> dict[str, Any]:
        return {"the_run": self.run_id, "the_position": self.position, "mine": self.number}


@dataclass(frozen=True, kw_only=True)
class DataInput:
    """An upstream data set: in the store (`data`) or a file (`uri`)."""

    name: str
    uri: str
    rows: int | None
    data: bytes | None


@dataclass(frozen=True, kw_only=True)
class ClaimedBlock:
    """Everything that one attempt needs. `config` has the run's params in its placeholders."""

    claim: Claim
    name: str
    type: str
    attempt: int
    config: dict[str, Any]
    params: dict[str, Any]
    inputs: tuple[DataInput, ...]
    timeout_seconds: float | None
    grants: Grants | None
    problem: str | None = None  # why it cannot be run: its worker is to fail it


def claim_blocks(tx: Transaction, worker_id: str, most: int) -> list[ClaimedBlock]:
    """Takes up to `most` READY blocks, the highest priority first, then those ready longest.

    Nothing when the worker's lease was lost.
    """
    rows = tx.rows(_CLAIM, {"worker": worker_id, "most": most, "now": tx.now})
    # Fewer than asked for: nothing is READY any more, whatever units before this one said.
    tx.hints.drained = 0 < len(rows) < most
    rows = sorted(rows, key=lambda row: (row.ready_at, row.run_id, row.position))
    return [_start(tx, worker_id, row) for row in rows]


def _start(tx: Transaction, worker_id: str, row: Row) -> ClaimedBlock:
    tx.hints.waits.append(tx.now - row.ready_at)
    run = RunEdit.load(tx, row.run_id)
    run.start()
    run.block_event(
        BlockStatus.RUNNING,
        f"{row.name} started" + (f" (attempt {row.attempt})" if row.attempt > 1 else ""),
        block=row.name,
        attempt=row.attempt,
    )
    run.save()
    claim = Claim(row.run_id, row.position, row.claim, worker_id)
    try:
        return _prepare(tx, run.version_id, row, claim)
    except Exception:
        # One block that cannot be prepared must not stop the claims of all others.
        _log.exception("claims.unprepared", extra={"run": row.run_id, "block": row.name})
        return _unprepared(row, claim)


def _prepare(tx: Transaction, version_id: str, row: Row, claim: Claim) -> ClaimedBlock:
    plan = plans.get(tx, version_id)
    found = tx.first(_RUN, {"the_run": row.run_id})
    assert found is not None
    params = json.loads(found.params)
    block = plan.block(row.position)
    return ClaimedBlock(
        claim=claim,
        name=row.name,
        type=block.type,
        attempt=row.attempt,
        config=substitute(dict(block.config), params),
        params=params,
        inputs=tuple(_inputs(tx, row.run_id, plan, row.position)),
        timeout_seconds=block.timeout_seconds,
        grants=Grants.from_json(json.loads(found.grants)) if found.grants else None,
    )


def _unprepared(row: Row, claim: Claim) -> ClaimedBlock:
    return ClaimedBlock(
        claim=claim,
        name=row.name,
        type="",
        attempt=row.attempt,
        config={},
        params={},
        inputs=(),
        timeout_seconds=None,
        grants=None,
        problem="Headrace could not prepare this block; its log says why",
    )


def _inputs(tx: Transaction, run_id: str, plan: Plan, position: int) -> Iterator[DataInput]:
    """The data sets of the upstreams that left one; any other edge only orders."""
    wanted = plan.inputs[position]
    if not wanted:
        return
    found: dict[int, Row] = {}
    for low, high in _spans(sorted({each.position for each in wanted})):
        span = {"the_run": run_id, "low": low, "high": high}
        found.update((row.position, row) for row in tx.rows(_OUTPUTS, span))
    for each in wanted:
        if row := found.get(each.position):
            yield DataInput(name=each.name, uri=row.uri, rows=row.rows, data=row.data)


def _spans(places: list[int]) -> Iterator[tuple[int, int]]:
    """Runs of neighbours: one read each, and nothing that is not asked for is read."""
    low = high = places[0]
    for place in places[1:]:
        if place > high + 1:
            yield low, high
            low = place
        high = place
    yield low, high
