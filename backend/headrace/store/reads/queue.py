"""What waits and runs: in all, and by run, the oldest run first.

Shares are paged along the runs that are not over, of which there are few, and counted for the runs
of one page only. A run that is not over has a block that is not terminal, so no share is empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    bindparam,
    case,
    func,
    select,
    text,
)
from sqlalchemy.sql.elements import TextClause

from headrace.domain.lifecycle import BLOCK_ACTIVE, RUN_ACTIVE, BlockStatus
from headrace.store.database import Snapshot
from headrace.store.reads.keyset import AnySelect, Keyset, Window
from headrace.store.reads.rows import Page
from headrace.store.tables import block_runs, runs

SCOPE: Final = "share"
WATCHED_RUNS: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueRow:
    """Blocks by what they wait for, and `oldest_ready_at` in ms since the epoch.

    `waiting` are those that wait for upstream blocks or for their retry, `ready` for a worker.
    """

    waiting: int
    ready: int
    running: int
    oldest_ready_at: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareRow:
    """One run's part of the queue."""

    run_id: str
    waiting: int
    ready: int
    running: int


@dataclass(frozen=True, slots=True)
class QueueState:
    """What two looks at the queue are compared by.

    `shares` are those of the WATCHED_RUNS oldest runs; `beyond` are the number of all others, of
    their events, and the time (wall ms) of the last.
    """

    totals: QueueRow
    shares: tuple[ShareRow, ...]
    beyond: tuple[int, int, int] | None


def _has(status: BlockStatus) -> TextClause:
    # Written out, never a parameter: only so does SQLite use the partial index of this status.
    return text(f"block_runs.status = '{status.value}'")


def _all(status: BlockStatus) -> ScalarSelect[Any]:
    return select(func.count()).select_from(block_runs).where(_has(status)).scalar_subquery()


def _of_run(status: BlockStatus) -> ColumnElement[int]:
    return func.sum(case((block_runs.c.status == status.value, 1), else_=0))


_OLDEST = select(func.min(block_runs.c.ready_at)).where(_has(BlockStatus.READY)).scalar_subquery()
_TOTALS = select(
    (_all(BlockStatus.WAITING) + _all(BlockStatus.RETRYING)).label("waiting"),
    _all(BlockStatus.READY).label("ready"),
    _all(BlockStatus.RUNNING).label("running"),
    _OLDEST.label("oldest_ready_at"),
)


_BEYOND: AnySelect = (
    select(func.count(), func.sum(runs.c.last_seq), func.max(runs.c.changed_at))
    .where(runs.c.status.in_(sorted(RUN_ACTIVE)))
    .where(runs.c.id > bindparam("last"))
)
_SHARES = (
    select(
        block_runs.c.run_id,
        (_of_run(BlockStatus.WAITING) + _of_run(BlockStatus.RETRYING)).label("waiting"),
        _of_run(BlockStatus.READY).label("ready"),
        _of_run(BlockStatus.RUNNING).label("running"),
    )
    .where(block_runs.c.run_id.in_(bindparam("runs", expanding=True)))
    .where(block_runs.c.status.in_(sorted(BLOCK_ACTIVE)))
    .group_by(block_runs.c.run_id)
)


async def queue_totals(snapshot: Snapshot) -> QueueRow:
    """The whole queue."""
    row = await snapshot.first(_TOTALS)
    assert row is not None
    return QueueRow(**row._asdict())


async def queue_state(snapshot: Snapshot) -> QueueState:
    """The whole queue, for those who watch it."""
    totals = await queue_totals(snapshot)
    page = await share_page(snapshot, Window(limit=WATCHED_RUNS), None)
    beyond = None
    if page.has_next and page.keys:
        count, events, last = tuple((await snapshot.all(_BEYOND, last=page.keys[-1]))[0])
        beyond = (int(count), int(events), int(last))
    return QueueState(totals, tuple(page.items), beyond)


async def share_page(snapshot: Snapshot, wanted: Window, run_id: str | None) -> Page[ShareRow]:
    """A page of the queue by run, the oldest run first; of one run alone where one is given."""
    one = {} if run_id is None else {"run": run_id}
    found = await _active(one=run_id is not None).page(snapshot, wanted, **one)
    ids = [str(row.id) for row in found.rows]
    shares = await _shares(snapshot, ids) if ids else {}
    items = [shares[run] for run in ids if run in shares]
    return Page(items, [share.run_id for share in items], found.has_next, found.has_previous)


async def _shares(snapshot: Snapshot, runs_wanted: Sequence[str]) -> dict[str, ShareRow]:
    rows = await snapshot.all(_SHARES, runs=runs_wanted)
    return {row.run_id: ShareRow(**row._asdict()) for row in rows}


@lru_cache(maxsize=2)
def _active(*, one: bool) -> Keyset:
    statement = select(runs.c.id).where(runs.c.status.in_(sorted(RUN_ACTIVE)))
    if one:
        statement = statement.where(runs.c.id == bindparam("run"))
    return Keyset(statement, runs.c.id)
