"""Claims: a worker takes READY blocks, and every later write of it is fenced.

A claim raises `claim` on the block's row, and each later write filters on run, position, claim and
RUNNING. No row means that the lease was lost: ClaimLost, and nothing changed, so a worker that
comes back from the dead does no harm.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, String, bindparam, func, select

from headrace.domain.grants import Grants
from headrace.domain.lifecycle import BlockStatus
from headrace.domain.partitions import Split
from headrace.domain.templates import substitute
from headrace.store.plans import Plan, plans
from headrace.store.run_edit import RunEdit
from headrace.store.statements import Row, Statement
from headrace.store.tables import artifacts, block_runs, inline_data
from headrace.store.taking import Given, take
from headrace.store.transaction import Place, Transaction
from headrace.store.types import Whole

_log = logging.getLogger("headrace.store.claims")

_DATA_SETS = (
    select(
        block_runs.c.run_id,
        block_runs.c.position,
        artifacts.c.uri,
        artifacts.c.rows,
        inline_data.c.data,
    )
    .select_from(block_runs)
    .join(artifacts, artifacts.c.id == block_runs.c.output_id)
    .outerjoin(inline_data, inline_data.c.artifact_id == artifacts.c.id)
)
_OUTPUTS = Statement(
    _DATA_SETS.where(block_runs.c.run_id == bindparam("the_run"))
    .where(block_runs.c.position >= bindparam("low"))
    .where(block_runs.c.position <= bindparam("high"))
)
_SPANS = (
    func.unnest(
        bindparam("run_ids", type_=ARRAY(String)),
        bindparam("lows", type_=ARRAY(Whole)),
        bindparam("highs", type_=ARRAY(Whole)),
    )
    .table_valued("run_id", "low", "high")
    .render_derived("spans")
)
_OUTPUTS_OF_ALL = Statement(  # on a server: one way there and back, however many there are
    _DATA_SETS.where(block_runs.c.run_id == _SPANS.c.run_id)
    .where(block_runs.c.position >= _SPANS.c.low)
    .where(block_runs.c.position <= _SPANS.c.high)
)
_Outputs = dict[Place, Row]


@dataclass(frozen=True)
class Claim:
    """The right to write about one attempt: the fence."""

    run_id: str
    position: int
    number: int
    worker_id: str

    @property
    def place(self) -> Place:
        return self.run_id, self.position

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
    split: Split | None = None
    problem: str | None = None  # why it cannot be run: its worker is to fail it


def claim_blocks(tx: Transaction, worker_id: str, most: int) -> list[ClaimedBlock]:
    """Takes up to `most` READY blocks, the highest priority first, then those ready longest.

    Nothing when the worker's lease was lost.
    """
    taken, given = take(tx, worker_id, most)
    rows = sorted(taken, key=lambda row: (row.ready_at, row.run_id, row.position))
    started = {run_id: RunEdit.load(tx, run_id) for run_id in given}
    for row in rows:
        _start(started[row.run_id], row)
    for run in started.values():
        run.save()
    found = {run_id: _plan(tx, run) for run_id, run in started.items()}
    outputs = _outputs(tx, [span for row in rows for span in _spans(found[row.run_id], row)])
    return [
        _prepared(found[row.run_id], given[row.run_id], row, outputs, worker_id) for row in rows
    ]


def _start(run: RunEdit, row: Row) -> None:
    run.tx.hints.waits.append(run.tx.now - row.ready_at)
    run.start()
    run.block_event(
        BlockStatus.RUNNING,
        f"{row.name} started" + (f" (attempt {row.attempt})" if row.attempt > 1 else ""),
        block=row.name,
        attempt=row.attempt,
    )


def _plan(tx: Transaction, run: RunEdit) -> Plan | None:
    """None where it cannot be read: one such run must not stop the claims of all others."""
    try:
        return plans.get(tx, run.version_id)
    except Exception:
        _log.exception("claims.plan_unread", extra={"run": run.run_id})
        return None


def _prepared(
    plan: Plan | None, given: Given, row: Row, outputs: _Outputs, worker_id: str
) -> ClaimedBlock:
    claim = Claim(row.run_id, row.position, row.claim, worker_id)
    if plan is None:
        return _unprepared(row, claim)
    try:
        return _prepare(plan, given, row, outputs, claim)
    except Exception:
        # Nor must one block that cannot be prepared.
        _log.exception("claims.unprepared", extra={"run": row.run_id, "block": row.name})
        return _unprepared(row, claim)


def _prepare(plan: Plan, given: Given, row: Row, outputs: _Outputs, claim: Claim) -> ClaimedBlock:
    params = json.loads(given.params)
    block = plan.block(row.position)
    return ClaimedBlock(
        claim=claim,
        name=row.name,
        type=block.type,
        attempt=row.attempt,
        config=substitute(dict(block.config), params),
        params=params,
        inputs=tuple(_inputs(plan, row, outputs)),
        timeout_seconds=block.timeout_seconds,
        grants=Grants.from_json(json.loads(given.grants)) if given.grants else None,
        split=block.split,
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


def _inputs(plan: Plan, row: Row, outputs: _Outputs) -> Iterator[DataInput]:
    """The data sets of the upstreams that left one; any other edge only orders."""
    for each in plan.inputs[row.position]:
        if found := outputs.get((row.run_id, each.position)):
            yield DataInput(name=each.name, uri=found.uri, rows=found.rows, data=found.data)


def _outputs(tx: Transaction, spans: Sequence[tuple[str, int, int]]) -> _Outputs:
    rows: list[Row] = []
    if tx.alone:
        for run_id, low, high in spans:
            rows += tx.rows(_OUTPUTS, {"the_run": run_id, "low": low, "high": high})
    elif spans:
        run_ids, lows, highs = zip(*spans, strict=True)
        rows += tx.rows(_OUTPUTS_OF_ALL, {"run_ids": run_ids, "lows": lows, "highs": highs})
    return {(row.run_id, row.position): row for row in rows}


def _spans(plan: Plan | None, row: Row) -> Iterator[tuple[str, int, int]]:
    """Where a block's upstreams stand: runs of neighbours, one read each, and nothing that is not
    asked for is read.
    """
    places = sorted({each.position for each in plan.inputs[row.position]}) if plan else []
    if not places:
        return
    low = high = places[0]
    for place in places[1:]:
        if place > high + 1:
            yield row.run_id, low, high
            low = place
        high = place
    yield row.run_id, low, high
