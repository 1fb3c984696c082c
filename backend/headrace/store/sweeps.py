"""What time moves: each function here is one unit of work of the sweep that every process runs.

Only expiry is found here; what follows is the same fenced transition that a worker would make.
`due` is a cheap look without the write lock, so an idle process takes no turns.
"""

from collections.abc import Callable
from functools import partial

from sqlalchemy import BigInteger, Select, bindparam, case, func, literal, null, select, update
from sqlalchemy.sql.elements import ColumnElement

from headrace.domain.cancellation import REVOKE_AFTER_MS
from headrace.domain.errors import ClaimLost
from headrace.domain.events import ErrorKind, RunError
from headrace.domain.lifecycle import (
    RUN_TERMINAL,
    BlockStatus,
    RunStatus,
    WorkerStatus,
)
from headrace.store.attempts import lose, revoke_cancelled, revoke_failed
from headrace.store.block_ends import Ended, end_blocks
from headrace.store.claims import Claim
from headrace.store.run_edit import RunEdit, error_json
from headrace.store.runs import cancel_blocks
from headrace.store.statements import Row, Statement
from headrace.store.tables import block_runs, runs, workers
from headrace.store.transaction import Transaction
from headrace.store.workers import claims_of_the_gone, expired, mark_lost

_B = block_runs.c
_ALIVE = [WorkerStatus.ACTIVE.value, WorkerStatus.DRAINING.value]


def due_query() -> Select[tuple[int, int | None, int]]:
    """SELECT (something is due now, when the next retry is due: wall ms or null, and whether
    something may be due any moment: a run is not over, or another process has a worker).

    Parameters: now, clock, boot, queue_limit (READY before that wall ms is too long; 0 never is),
    address (of this process, or empty).
    """
    clock = bindparam("clock", type_=BigInteger)
    now = bindparam("now", type_=BigInteger)
    lost = (
        select(workers.c.id)
        .where(workers.c.status.in_(_ALIVE))
        .where((workers.c.lease_until < clock) | (workers.c.boot_id != bindparam("boot")))
    )
    orphaned = (
        select(_B.run_id)
        .join(workers, workers.c.id == _B.worker_id)
        .where(_B.status == BlockStatus.RUNNING.value)
        .where(workers.c.status.not_in(_ALIVE))
    )
    overdue_cancel = (
        select(runs.c.id)
        .where(runs.c.status == RunStatus.CANCELLING.value)
        .where(
            (runs.c.cancel_requested_clock + REVOKE_AFTER_MS <= clock)
            | (runs.c.cancel_requested_clock > clock)
        )
    )
    late = (
        select(runs.c.id)
        .where(runs.c.timeout_at.is_not(None))
        .where(runs.c.finished_at.is_(None))
        .where(runs.c.timeout_at <= now)
    )
    waited = (
        select(_B.run_id)
        .where(_B.status == BlockStatus.READY.value)
        .where(_B.ready_at <= bindparam("queue_limit"))
    )
    retry = (
        select(func.min(_B.retry_at)).where(_B.status == BlockStatus.RETRYING.value)
    ).scalar_subquery()
    found: ColumnElement[bool] = (
        lost.exists()
        | orphaned.exists()
        | overdue_cancel.exists()
        | late.exists()
        | waited.exists()
    )
    neighbours = (
        select(workers.c.id)
        .where(workers.c.status.in_(_ALIVE))
        .where(workers.c.address.is_(None) | (workers.c.address != bindparam("address")))
    )
    # A run that is not over has such a block; each of these states has an index of its own.
    stirring: ColumnElement[bool] = neighbours.exists()
    for status in (BlockStatus.RUNNING, BlockStatus.READY, BlockStatus.WAITING):
        stirring |= select(_B.run_id).where(_B.status == status.value).exists()
    return select(
        case((found | (retry <= now), literal(1)), else_=literal(0)),
        retry,
        case((stirring | retry.is_not(None), literal(1)), else_=literal(0)),
    )


_RETRIES = Statement(
    select(_B.run_id, _B.position, _B.name, _B.attempt)
    .where(_B.status == BlockStatus.RETRYING.value)
    .where(_B.retry_at <= bindparam("now"))
    .order_by(_B.retry_at)
    .limit(bindparam("most"))
)
_RETRY = Statement(
    update(block_runs)
    .where(_B.run_id == bindparam("the_run"))
    .where(_B.position == bindparam("the_position"))
    .where(_B.status == BlockStatus.RETRYING.value)
    .values(status=BlockStatus.READY.value, ready_at=bindparam("ready_at"), retry_at=null())
)
_OVERDUE_CANCELS = Statement(
    select(_B.run_id, _B.position, _B.claim, _B.worker_id)
    .join(runs, runs.c.id == _B.run_id)
    .where(runs.c.status == RunStatus.CANCELLING.value)
    .where(
        (runs.c.cancel_requested_clock + REVOKE_AFTER_MS <= bindparam("clock"))
        | (runs.c.cancel_requested_clock > bindparam("clock"))
    )
    .where(_B.status == BlockStatus.RUNNING.value)
    .order_by(_B.run_id, _B.position)
)
_LATE_RUNS = Statement(
    select(runs.c.id)
    .where(runs.c.timeout_at.is_not(None))
    .where(runs.c.finished_at.is_(None))
    .where(runs.c.timeout_at <= bindparam("now"))
    .order_by(runs.c.timeout_at)
)
_OPEN_BLOCKS = Statement(
    select(_B.position, _B.name, _B.status, _B.claim, _B.worker_id, _B.attempt)
    .where(_B.run_id == bindparam("the_run"))
    .where(_B.finished_at.is_(None))
    .order_by(_B.position)
)
_WAITED = Statement(
    select(_B.run_id, _B.position, _B.name, _B.attempt)
    .where(_B.status == BlockStatus.READY.value)
    .where(_B.ready_at <= bindparam("queue_limit"))
    .order_by(_B.priority.desc(), _B.ready_at, _B.run_id, _B.position)
    .limit(bindparam("most"))
)
_FAIL_IDLE = Statement(
    update(block_runs)
    .where(_B.run_id == bindparam("the_run"))
    .where(_B.position == bindparam("the_position"))
    .values(
        status=BlockStatus.FAILED.value,
        status_reason=bindparam("status_reason"),
        error=bindparam("error"),
        finished_at=bindparam("finished_at"),
    )
)


def make_retries_ready(tx: Transaction, most: int = 200) -> int:
    """RETRYING → READY for the blocks whose time has come; how many."""
    rows = tx.rows(_RETRIES, {"now": tx.now, "most": most})
    tx.lock_runs(row.run_id for row in rows)
    for row in rows:
        key = {"the_run": row.run_id, "the_position": row.position}
        if not tx.change(_RETRY, {**key, "ready_at": tx.now}):
            continue  # it was cancelled, or deleted, before its run was locked
        run = RunEdit.load(tx, row.run_id)
        run.block_event(
            BlockStatus.READY, f"{row.name} is ready again", block=row.name, attempt=row.attempt
        )
        run.save()
        tx.hints.ready += 1
    return len(rows)


def collect_lost_workers(tx: Transaction, dead: list[str], most_losses: int) -> int:
    """Frees the blocks of workers that are gone (`dead`: known to be, by id); how many blocks."""
    for worker_id in dict.fromkeys([*expired(tx), *dead]):
        mark_lost(tx, worker_id)
    claims = claims_of_the_gone(tx)
    return sum(_taken(partial(lose, tx, claim, most_losses=most_losses)) for claim in claims)


def revoke_overdue_cancellations(tx: Transaction) -> int:
    """Takes the claims of blocks that should have stopped by now; how many."""
    rows = tx.rows(_OVERDUE_CANCELS, {"clock": tx.clock})
    claims = [Claim(row.run_id, row.position, row.claim, row.worker_id) for row in rows]
    return sum(_taken(partial(revoke_cancelled, tx, claim)) for claim in claims)


def end_late_runs(tx: Transaction) -> int:
    """Fails the runs that are past their timeout; how many."""
    rows = tx.rows(_LATE_RUNS, {"now": tx.now})
    tx.lock_runs(row.id for row in rows)
    for row in rows:
        _end_late_run(tx, row.id)
    return len(rows)


def fail_stale_blocks(tx: Transaction, queue_limit: int, seconds: float, most: int = 200) -> int:
    """READY → FAILED for blocks that no worker took since `queue_limit` (wall ms); how many."""
    limits = {"queue_limit": queue_limit, "most": most}
    held = {row.run_id for row in tx.rows(_WAITED, limits)}
    tx.lock_runs(held)
    # What is still READY now that nobody can take it.
    rows = [row for row in tx.rows(_WAITED, limits) if row.run_id in held]
    for row in rows:
        run = RunEdit.load(tx, row.run_id)
        if run.status in RUN_TERMINAL:
            continue  # another of its blocks waited too long as well, and ended it
        error = RunError(
            kind=ErrorKind.QUEUE_TIMEOUT.value,
            message=f"no worker took it within {seconds:g} s (QUEUE_TIMEOUT_SECONDS)",
            block=row.name,
        )
        queued = run.status is RunStatus.QUEUED
        ended = [_fail_idle(run, row, error)]
        if queued:
            others = tx.rows(_OPEN_BLOCKS, {"the_run": row.run_id})
            ended += cancel_blocks(run, others, f"{row.name} waited too long for a worker")
        end_blocks(run, ended)
        run.save()
    return len(rows)


def _end_late_run(tx: Transaction, run_id: str) -> None:
    error = RunError(kind=ErrorKind.RUN_TIMEOUT.value, message="the run is past its timeout")
    run = RunEdit.load(tx, run_id)
    if run.status is not RunStatus.RUNNING:
        return  # a cancelling run has a deadline of its own
    blocks = tx.rows(_OPEN_BLOCKS, {"the_run": run_id})
    waiting = [row for row in blocks if row.status == BlockStatus.WAITING]
    idle = [row for row in blocks if row.status in {BlockStatus.READY, BlockStatus.RETRYING}]
    running = [row for row in blocks if row.status == BlockStatus.RUNNING]
    # The waiting ones first: the end of another must not make one of them ready.
    ended = cancel_blocks(run, waiting, error.message)
    ended += [_fail_idle(run, row, error) for row in idle]
    end_blocks(run, ended)
    run.save()
    for row in running:
        revoke_failed(tx, Claim(run_id, row.position, row.claim, row.worker_id), error)


def _taken(take: Callable[[], None]) -> bool:
    """Takes a claim from its worker; False where the worker ended the attempt just before."""
    try:
        take()
    except ClaimLost:
        return False
    return True


def _fail_idle(run: RunEdit, row: Row, error: RunError) -> Ended:
    position, name = row.position, row.name
    found = RunError(kind=error.kind, message=error.message, block=name)
    values = {
        "the_run": run.run_id,
        "the_position": position,
        "status_reason": found.message,
        "error": error_json(found),
        "finished_at": run.tx.now,
    }
    run.tx.change(_FAIL_IDLE, values)
    return Ended(
        position=position,
        name=name,
        status=BlockStatus.FAILED,
        attempt=row.attempt,
        message=f"{name} failed: {found.message}",
        error=found,
    )
