"""What happens when a block becomes terminal: it is counted, its successors move, the run may end.

Completion drives scheduling: all of it is the same transaction as the block's own last transition,
and nobody ever re-reads the whole graph. Skips cascade without recursion.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, update

from headrace.domain.events import RunError
from headrace.domain.lifecycle import BlockStatus, TriggerRule
from headrace.domain.readiness import Decision, Upstreams, Verdict, counts_as, decide
from headrace.store.partition_ends import free_partitions
from headrace.store.plans import plans
from headrace.store.run_edit import RunEdit
from headrace.store.statements import Row, Statement
from headrace.store.tables import block_runs

_MOVE = Statement(
    update(block_runs)
    .where(block_runs.c.run_id == bindparam("the_run"))
    .where(block_runs.c.position == bindparam("the_position"))
    .values(
        status=bindparam("status"),
        status_reason=bindparam("status_reason"),
        waiting_on=bindparam("waiting_on"),
        upstreams_succeeded=bindparam("upstreams_succeeded"),
        upstreams_failed=bindparam("upstreams_failed"),
        skipped_by_failure=bindparam("skipped_by_failure"),
        ready_at=bindparam("ready_at"),
        finished_at=bindparam("finished_at"),
    )
)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A block that just became terminal; its row says so already, its event is not yet written."""

    position: int
    name: str
    status: BlockStatus
    attempt: int
    message: str
    error: RunError | None = None
    skipped_by_failure: bool = False


def end_blocks(run: RunEdit, ended: Iterable[Ended]) -> None:
    """Writes the events of blocks that became terminal, moves their successors, settles the run."""
    queue = deque(ended)
    while queue:
        block = queue.popleft()
        run.block_event(
            block.status, block.message, block=block.name, attempt=block.attempt, error=block.error
        )
        run.block_done(failed=block.status is BlockStatus.FAILED, error=block.error)
        if plans.get(run.tx, run.version_id).block(block.position).split is not None:
            free_partitions(run.tx, run.run_id, block.position)
        queue.extend(_advance(run, block))
    run.settle()


def _advance(run: RunEdit, block: Ended) -> list[Ended]:
    """Moves the successors that wait for `block`; those that are skipped now."""
    after = plans.get(run.tx, run.version_id).successors[block.position]
    if not after:
        return []
    rows = run.tx.blocks(run.run_id, frozenset(after))
    found = [row for row in rows if row.status == BlockStatus.WAITING]
    succeeded, failed = counts_as(block.status, skipped_by_failure=block.skipped_by_failure)
    changes: list[dict[str, Any]] = []
    skipped: list[Ended] = []
    for row in found:
        ups = Upstreams(
            total=row.upstreams,
            waiting_on=row.waiting_on - 1,
            succeeded=row.upstreams_succeeded + succeeded,
            failed=row.upstreams_failed + failed,
        )
        verdict = decide(TriggerRule(row.rule), ups)
        changes.append(_change(run, row, ups, verdict))
        if verdict.decision is Decision.RUN:
            run.block_event(BlockStatus.READY, f"{row.name} is ready", block=row.name, attempt=0)
            run.tx.hints.ready += 1
        elif verdict.decision is Decision.SKIP:
            skipped.append(_skipped(row, verdict))
    run.tx.put(_MOVE, changes)
    return skipped


_STATUS = {
    Decision.WAIT: BlockStatus.WAITING,
    Decision.RUN: BlockStatus.READY,
    Decision.SKIP: BlockStatus.SKIPPED,
}


def _change(run: RunEdit, row: Row, ups: Upstreams, verdict: Verdict) -> dict[str, Any]:
    return {
        "the_run": run.run_id,
        "the_position": row.position,
        "status": _STATUS[verdict.decision].value,
        "status_reason": verdict.reason or None,
        "waiting_on": ups.waiting_on,
        "upstreams_succeeded": ups.succeeded,
        "upstreams_failed": ups.failed,
        "skipped_by_failure": int(verdict.because_of_failure),
        "ready_at": run.tx.now if verdict.decision is Decision.RUN else None,
        "finished_at": run.tx.now if verdict.decision is Decision.SKIP else None,
    }


def _skipped(row: Row, verdict: Verdict) -> Ended:
    return Ended(
        position=row.position,
        name=row.name,
        status=BlockStatus.SKIPPED,
        attempt=0,
        message=f"{row.name} was skipped: {verdict.reason}",
        skipped_by_failure=verdict.because_of_failure,
    )
