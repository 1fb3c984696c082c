"""The blocks of runs, their attempts, and what they add up to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Float, bindparam, case, cast, func, literal_column, select

from headrace.domain.ids import block_id
from headrace.domain.lifecycle import BLOCK_TERMINAL, BlockStatus
from headrace.store.database import Snapshot
from headrace.store.reads.pairs import among_pairs, pairs
from headrace.store.reads.rows import columns_of, grouped, made
from headrace.store.statements import Row
from headrace.store.tables import attempts, block_runs


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A row of `block_runs`: times in ms since the epoch, `error` as JSON text."""

    run_id: str
    position: int
    name: str
    type: str
    status: str
    status_reason: str | None
    attempt: int
    worker_id: str | None
    ready_at: int | None
    started_at: int | None
    finished_at: int | None
    retry_at: int | None
    rows_done: int
    rows_total: int | None
    error: str | None
    output_id: str | None
    reused_from: str | None
    partitions_total: int | None
    partitions_done: int | None

    @property
    def id(self) -> str:
        return block_id(self.run_id, self.position)


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """A row of `attempts`: one that ended."""

    run_id: str
    position: int
    number: int
    status: str
    started_at: int
    finished_at: int
    worker_id: str | None
    error: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunProgress:
    """What the blocks of a run add up to.

    `fraction` is the mean over blocks of 1 (terminal), rows done of rows total (known) or 0.
    `rows_total` is None while a block that is not terminal has no known total.
    """

    fraction: float
    blocks_done: int
    blocks_total: int
    rows_done: int
    rows_total: int | None
    by_status: tuple[tuple[BlockStatus, int], ...]


NO_PROGRESS: Final = RunProgress(
    fraction=1.0, blocks_done=0, blocks_total=0, rows_done=0, rows_total=0, by_status=()
)
"""That of a run without blocks."""

BlockKey = tuple[str, int]
"""(run id, position)"""

_COLUMNS = columns_of(BlockRow, block_runs)
_BY_KEYS = select(*_COLUMNS).where(among_pairs(block_runs.c.run_id, block_runs.c.position))
_OF_RUNS = (
    select(*_COLUMNS)
    .where(block_runs.c.run_id.in_(bindparam("runs", expanding=True)))
    .order_by(block_runs.c.run_id, block_runs.c.position)
)
# A partial index is used only where the statement says its very condition.
_HELD_BY = (
    select(*_COLUMNS)
    .where(literal_column("block_runs.status = 'RUNNING'"))
    .where(block_runs.c.worker_id.in_(bindparam("workers", expanding=True)))
    .order_by(block_runs.c.run_id, block_runs.c.position)
)
_ATTEMPTS = (
    select(*columns_of(AttemptRow, attempts))
    .where(among_pairs(attempts.c.run_id, attempts.c.position))
    .order_by(attempts.c.run_id, attempts.c.position, attempts.c.claim)
)
_SHARE = case(
    (block_runs.c.rows_total.is_(None), 0.0),
    (block_runs.c.rows_total <= 0, 0.0),
    (block_runs.c.rows_done >= block_runs.c.rows_total, 1.0),
    else_=cast(block_runs.c.rows_done, Float) / block_runs.c.rows_total,
)
_TOTAL = func.coalesce(block_runs.c.rows_total, block_runs.c.rows_done)
_PROGRESS = (
    select(
        block_runs.c.run_id,
        block_runs.c.status,
        func.count().label("blocks"),
        func.sum(block_runs.c.rows_done).label("rows_done"),
        func.sum(_TOTAL).label("rows_total"),
        func.count(block_runs.c.rows_total).label("totals_known"),
        func.sum(_SHARE).label("share"),
    )
    .where(block_runs.c.run_id.in_(bindparam("runs", expanding=True)))
    .group_by(block_runs.c.run_id, block_runs.c.status)
)


async def blocks_by_key(snapshot: Snapshot, keys: Sequence[BlockKey]) -> dict[BlockKey, BlockRow]:
    """The blocks that exist among (run id, position) pairs."""
    rows = made(BlockRow, await snapshot.all(_BY_KEYS, **pairs(keys)))
    return {(row.run_id, row.position): row for row in rows}


async def blocks_of_runs(snapshot: Snapshot, runs: Sequence[str]) -> dict[str, list[BlockRow]]:
    """Each run's blocks in definition order."""
    rows = made(BlockRow, await snapshot.all(_OF_RUNS, runs=runs))
    return grouped(rows, lambda row: row.run_id)


async def blocks_held_by(snapshot: Snapshot, workers: Sequence[str]) -> dict[str, list[BlockRow]]:
    """The blocks that run on each worker, the oldest run's first."""
    rows = made(BlockRow, await snapshot.all(_HELD_BY, workers=workers))
    return grouped(rows, lambda row: row.worker_id or "")


async def attempts_of_blocks(
    snapshot: Snapshot, keys: Sequence[BlockKey]
) -> dict[BlockKey, list[AttemptRow]]:
    """The attempts of each block that ended, the first one first."""
    rows = made(AttemptRow, await snapshot.all(_ATTEMPTS, **pairs(keys)))
    return grouped(rows, lambda row: (row.run_id, row.position))


async def progress_of_runs(snapshot: Snapshot, runs: Sequence[str]) -> dict[str, RunProgress]:
    """How far each run is; runs without blocks are left out."""
    rows = grouped(await snapshot.all(_PROGRESS, runs=runs), lambda row: str(row.run_id))
    return {run: _progress(found) for run, found in rows.items()}


def _progress(rows: Iterable[Row]) -> RunProgress:
    by_status = {BlockStatus(row.status): row for row in rows}
    total = sum(row.blocks for row in by_status.values())
    done = sum(row.blocks for status, row in by_status.items() if status in BLOCK_TERMINAL)
    open_rows = [row for status, row in by_status.items() if status not in BLOCK_TERMINAL]
    known = all(row.totals_known == row.blocks for row in open_rows)
    return RunProgress(
        fraction=(done + sum(row.share for row in open_rows)) / total,
        blocks_done=done,
        blocks_total=total,
        rows_done=sum(row.rows_done for row in by_status.values()),
        rows_total=sum(row.rows_total for row in by_status.values()) if known else None,
        by_status=tuple(
            (status, by_status[status].blocks) for status in BlockStatus if status in by_status
        ),
    )
