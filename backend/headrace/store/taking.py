"""READY blocks become RUNNING: one guarded UPDATE … RETURNING, and what came back is the truth.

Where others write at the same time, a claim takes blocks of runs that nobody holds. Only if there
are none does it wait for the runs that have some. Where there are more of those it hints to ask
again: else blocks would stay READY that nobody is told of any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Update,
    bindparam,
    exists,
    null,
    select,
    tuple_,
    update,
)

from headrace.domain.lifecycle import BlockStatus, WorkerStatus
from headrace.store.run_rows import RUN_COLUMNS
from headrace.store.statements import Row, Statement, one_of
from headrace.store.tables import block_runs, runs, workers
from headrace.store.transaction import Transaction

_LOOKS: Final = 3
_ORDER: Final = (
    block_runs.c.priority.desc(),
    block_runs.c.ready_at,
    block_runs.c.run_id,
    block_runs.c.position,
)
_READY: Final = one_of(block_runs.c.status, (BlockStatus.READY,))  # in the text: CTEs keep theirs
_KEY: Final = tuple_(block_runs.c.run_id, block_runs.c.position)
# A worker that comes back from the dead must not claim in the name of its lost lease.
_LIVES: Final = (
    exists()
    .where(workers.c.id == bindparam("worker"))
    .where(one_of(workers.c.status, (WorkerStatus.ACTIVE, WorkerStatus.DRAINING)))
)


def _taking(front: ColumnElement[bool]) -> Update:
    return (
        update(block_runs)
        .where(front)
        .where(_READY)
        .where(_LIVES)
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
    )


_TAKEN: Final = (
    block_runs.c.run_id,
    block_runs.c.position,
    block_runs.c.name,
    block_runs.c.claim,
    block_runs.c.attempt,
    block_runs.c.failures,
    block_runs.c.ready_at,
)
_FRONT: Select[Any] = (
    select(block_runs.c.run_id, block_runs.c.position)
    .where(_READY)
    .order_by(*_ORDER)
    .limit(bindparam("most"))
)
_GIVEN: Final = (runs.c.params, runs.c.grants)
_RUN_GIVEN = Statement(select(*_GIVEN).where(runs.c.id == bindparam("the_run")))
# The run's row first: who holds it may write its blocks, and nobody else.
_FREE = (
    select(block_runs.c.position, *RUN_COLUMNS, *_GIVEN)
    .select_from(runs.join(block_runs, block_runs.c.run_id == runs.c.id))
    .where(_READY)
    .order_by(*_ORDER)
    .limit(bindparam("most"))
    .with_for_update(of=[runs, block_runs], skip_locked=True, key_share=True)
    .cte("free")
)
_TAKE = Statement(_taking(_KEY.in_(_FRONT)).returning(*_TAKEN))
_IS_FREE = (block_runs.c.run_id == _FREE.c.id) & (block_runs.c.position == _FREE.c.position)
_TAKE_FREE = Statement(
    _taking(_IS_FREE).returning(*_TAKEN, *(each for each in _FREE.c if each.name != "position")),
    blind=[runs.name],  # what changes of a run, `tx.run` knows
)
_LEFT = Statement(_FRONT)


@dataclass(frozen=True)
class Given:
    """What a run was given when it was started, as JSON text."""

    params: str
    grants: str | None


def take(tx: Transaction, worker_id: str, most: int) -> tuple[Sequence[Row], Mapping[str, Given]]:
    """Up to `most` READY blocks, the highest priority first, then those ready longest; and what
    their runs, which are locked, were given.

    Nothing when the worker's lease was lost. Notes in the hints when nothing READY is left.
    """
    given = {"worker": worker_id, "now": tx.now}
    if not tx.alone:
        taken = _take_free(tx, given, most)
        return taken, {row.run_id: Given(row.params, row.grants) for row in taken}
    rows = tx.rows(_TAKE, {**given, "most": most})
    tx.hints.drained = 0 < len(rows) < most
    if not rows:
        return [], {}
    return rows, {run_id: _given(tx, run_id) for run_id in {row.run_id for row in rows}}


def _given(tx: Transaction, run_id: str) -> Given:
    row = tx.first(_RUN_GIVEN, {"the_run": run_id})
    assert row is not None, "blocks have a run"
    return Given(row.params, row.grants)


def _take_free(tx: Transaction, given: Mapping[str, Any], most: int) -> Sequence[Row]:
    taken: list[Row] = []
    for _ in range(_LOOKS):
        rows = tx.rows(_TAKE_FREE, {**given, "most": most - len(taken)})
        tx.locked_rows(rows)
        taken += rows
        if len(taken) == most:
            break
        left = tx.rows(_LEFT, {"most": most - len(taken)})
        tx.hints.drained = bool(taken) and not left
        tx.hints.again = bool(taken and left)
        if taken or not left:
            break
        tx.lock_runs(row.run_id for row in left)
    return taken
