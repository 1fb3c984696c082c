"""The events of record of a run, by seq."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from headrace.store.database import Snapshot
from headrace.store.reads.keyset import Keyset, Window, encode_cursor
from headrace.store.reads.rows import Page, columns_of
from headrace.store.tables import events


class EventRow(NamedTuple):
    """A row of `events`: `at` in ms since the epoch, `error` as JSON text.

    `ref` is the artifact's id of an ARTIFACT_CREATED, the worker's of a WORKER_LOST.
    """

    run_id: str
    seq: int
    at: int
    kind: str
    message: str
    block: str | None
    status: str | None
    attempt: int | None
    error: str | None
    ref: str | None


_TIMELINE = Keyset(
    select(*columns_of(EventRow, events)).where(events.c.run_id == bindparam("run")), events.c.seq
)


def events_scope(run_id: str) -> str:
    """What the cursors of a run's events belong to."""
    return f"event:{run_id}"


def event_cursor(run_id: str, seq: int) -> str:
    """The cursor after the event `seq` of a run; seq 0 is before the first."""
    return encode_cursor(events_scope(run_id), seq)


async def event_page(snapshot: Snapshot, wanted: Window, run_id: str) -> Page[EventRow]:
    """A page of a run's events, by seq."""
    rows = await _TIMELINE.page(snapshot, wanted, run=run_id)
    return Page.of(rows, EventRow, lambda event: event.seq)
