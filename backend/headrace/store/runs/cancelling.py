"""Runs are cancelled by request: what does not run at once, what runs by whoever runs it."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select, update

from headrace.domain.lifecycle import BLOCK_ACTIVE, RUN_TERMINAL, BlockStatus, RunStatus
from headrace.store.block_ends import Ended, end_blocks
from headrace.store.run_edit import RunEdit
from headrace.store.statements import Row, Statement, one_of
from headrace.store.tables import block_runs
from headrace.store.transaction import Transaction

_ACTIVE_BLOCKS = Statement(
    select(block_runs.c.position, block_runs.c.name, block_runs.c.status, block_runs.c.attempt)
    .where(block_runs.c.run_id == bindparam("the_run"))
    .where(one_of(block_runs.c.status, BLOCK_ACTIVE))
)
_CANCEL_BLOCK = Statement(
    update(block_runs)
    .where(block_runs.c.run_id == bindparam("the_run"))
    .where(block_runs.c.position == bindparam("the_position"))
    .values(
        status=BlockStatus.CANCELLED.value,
        status_reason=bindparam("status_reason"),
        finished_at=bindparam("finished_at"),
    )
)


def cancel_run(tx: Transaction, run_id: str, reason: str | None) -> bool:
    """Asks for cancellation: what does not run is cancelled now, what runs is told to stop.

    False when the run is over already; asking again while it is CANCELLING changes nothing.
    Raises RunGone when there is no such run.
    """
    run = RunEdit.load(tx, run_id)
    if run.status in RUN_TERMINAL:
        return False
    if run.status is RunStatus.CANCELLING:
        return True
    run.ask_cancel(reason)
    rows = tx.rows(_ACTIVE_BLOCKS, {"the_run": run_id})
    idle = [row for row in rows if row.status != BlockStatus.RUNNING]
    why = "the run was cancelled"
    end_blocks(run, cancel_blocks(run, idle, why))
    run.save()
    if len(idle) < len(rows):
        tx.hints.cancelled.add(run_id)
    return True


def cancel_blocks(run: RunEdit, rows: Iterable[Row], why: str) -> list[Ended]:
    """Marks blocks that do not run as CANCELLED; hand what it gives to `end_blocks`.

    Each row has position, name and attempt.
    """
    found = list(rows)
    key = {"the_run": run.run_id, "status_reason": why, "finished_at": run.tx.now}
    run.tx.change_many(_CANCEL_BLOCK, ({**key, "the_position": row.position} for row in found))
    return [
        Ended(
            position=row.position,
            name=row.name,
            status=BlockStatus.CANCELLED,
            attempt=row.attempt,
            message=f"{row.name} was cancelled: {why}",
        )
        for row in found
    ]
