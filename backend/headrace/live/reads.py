"""What live delivery reads: events, log lines and progress, by cursor."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from headrace.domain.events import RUN_STATUS_OF, RunEventKind
from headrace.domain.lifecycle import BlockStatus, RunStatus
from headrace.store.database import Snapshot
from headrace.store.reads.events import EventRow
from headrace.store.reads.logs import LogRow
from headrace.store.reads.rows import columns_of, made
from headrace.store.tables import block_runs, events, log_lines, runs

PAGE = 500


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """The latest progress of a running block; `at` is wall ms."""

    block: str
    attempt: int
    rows_done: int
    rows_total: int | None
    at: int
    partitions_done: int | None
    partitions_total: int | None


@dataclass(frozen=True, slots=True)
class RunHead:
    """How far a run's two logs go."""

    status: RunStatus
    last_seq: int
    last_log_seq: int


_HEAD = select(runs.c.status, runs.c.last_seq, runs.c.last_log_seq).where(
    runs.c.id == bindparam("run")
)
_HEADS = select(runs.c.status, runs.c.last_seq, runs.c.last_log_seq, runs.c.id).where(
    runs.c.id.in_(bindparam("ids", expanding=True))
)
_EVENTS = (
    select(*columns_of(EventRow, events))
    .where(events.c.run_id == bindparam("run"))
    .where(events.c.seq > bindparam("after"))
    .order_by(events.c.seq)
    .limit(PAGE)
)
_STATUS_AT = (
    select(events.c.kind)
    .where(events.c.run_id == bindparam("run"))
    .where(events.c.seq <= bindparam("at"))
    .where(events.c.kind.in_([kind.value for kind in RUN_STATUS_OF]))
    .order_by(events.c.seq.desc())
    .limit(1)
)
_PROGRESS = (
    select(
        block_runs.c.name,
        block_runs.c.attempt,
        block_runs.c.rows_done,
        block_runs.c.rows_total,
        block_runs.c.progress_at,
        block_runs.c.partitions_done,
        block_runs.c.partitions_total,
    )
    .where(block_runs.c.run_id == bindparam("run"))
    .where(block_runs.c.status == BlockStatus.RUNNING.value)
    .where(block_runs.c.progress_at.is_not(None))
    .order_by(block_runs.c.position)
)
_LINES = (
    select(*columns_of(LogRow, log_lines))
    .where(log_lines.c.run_id == bindparam("run"))
    .where(log_lines.c.seq > bindparam("after"))
    .order_by(log_lines.c.seq)
    .limit(PAGE)
)


async def run_head(snapshot: Snapshot, run_id: str) -> RunHead | None:
    """How far a run's logs go, or None when there is no such run."""
    row: Any = await snapshot.first(_HEAD, run=run_id)
    return None if row is None else RunHead(RunStatus(row[0]), row[1], row[2])


async def heads_of(snapshot: Snapshot, run_ids: list[str]) -> dict[str, RunHead]:
    """The heads of those runs that exist, by id."""
    found: dict[str, RunHead] = {}
    for start in range(0, len(run_ids), PAGE):
        rows = await snapshot.all(_HEADS, ids=run_ids[start : start + PAGE])
        for row in rows:
            found[row.id] = RunHead(RunStatus(row.status), row.last_seq, row.last_log_seq)
    return found


async def events_after(snapshot: Snapshot, run_id: str, after: int) -> list[EventRow]:
    """At most PAGE events with seq > `after`."""
    return made(EventRow, await snapshot.all(_EVENTS, run=run_id, after=after))


async def status_at(snapshot: Snapshot, run_id: str, seq: int) -> RunStatus:
    """The run's status once event `seq` had happened (QUEUED before the first)."""
    row: Any = await snapshot.first(_STATUS_AT, run=run_id, at=seq)
    return RunStatus.QUEUED if row is None else RUN_STATUS_OF[RunEventKind(row[0])]


async def progress_of(snapshot: Snapshot, run_id: str) -> list[ProgressRow]:
    """Of each running block that told some."""
    return [ProgressRow(*tuple(row)) for row in await snapshot.all(_PROGRESS, run=run_id)]


async def lines_after(snapshot: Snapshot, run_id: str, after: int) -> list[LogRow]:
    """At most PAGE log lines with seq > `after`."""
    return made(LogRow, await snapshot.all(_LINES, run=run_id, after=after))
