"""Deleting finished runs, and the artifacts that nobody links any more.

Invariant: an artifact that a remaining run has linked as a block's data set stays. A removed one
keeps its row (`removed_at`), so that whoever asks is told that it was removed, not that it never
was; its digest gets a tombstone, and the bytes go an hour later if still no row lists them.
A run with events that have to go to the stream yet stays until they are there. Each function is one
short unit of work: deletion goes in trickles.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, or_, select, update

from headrace.domain.lifecycle import WorkerStatus
from headrace.store.burying import INLINE, bury
from headrace.store.database import Snapshot
from headrace.store.statements import Row, Statement, one_of
from headrace.store.tables import (
    artifacts,
    block_runs,
    inline_data,
    partition_contents,
    runs,
    tombstones,
    workers,
)
from headrace.store.transaction import Transaction

GRACE_MS = 3_600_000
RUNS_AT_ONCE = 10

_OLD = Statement(
    select(runs.c.id)
    .where(runs.c.finished_at.is_not(None))
    .where(runs.c.finished_at < bindparam("before"))
    .where(runs.c.published_seq.is_(None))
    .order_by(runs.c.finished_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
# What a run made, and what it linked of runs that are gone already.
_linker = block_runs.alias("linker")
_CANDIDATES = Statement(
    select(artifacts.c.id, artifacts.c.uri, artifacts.c.sha256, artifacts.c.size_bytes)
    .where(artifacts.c.removed_at.is_(None))
    .where(
        or_(
            artifacts.c.run_id == bindparam("the_run"),
            artifacts.c.run_id.is_(None)
            & exists().where(
                _linker.c.run_id == bindparam("the_run"), _linker.c.output_id == artifacts.c.id
            ),
        )
    )
)
_LINKED = Statement(
    select(block_runs.c.run_id)
    .where(block_runs.c.output_id == bindparam("the_artifact"))
    .where(block_runs.c.run_id != bindparam("the_run"))
    .limit(1)
)
_REMOVE = Statement(
    update(artifacts)
    .where(artifacts.c.id == bindparam("the_artifact"))
    .values(removed_at=bindparam("removed_at"))
)
_REMOVE_DATA = Statement(
    delete(inline_data).where(inline_data.c.artifact_id == bindparam("the_artifact"))
)
_DELETE_RUN = Statement(delete(runs).where(runs.c.id == bindparam("the_run")))
_DELETE_WORKERS = Statement(
    delete(workers)
    .where(workers.c.last_seen_at < bindparam("before"))
    .where(one_of(workers.c.status, (WorkerStatus.LOST, WorkerStatus.STOPPED)))
)
_LISTED = exists().where(
    artifacts.c.sha256 == tombstones.c.sha256,
    artifacts.c.uri == tombstones.c.uri,
    artifacts.c.removed_at.is_(None),
)
# What a block that is not over has made in partitions has no artifact yet.
_KEPT_FOR_PARTS = exists().where(
    partition_contents.c.sha256 == tombstones.c.sha256,
    partition_contents.c.uri == tombstones.c.uri,
)
_RISEN = Statement(delete(tombstones).where(_LISTED | _KEPT_FOR_PARTS))
_DUE = Statement(
    select(tombstones.c.sha256, tombstones.c.uri)
    .where(tombstones.c.since <= bindparam("before"))
    .limit(bindparam("most"))
)
_FORGET = Statement(delete(tombstones).where(tombstones.c.sha256 == bindparam("the_sha256")))


@dataclass(frozen=True)
class Removed:
    """How much went, or would go. `bytes` is the size of the artifacts, shared bytes counted
    twice.
    """

    runs: int = 0
    artifacts: int = 0
    bytes: int = 0

    def __add__(self, other: "Removed") -> "Removed":
        return Removed(
            self.runs + other.runs, self.artifacts + other.artifacts, self.bytes + other.bytes
        )


async def what_would_go(snapshot: Snapshot, before: int) -> Removed:
    """What deleting the runs that finished before `before` (wall ms) would remove."""
    old = (
        runs.c.finished_at.is_not(None)
        & (runs.c.finished_at < before)
        & runs.c.published_seq.is_(None)
    )
    doomed = select(runs.c.id).where(old)
    count: Row = await snapshot.first(select(func.count()).select_from(runs).where(old))
    linked = artifacts.c.id.in_(
        select(block_runs.c.output_id)
        .where(block_runs.c.output_id.is_not(None))
        .where(block_runs.c.run_id.not_in(doomed))
    )
    linked_by_doomed = artifacts.c.id.in_(
        select(block_runs.c.output_id)
        .where(block_runs.c.output_id.is_not(None))
        .where(block_runs.c.run_id.in_(doomed))
    )
    going: ColumnElement[bool] = artifacts.c.run_id.in_(doomed) | (
        artifacts.c.run_id.is_(None) & linked_by_doomed
    )
    query = (
        select(func.count(), func.coalesce(func.sum(artifacts.c.size_bytes), 0))
        .where(artifacts.c.removed_at.is_(None))
        .where(going)
        .where(~linked)
    )
    found: Row = await snapshot.first(query)
    return Removed(int(count[0]), int(found[0]), int(found[1]))


def delete_old_runs(tx: Transaction, before: int, most: int = RUNS_AT_ONCE) -> Removed:
    """Deletes up to `most` runs that finished before `before` (wall ms), the oldest first."""
    total = Removed()
    rows = tx.rows(_OLD, {"before": before, "most": most})
    tx.locked_already(row.id for row in rows)
    for row in rows:
        total += _delete_run(tx, row.id)
    return total


def delete_old_workers(tx: Transaction, before: int) -> int:
    """Forgets workers that are gone since before `before` (wall ms)."""
    return tx.change(_DELETE_WORKERS, {"before": before})


def due_tombstones(tx: Transaction, most: int = 100) -> Sequence[tuple[str, str]]:
    """(digest, URI) of bytes that may go now; digests that are listed again are taken off."""
    tx.change(_RISEN, {})
    rows = tx.rows(_DUE, {"before": tx.now - GRACE_MS, "most": most})
    return [(row.sha256, row.uri) for row in rows]


def forget_tombstones(tx: Transaction, digests: Sequence[str]) -> None:
    """The bytes are gone."""
    tx.change_many(_FORGET, ({"the_sha256": digest} for digest in digests))


def _delete_run(tx: Transaction, run_id: str) -> Removed:
    going = [
        row
        for row in tx.rows(_CANDIDATES, {"the_run": run_id})
        if tx.first(_LINKED, {"the_artifact": row.id, "the_run": run_id}) is None
    ]
    for row in going:
        _remove(tx, row)
    tx.change(_DELETE_RUN, {"the_run": run_id})
    tx.hints.removed.add(run_id)
    return Removed(1, len(going), sum(row.size_bytes for row in going))


def _remove(tx: Transaction, row: Row) -> None:
    tx.change(_REMOVE, {"the_artifact": row.id, "removed_at": tx.now})
    if row.uri == INLINE:
        tx.change(_REMOVE_DATA, {"the_artifact": row.id})
    bury(tx, row.sha256, row.uri)
