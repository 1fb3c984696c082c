"""What becomes of partitions whose claim, or whose whole block, is over."""

from sqlalchemy import bindparam, delete, select, update

from headrace.domain.lifecycle import AttemptStatus
from headrace.store.burying import bury
from headrace.store.statements import Statement
from headrace.store.tables import block_partitions, partition_contents
from headrace.store.transaction import Transaction

_P = block_partitions.c
_C = partition_contents.c
_THOSE_LEFT = Statement(
    update(block_partitions)
    .where(_P.run_id == bindparam("the_run"), _P.position == bindparam("the_position"))
    .where(_P.status == AttemptStatus.RUNNING.value)
    .values(status=bindparam("ended_as"), finished_at=bindparam("ended_at"))
)
_KEPT = Statement(
    select(_C.sha256, _C.uri)
    .where(_C.run_id == bindparam("the_run"), _C.position == bindparam("the_position"))
    .distinct()
)
_FORGET = Statement(
    delete(partition_contents).where(
        _C.run_id == bindparam("the_run"), _C.position == bindparam("the_position")
    )
)


def end_those_left(tx: Transaction, run_id: str, position: int, status: AttemptStatus) -> None:
    """RUNNING → `status`, for partitions whose end nobody will tell any more."""
    block = {"the_run": run_id, "the_position": position}
    tx.change(_THOSE_LEFT, {**block, "ended_as": status.value, "ended_at": tx.now})


def free_partitions(tx: Transaction, run_id: str, position: int) -> None:
    """Of a block that is terminal: nothing of it runs, and the bytes may go."""
    block = {"the_run": run_id, "the_position": position}
    end_those_left(tx, run_id, position, AttemptStatus.CANCELLED)
    for row in tx.rows(_KEPT, block):
        bury(tx, row.sha256, row.uri)
    tx.change(_FORGET, block)
