"""Schedules by name, what became of their ticks, and what is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import BigInteger, bindparam, func, select, text, tuple_

from headrace.store.database import Snapshot
from headrace.store.reads.keyset import AnySelect, Keyset, Window
from headrace.store.reads.rows import Count, Page, columns_of, grouped, made
from headrace.store.statements import Row
from headrace.store.tables import (
    pipeline_versions,
    pipelines,
    runs,
    schedule_ticks,
    schedules,
)

SCOPE: Final = "schedule"
MOST_WATCHED: Final = 1_000
MOST_DUE: Final = 50
_S, _T = schedules.c, schedule_ticks.c


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A row of `schedules`: times and durations in ms, `params` and `labels` as JSON text."""

    id: str
    name: str
    pipeline_id: str
    cron: str
    time_zone: str
    params: str
    tick_param: str | None
    overlap: str
    catch_up_ms: int
    jitter_ms: int
    priority: int
    labels: str
    paused_at: int | None
    pause_note: str | None
    next_tick_at: int | None
    next_fire_at: int | None
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class TickRow:
    """A row of `schedule_ticks`: times in ms since the epoch."""

    schedule_id: str
    tick_at: int
    decided_at: int
    outcome: str
    message: str | None
    count: int
    run_id: str | None


@dataclass(frozen=True, slots=True)
class SchedulesState:
    """Schedules by name, the newest tick of each, and the runs of theirs that have not ended."""

    schedules: tuple[ScheduleRow, ...]
    ticks: tuple[TickRow, ...]
    active: tuple[tuple[str, str, str], ...]


_COLUMNS = columns_of(ScheduleRow, schedules)
_TICK_COLUMNS = columns_of(TickRow, schedule_ticks)
_BY_IDS = select(*_COLUMNS).where(_S.id.in_(bindparam("ids", expanding=True)))
_BY_NAME = select(*_COLUMNS).where(_S.name == bindparam("name"))
_NAMES = select(_S.name).order_by(_S.name).limit(2_000)
_ALL = select(*_COLUMNS).order_by(_S.name).limit(MOST_WATCHED)
_OF_PIPELINES = (
    select(*_COLUMNS)
    .where(_S.pipeline_id.in_(bindparam("ids", expanding=True)))
    .order_by(_S.pipeline_id, _S.name)
)
_LAST = (
    select(_T.schedule_id, func.max(_T.tick_at))
    .where(_T.schedule_id.in_(bindparam("ids", expanding=True)))
    .group_by(_T.schedule_id)
)
_LAST_TICKS = (
    select(*_TICK_COLUMNS)
    .where(tuple_(_T.schedule_id, _T.tick_at).in_(_LAST))
    .order_by(_T.schedule_id)
)
# A partial index is used only where the statement says its very condition.
_ACTIVE = (
    select(runs.c.schedule_id, runs.c.id, runs.c.status)
    .where(runs.c.schedule_id.in_(bindparam("ids", expanding=True)))
    .where(text("runs.schedule_id IS NOT NULL AND runs.finished_at IS NULL"))
    .order_by(runs.c.schedule_id, runs.c.id)
)
_TICKS = Keyset(
    select(*_TICK_COLUMNS).where(_T.schedule_id == bindparam("schedule")),
    _T.tick_at,
    descending=True,
)
_NEXT_FIRE = select(func.min(_S.next_fire_at)).where(text("schedules.paused_at IS NULL"))
_DUE: AnySelect = (
    select(
        *_S,
        pipelines.c.name.label("pipeline"),
        pipelines.c.archived_at,
        pipeline_versions.c.id.label("version_id"),
        pipeline_versions.c.document,
    )
    .join(pipelines, pipelines.c.id == _S.pipeline_id)
    .join(
        pipeline_versions,
        (pipeline_versions.c.pipeline_id == pipelines.c.id)
        & (pipeline_versions.c.number == pipelines.c.latest_version),
    )
    .where(text("schedules.paused_at IS NULL"))
    .where(_S.next_fire_at <= bindparam("now", type_=BigInteger))
    .order_by(_S.next_fire_at)
    .limit(MOST_DUE)
)


def ticks_scope(schedule_id: str) -> str:
    """What the cursors of a schedule's ticks belong to."""
    return f"tick:{schedule_id}"


async def schedules_by_id(snapshot: Snapshot, ids: Sequence[str]) -> dict[str, ScheduleRow]:
    """The schedules that exist among `ids`."""
    return {row.id: row for row in made(ScheduleRow, await snapshot.all(_BY_IDS, ids=ids))}


async def schedule_by_name(snapshot: Snapshot, name: str) -> ScheduleRow | None:
    """The schedule of this name."""
    row = await snapshot.first(_BY_NAME, name=name)
    return None if row is None else ScheduleRow(*row)


async def schedule_names(snapshot: Snapshot) -> list[str]:
    """The names that there are."""
    return [row.name for row in await snapshot.all(_NAMES)]


async def schedule_page(snapshot: Snapshot, wanted: Window) -> Page[ScheduleRow]:
    """A page of all schedules, by name."""
    rows = await _list().page(snapshot, wanted)
    return Page.of(rows, ScheduleRow, lambda schedule: schedule.name)


async def schedule_count(snapshot: Snapshot) -> Count:
    """How many schedules there are."""
    row = await snapshot.first(_counted())
    assert row is not None
    return Count(row[0])


async def schedules_of_pipelines(
    snapshot: Snapshot, ids: Sequence[str]
) -> Mapping[str, Sequence[ScheduleRow]]:
    """The schedules of each pipeline, by name."""
    rows = made(ScheduleRow, await snapshot.all(_OF_PIPELINES, ids=ids))
    return grouped(rows, lambda row: row.pipeline_id)


async def last_ticks(snapshot: Snapshot, ids: Sequence[str]) -> dict[str, TickRow]:
    """The newest tick of each schedule that has one."""
    rows = made(TickRow, await snapshot.all(_LAST_TICKS, ids=ids))
    return {row.schedule_id: row for row in rows}


async def active_runs(snapshot: Snapshot, ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The ids of each schedule's runs that have not ended, the oldest first."""
    found = grouped(await snapshot.all(_ACTIVE, ids=ids), lambda row: str(row.schedule_id))
    return {schedule: [str(row.id) for row in rows] for schedule, rows in found.items()}


async def tick_page(snapshot: Snapshot, wanted: Window, schedule_id: str) -> Page[TickRow]:
    """A page of a schedule's ticks, newest first."""
    rows = await _TICKS.page(snapshot, wanted, schedule=schedule_id)
    return Page.of(rows, TickRow, lambda tick: tick.tick_at)


async def schedules_now(snapshot: Snapshot) -> SchedulesState:
    """All schedules, for those who watch them."""
    rows = made(ScheduleRow, await snapshot.all(_ALL))
    ids = [row.id for row in rows]
    ticks = made(TickRow, await snapshot.all(_LAST_TICKS, ids=ids))
    active = await snapshot.all(_ACTIVE, ids=ids)
    return SchedulesState(tuple(rows), tuple(ticks), tuple(tuple(row) for row in active))


async def next_fire(snapshot: Snapshot) -> int | None:
    """When the next tick of any schedule fires (wall ms); None when there is none."""
    row = await snapshot.first(_NEXT_FIRE)
    return None if row is None else row[0]


async def due_schedules(snapshot: Snapshot, now: int) -> Sequence[Row]:
    """Schedules that have a tick due, with their pipeline's latest version, the longest due first.

    Each row has the columns of `schedules`, and `pipeline` (its name), `archived_at`, `version_id`
    and `document`.
    """
    return await snapshot.all(_DUE, now=now)


@lru_cache(maxsize=1)
def _list() -> Keyset:
    return Keyset(select(*_COLUMNS), _S.name)


@lru_cache(maxsize=1)
def _counted() -> AnySelect:
    return select(func.count()).select_from(schedules)
