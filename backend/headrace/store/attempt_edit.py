"""A change to one held attempt inside a unit of work: the fenced block row, the attempt's record,
the run.

Invariant: nothing is written unless run, position, claim number and RUNNING all match (the fence).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, null, update

from headrace.domain.errors import ClaimLost
from headrace.domain.events import RunError
from headrace.domain.lifecycle import AttemptStatus, BlockStatus
from headrace.store.block_ends import Ended, end_blocks
from headrace.store.claims import Claim
from headrace.store.run_edit import RunEdit, RunGone, error_json
from headrace.store.statements import Row, Statement
from headrace.store.tables import attempts, block_runs
from headrace.store.transaction import Transaction

_FENCE = (
    block_runs.c.run_id == bindparam("the_run"),
    block_runs.c.position == bindparam("the_position"),
    block_runs.c.claim == bindparam("mine"),
    block_runs.c.status == BlockStatus.RUNNING.value,
)
_LEAVE = Statement(
    update(block_runs)
    .where(*_FENCE)
    .values(
        status=bindparam("status"),
        status_reason=bindparam("status_reason"),
        worker_id=null(),
        finished_at=bindparam("finished_at"),
        retry_at=bindparam("retry_at"),
        ready_at=bindparam("ready_at"),
        error=bindparam("error"),
        output_id=bindparam("output_id"),
        rows_done=bindparam("rows_done"),
        rows_total=bindparam("rows_total"),
        attempt=bindparam("attempt"),
        claim=bindparam("claim"),
        failures=bindparam("failures"),
        losses=bindparam("losses"),
    )
)
_RECORD = Statement(insert(attempts).values({c: bindparam(c.name) for c in attempts.c}))


def held_block(tx: Transaction, claim: Claim) -> Row | None:
    """The block's row, its run being locked; None when the claim is no longer the current one."""
    for row in tx.blocks(claim.run_id, (claim.position,)):
        if row.claim == claim.number and row.status == BlockStatus.RUNNING:
            return row
    return None


@dataclass
class AttemptEdit:
    """One attempt that is held, loaded for its end."""

    tx: Transaction
    claim: Claim
    held: Row
    run: RunEdit

    @classmethod
    def load(cls, tx: Transaction, claim: Claim) -> "AttemptEdit":
        """Raises ClaimLost when the claim is no longer the current one."""
        lost = ClaimLost(f"block {claim.position} of {claim.run_id} is no longer ours")
        try:
            run = RunEdit.load(tx, claim.run_id)
        except RunGone as error:
            raise lost from error
        held = held_block(tx, claim)
        if held is None:
            raise lost
        return cls(tx, claim, held, run)

    @property
    def name(self) -> str:
        return str(self.held.name)

    @property
    def attempt(self) -> int:
        return int(self.held.attempt)

    def leave(
        self,
        status: BlockStatus,
        ended_as: AttemptStatus,
        error: RunError | None = None,
        **changes: Any,
    ) -> None:
        """RUNNING → `status`, and the record of the attempt. `changes` are columns of the block."""
        terminal = status not in {BlockStatus.READY, BlockStatus.RETRYING}
        row = {
            "status": status.value,
            "status_reason": None if error is None else error.message,
            "finished_at": self.tx.now if terminal else None,
            "retry_at": None,
            "ready_at": self.tx.now if status is BlockStatus.READY else self.held.ready_at,
            "error": error_json(error),
            "output_id": None,
            "rows_done": self.held.rows_done,
            "rows_total": self.held.rows_total,
            "attempt": self.attempt,
            "claim": self.claim.number,
            "failures": self.held.failures,
            "losses": self.held.losses,
        }
        self.tx.put(_LEAVE, [{**row, **changes, **self.claim.fence}])
        self._record(ended_as, error)
        if status is BlockStatus.READY:
            self.tx.hints.ready += 1

    def finish(self, status: BlockStatus, message: str, error: RunError | None = None) -> None:
        """The block's terminal event, its successors, the run's end if it was the last; saves."""
        ended = Ended(
            position=self.claim.position,
            name=self.name,
            status=status,
            attempt=self.attempt,
            message=message,
            error=error,
        )
        end_blocks(self.run, [ended])
        self.run.save()

    def _record(self, ended_as: AttemptStatus, error: RunError | None) -> None:
        record = {
            "run_id": self.claim.run_id,
            "position": self.claim.position,
            "claim": self.claim.number,
            "number": self.attempt,
            "status": ended_as.value,
            "started_at": self.held.started_at,
            "finished_at": self.tx.now,
            "worker_id": self.claim.worker_id,
            "error": error_json(error),
        }
        self.tx.append(_RECORD, [record])
