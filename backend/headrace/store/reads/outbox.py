"""What has to go to the stream yet: the events themselves, and how far behind it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, func, select, text

from headrace.store.database import Snapshot
from headrace.store.leases import FIND
from headrace.store.reads.events import EventRow
from headrace.store.reads.rows import columns_of, made
from headrace.store.tables import events, pipeline_versions, pipelines, runs

RELAY: Final = "relay"
"""The lease of whoever brings events to the stream."""
_RUNS_AT_ONCE: Final = 200
_EVENTS_OF_A_RUN: Final = 500

# A partial index is used only where the statement says its very condition.
_UNPUBLISHED = text("published_seq IS NOT NULL")
_DUE = (
    select(
        runs.c.id,
        runs.c.published_seq,
        pipelines.c.name,
        pipeline_versions.c.number,
    )
    .join(pipelines, pipelines.c.id == runs.c.pipeline_id)
    .join(pipeline_versions, pipeline_versions.c.id == runs.c.version_id)
    .where(_UNPUBLISHED)
    .where(runs.c.published_seq < runs.c.last_seq)
    .order_by(runs.c.id)
    .limit(_RUNS_AT_ONCE)
)
_EVENTS = (
    select(*columns_of(EventRow, events))
    .where(events.c.run_id == bindparam("run"))
    .where(events.c.seq > bindparam("after"))
    .order_by(events.c.seq)
    .limit(_EVENTS_OF_A_RUN)
)
_LAG = (
    select(
        func.coalesce(func.sum(runs.c.last_seq - runs.c.published_seq), 0).label("events"),
        func.min(events.c.at).label("oldest_at"),
    )
    .select_from(runs)
    .join(
        events,
        (events.c.run_id == runs.c.id) & (events.c.seq == runs.c.published_seq + 1),
    )
    .where(_UNPUBLISHED)
    .where(runs.c.published_seq < runs.c.last_seq)
)


@dataclass(frozen=True, slots=True)
class Due:
    """A run with events that are not in the stream: the next ones, by seq."""

    run_id: str
    pipeline: str
    version: int
    events: Sequence[EventRow]


@dataclass(frozen=True, slots=True)
class Lag:
    """How many events have to go yet, when the oldest happened, and what holds them up."""

    events: int
    oldest_at: int | None
    problem: str | None
    problem_since: int | None


async def due_events(snapshot: Snapshot) -> list[Due]:
    """The next events of the oldest runs that have any."""
    found = []
    for run in await snapshot.all(_DUE):
        rows = await snapshot.all(_EVENTS, run=run.id, after=run.published_seq)
        found.append(Due(run.id, run.name, run.number, made(EventRow, rows)))
    return found


async def outbox_lag(snapshot: Snapshot) -> Lag:
    """How far behind the stream is."""
    row = await snapshot.first(_LAG)
    assert row is not None
    lease = await snapshot.first(FIND, name=RELAY)
    return Lag(
        int(row.events),
        row.oldest_at,
        None if lease is None else lease.problem,
        None if lease is None else lease.problem_since,
    )
