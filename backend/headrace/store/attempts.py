"""How an attempt ends: succeeded, failed (retried or not), cancelled, released, lost.

Each function is one unit of work: the fenced change of the block, the record of the attempt, the
events, and what follows for the run. Each raises ClaimLost, having changed nothing, when the claim
is not the current one.
"""

from collections.abc import Sequence

from headrace.domain.amounts import amount
from headrace.domain.definition import RetryPolicy
from headrace.domain.events import PERMANENT, ErrorKind, RunError, RunEventKind
from headrace.domain.lifecycle import AttemptStatus, BlockStatus, RunStatus
from headrace.store.artifacts import NewArtifact, insert_artifact
from headrace.store.attempt_edit import AttemptEdit
from headrace.store.claims import Claim
from headrace.store.logs import NewLine, insert_lines
from headrace.store.plans import plans
from headrace.store.transaction import Transaction


def succeed(
    tx: Transaction,
    claim: Claim,
    *,
    rows: int | None,
    output: NewArtifact | None,
    lines: Sequence[NewLine] = (),
    progress: tuple[int, int | None] | None = None,
) -> None:
    """RUNNING → SUCCEEDED, with the block's data set (`output`) and what is left of what it said.

    `progress` is (rows done, total), for a block without a data set.
    """
    edit = _open(tx, claim, lines)
    output_id = None
    if output is not None:
        output_id = insert_artifact(edit, output)
        rows = output.rows if rows is None else rows
    told, total = progress or (edit.held.rows_done, edit.held.rows_total)
    done = told if rows is None else rows
    edit.leave(
        BlockStatus.SUCCEEDED,
        AttemptStatus.SUCCEEDED,
        output_id=output_id,
        rows_done=done,
        rows_total=done or total,
    )
    said = "" if rows is None else f" with {amount(rows, 'row')}"
    edit.finish(BlockStatus.SUCCEEDED, f"{edit.name} succeeded{said}")


def fail(
    tx: Transaction,
    claim: Claim,
    error: RunError,
    *,
    jitter: float,
    lines: Sequence[NewLine] = (),
) -> None:
    """RUNNING → RETRYING while its retry policy allows, else FAILED.

    `jitter` in [0, 1) spreads the delay. A block of a cancelling run is not tried again.
    """
    edit = _open(tx, claim, lines)
    failures = edit.held.failures + 1
    timed_out = error.kind == ErrorKind.TIMED_OUT
    ended_as = AttemptStatus.TIMED_OUT if timed_out else AttemptStatus.FAILED
    policy = plans.get(tx, edit.run.version_id).block(claim.position).retry
    if edit.run.status is not RunStatus.RUNNING or not _may_retry(policy, failures, error):
        edit.leave(BlockStatus.FAILED, ended_as, error, failures=failures)
        edit.finish(BlockStatus.FAILED, f"{edit.name} failed: {error.message}", error)
        return
    delay = policy.delay_after(failures, jitter)
    edit.leave(
        BlockStatus.RETRYING,
        ended_as,
        error,
        failures=failures,
        retry_at=tx.now + round(delay * 1000),
    )
    message = f"{edit.name} failed and is tried again in {delay:.1f} s: {error.message}"
    edit.run.block_event(
        BlockStatus.RETRYING, message, block=edit.name, attempt=edit.attempt, error=error
    )
    edit.run.save()
    tx.hints.retry = True


def cancelled(tx: Transaction, claim: Claim, lines: Sequence[NewLine] = ()) -> None:
    """RUNNING → CANCELLED: the block of a cancelling run stopped."""
    _cancel(_open(tx, claim, lines), "the run was cancelled")


def revoke_cancelled(tx: Transaction, claim: Claim) -> None:
    """RUNNING → CANCELLED by a sweep: the claim is taken from a worker that did not stop in
    time.
    """
    _cancel(_open(tx, claim), "its worker did not stop it in time", revoke=True)
    tx.hints.cancelled.add(claim.run_id)


def revoke_failed(tx: Transaction, claim: Claim, error: RunError) -> None:
    """RUNNING → FAILED by a sweep (its run is past the timeout); its worker is fenced and
    kills it.
    """
    edit = _open(tx, claim)
    failures = edit.held.failures + 1
    edit.leave(
        BlockStatus.FAILED,
        AttemptStatus.TIMED_OUT,
        error,
        failures=failures,
        claim=claim.number + 1,
    )
    edit.finish(BlockStatus.FAILED, f"{edit.name} failed: {error.message}", error)
    tx.hints.cancelled.add(claim.run_id)


def release(tx: Transaction, claim: Claim, lines: Sequence[NewLine] = ()) -> None:
    """RUNNING → READY by a draining worker: the next attempt carries the same number."""
    edit = _open(tx, claim, lines)
    if edit.run.status is RunStatus.CANCELLING:
        _cancel(edit, "the run was cancelled")
        return
    given_back = edit.attempt - 1
    edit.leave(
        BlockStatus.READY,
        AttemptStatus.RELEASED,
        attempt=given_back,
        claim=claim.number + 1,
        rows_done=0,
        rows_total=None,
    )
    edit.run.event(
        RunEventKind.BLOCK_RELEASED,
        f"{edit.name} was given back: its worker is stopping",
        block=edit.name,
        status=BlockStatus.READY.value,
        attempt=given_back,
    )
    edit.run.save()


def lose(tx: Transaction, claim: Claim, *, most_losses: int) -> None:
    """RUNNING → READY (FAILED at one loss too many, CANCELLED in a cancelling run): its worker
    is gone.
    """
    edit = _open(tx, claim)
    edit.run.event(
        RunEventKind.WORKER_LOST,
        f"the worker of {edit.name} was lost",
        block=edit.name,
        attempt=edit.attempt,
        ref=claim.worker_id,
    )
    losses = edit.held.losses + 1
    if edit.run.status is RunStatus.CANCELLING:
        _cancel(edit, "its worker was lost", revoke=True)
        return
    final = losses > most_losses
    words = f"lost its worker {losses} times (MAX_WORKER_LOSSES is {most_losses})"
    error = RunError(
        kind=ErrorKind.WORKER_LOST.value,
        message=words if final else "the worker was lost",
        block=edit.name,
        retryable=not final,
    )
    fence = claim.number + 1
    if final:
        edit.leave(
            BlockStatus.FAILED,
            AttemptStatus.WORKER_LOST,
            error,
            losses=losses,
            claim=fence,
        )
        edit.finish(BlockStatus.FAILED, f"{edit.name} failed: {words}", error)
        return
    edit.leave(
        BlockStatus.READY,
        AttemptStatus.WORKER_LOST,
        error,
        losses=losses,
        claim=fence,
        rows_done=0,
        rows_total=None,
    )
    edit.run.block_event(
        BlockStatus.READY, f"{edit.name} is ready again", block=edit.name, attempt=edit.attempt
    )
    edit.run.save()


def _open(tx: Transaction, claim: Claim, lines: Sequence[NewLine] = ()) -> AttemptEdit:
    edit = AttemptEdit.load(tx, claim)
    insert_lines(edit.run, edit.name, edit.attempt, lines)
    return edit


def _cancel(edit: AttemptEdit, why: str, *, revoke: bool = False) -> None:
    edit.leave(
        BlockStatus.CANCELLED,
        AttemptStatus.CANCELLED,
        status_reason=why,
        claim=edit.claim.number + int(revoke),
    )
    edit.finish(BlockStatus.CANCELLED, f"{edit.name} was cancelled: {why}")


def _may_retry(policy: RetryPolicy, failures: int, error: RunError) -> bool:
    permanent = not error.retryable or error.kind in PERMANENT
    return not permanent and failures < policy.max_attempts
