"""What is known of a block's partitions: which ran, how each ended, what it left.

Invariants: every write of a running block is fenced as all of its attempt's are (ClaimLost, and
nothing changed); a partition that SUCCEEDED is never run again in its run; once a block is
terminal, none of its partitions is RUNNING and no bytes are kept for them (`partition_ends`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, exists, insert, select, update

from headrace.domain.errors import ClaimLost
from headrace.domain.events import RunError
from headrace.domain.lifecycle import AttemptStatus, BlockStatus
from headrace.store.artifacts import NewArtifact
from headrace.store.claims import Claim
from headrace.store.partition_ends import end_those_left
from headrace.store.run_edit import error_json
from headrace.store.statements import Row, Statement
from headrace.store.tables import block_partitions, block_runs, partition_contents
from headrace.store.transaction import Transaction

_P = block_partitions.c
_C = partition_contents.c
_FENCE = (
    block_runs.c.run_id == bindparam("the_run"),
    block_runs.c.position == bindparam("the_position"),
    block_runs.c.claim == bindparam("mine"),
    block_runs.c.status == BlockStatus.RUNNING.value,
)
_OF_BLOCK = (_P.run_id == bindparam("the_run"), _P.position == bindparam("the_position"))
_BEGIN = Statement(
    update(block_runs)
    .where(*_FENCE)
    .values(
        partitions_total=bindparam("total"),
        partitions_done=bindparam("done"),
        progress_at=bindparam("progress_at"),
    )
)
_COUNT = Statement(
    update(block_runs)
    .where(*_FENCE)
    .values(
        partitions_done=block_runs.c.partitions_done + bindparam("more"),
        progress_at=bindparam("progress_at"),
    )
)
_DONE = Statement(
    select(_P.partition, _P.claim, _P.first_row, _P.end_row, _P.rows)
    .where(*_OF_BLOCK, _P.status == AttemptStatus.SUCCEEDED.value)
    .order_by(_P.partition)
)
_CONTENTS = Statement(
    select(partition_contents)
    .where(_C.run_id == bindparam("the_run"), _C.position == bindparam("the_position"))
    .where(
        exists().where(
            _P.run_id == _C.run_id,
            _P.position == _C.position,
            _P.partition == _C.partition,
            _P.claim == _C.claim,
            _P.status == AttemptStatus.SUCCEEDED.value,
        )
    )
    .order_by(_C.partition, _C.number)
)
_AT_THE_END = {"finished_at", "rows", "error"}
_INSERT = Statement(
    insert(block_partitions).values({c: bindparam(c.name) for c in _P if c.name not in _AT_THE_END})
)
_END = Statement(
    update(block_partitions)
    .where(
        *_OF_BLOCK,
        _P.partition == bindparam("the_partition"),
        _P.claim == bindparam("mine"),
        _P.status == AttemptStatus.RUNNING.value,
    )
    .values(
        status=bindparam("now_is"),
        finished_at=bindparam("finished_at"),
        rows=bindparam("rows"),
        error=bindparam("error"),
    )
)
_KEEP = Statement(insert(partition_contents).values({c: bindparam(c.name) for c in _C}))


@dataclass(frozen=True, kw_only=True)
class DonePartition:
    """A partition that succeeded. `output` is its data set, if it left one."""

    number: int
    span: range
    output: NewArtifact | None
    artifacts: tuple[NewArtifact, ...] = ()


def open_partitions(
    tx: Transaction, claim: Claim, bounds: Sequence[range]
) -> dict[int, DonePartition]:
    """Begins a claim's work on them; those that are done already, by number. Raises ClaimLost."""
    block = _block(claim)
    done = {
        row.partition: row
        for row in tx.rows(_DONE, block)
        # Other bounds: an older Headrace split it otherwise.
        if row.partition <= len(bounds)
        and bounds[row.partition - 1] == range(row.first_row, row.end_row)
    }
    counts = {"total": len(bounds), "done": len(done), "progress_at": tx.now}
    if not tx.change(_BEGIN, {**claim.fence, **counts}):
        raise _lost(claim)
    end_those_left(tx, claim.run_id, claim.position, AttemptStatus.WORKER_LOST)
    tx.hints.progress.add(claim.run_id)
    kept: dict[int, list[Row]] = {}
    for row in tx.rows(_CONTENTS, block) if done else ():
        kept.setdefault(row.partition, []).append(row)
    return {number: _made(row, kept.get(number, ())) for number, row in done.items()}


def start_partition(tx: Transaction, claim: Claim, attempt: int, number: int, span: range) -> None:
    """Records that a partition runs. Raises ClaimLost."""
    _count(tx, claim, 0)
    row = {
        "run_id": claim.run_id,
        "position": claim.position,
        "partition": number,
        "claim": claim.number,
        "attempt": attempt,
        "status": AttemptStatus.RUNNING.value,
        "first_row": span.start,
        "end_row": span.stop,
        "started_at": tx.now,
    }
    tx.change(_INSERT, row)


def end_partition(
    tx: Transaction,
    claim: Claim,
    number: int,
    status: AttemptStatus,
    *,
    error: RunError | None = None,
    contents: Sequence[tuple[NewArtifact, bool]] = (),
) -> None:
    """Records how a partition ended and what it made (with whether it is its data set).

    What one that failed made is kept too, until the block is over: it is what the collector must
    know of. Raises ClaimLost.
    """
    rows = next((made.rows for made, is_output in contents if is_output), None)
    values = {
        **claim.fence,
        "the_partition": number,
        "now_is": status.value,
        "finished_at": tx.now,
        "rows": rows,
        "error": error_json(error),
    }
    _count(tx, claim, int(status is AttemptStatus.SUCCEEDED))
    if not tx.change(_END, values):
        return  # the store had taken this very unit, and its answer was lost
    key = {**_key(claim), "partition": number, "claim": claim.number}
    tx.change_many(
        _KEEP,
        (
            {
                **key,
                "number": place,
                "output": int(is_output),
                "name": made.name,
                "uri": made.uri,
                "media_type": made.media_type,
                "size_bytes": made.size_bytes,
                "sha256": made.sha256,
                "rows": made.rows,
                "data": made.data,
            }
            for place, (made, is_output) in enumerate(contents)
        ),
    )


def _count(tx: Transaction, claim: Claim, more: int) -> None:
    if not tx.change(_COUNT, {**claim.fence, "more": more, "progress_at": tx.now}):
        raise _lost(claim)
    tx.hints.progress.add(claim.run_id)


def _lost(claim: Claim) -> ClaimLost:
    return ClaimLost(f"block {claim.position} of {claim.run_id} is no longer ours")


def _key(claim: Claim) -> Mapping[str, object]:
    return {"run_id": claim.run_id, "position": claim.position}


def _block(claim: Claim) -> Mapping[str, object]:
    return {"the_run": claim.run_id, "the_position": claim.position}


def _made(row: Row, contents: Sequence[Row]) -> DonePartition:
    made = [(_artifact(each), bool(each.output)) for each in contents]
    return DonePartition(
        number=row.partition,
        span=range(row.first_row, row.end_row),
        output=next((each for each, is_output in made if is_output), None),
        artifacts=tuple(each for each, is_output in made if not is_output),
    )


def _artifact(row: Row) -> NewArtifact:
    return NewArtifact(
        name=row.name,
        uri=row.uri,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        rows=row.rows,
        data=row.data,
    )
