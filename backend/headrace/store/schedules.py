"""Writing schedules: save, pause, resume, delete.

Invariant: `next_tick_at` is the first tick about which nothing was decided, and `next_fire_at` is
when it fires. Each change that people make counts `revision` up, so that whoever decided about a
tick on what stood there before has decided nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, null, select, update

from headrace.domain.cron import Cron
from headrace.domain.ids import SCHEDULE, new_id
from headrace.domain.schedules import Timing
from headrace.domain.ticks import Overlap
from headrace.store.statements import Row, Statement
from headrace.store.tables import schedules
from headrace.store.transaction import Transaction

_S = schedules.c
_FIND = Statement(select(*_S).where(_S.name == bindparam("the_name")))
_INSERT = Statement(
    insert(schedules).values(
        {c: bindparam(c.name) for c in _S if c.name not in {"paused_at", "pause_note"}}
    )
)
_KEPT = {"id", "name", "revision", "paused_at", "pause_note", "created_at"}
_REPLACE = Statement(
    update(schedules)
    .where(_S.id == bindparam("the_schedule"))
    .values(
        {
            _S.revision: _S.revision + 1,
            **{c: bindparam(c.name) for c in _S if c.name not in _KEPT},
        }
    )
)
_PAUSE = Statement(
    update(schedules)
    .where(_S.id == bindparam("the_schedule"))
    .values(
        revision=_S.revision + 1,
        paused_at=bindparam("paused_at"),
        pause_note=bindparam("pause_note"),
        updated_at=bindparam("updated_at"),
    )
)
_RESUME = Statement(
    update(schedules)
    .where(_S.id == bindparam("the_schedule"))
    .values(
        revision=_S.revision + 1,
        paused_at=null(),
        pause_note=null(),
        next_tick_at=bindparam("next_tick_at"),
        next_fire_at=bindparam("next_fire_at"),
        updated_at=bindparam("updated_at"),
    )
)
_DELETE = Statement(delete(schedules).where(_S.id == bindparam("the_schedule")))


@dataclass(frozen=True, kw_only=True)
class NewSchedule:
    """What a schedule is made of, checked; durations in ms."""

    name: str
    pipeline_id: str
    cron: Cron
    params: Mapping[str, Any]
    tick_param: str | None
    overlap: Overlap
    catch_up_ms: int
    jitter_ms: int
    priority: int
    labels: Mapping[str, str]


@dataclass(frozen=True)
class SavedSchedule:
    """Where a schedule is kept. `created`: there was none of that name."""

    schedule_id: str
    created: bool


@dataclass(frozen=True)
class ScheduleThere:
    """A schedule has that name, and replacing it was not asked for."""

    schedule_id: str


def save_schedule(
    tx: Transaction, new: NewSchedule, *, replace: bool
) -> SavedSchedule | ScheduleThere:
    """Keeps a schedule. One that is replaced stays paused if it is, and keeps its ticks.

    While its times stay what they were, so does the tick that it is at: a tick that is due is not
    lost by a change of params.
    """
    found = tx.first(_FIND, {"the_name": new.name})
    if found is not None and not replace:
        return ScheduleThere(found.id)
    tx.hints.schedules = True
    if found is None:
        schedule_id = new_id(SCHEDULE)
        row = _row(tx, schedule_id, new, new.cron.next_tick(tx.now))
        tx.change(_INSERT, {**row, "id": schedule_id, "name": new.name, "revision": 1})
        return SavedSchedule(schedule_id, created=True)
    same_times = (found.cron, found.time_zone) == (new.cron.expression, new.cron.time_zone)
    upcoming = found.next_tick_at if same_times else new.cron.next_tick(tx.now)
    tx.change(_REPLACE, {**_row(tx, found.id, new, upcoming), "the_schedule": found.id})
    return SavedSchedule(found.id, created=False)


def pause_schedule(tx: Transaction, name: str, note: str | None) -> str | None:
    """Stops its ticks; one that is paused gets the new note. Its id, or None if there is none."""
    found = tx.first(_FIND, {"the_name": name})
    if found is None:
        return None
    values = {
        "the_schedule": found.id,
        "paused_at": tx.now if found.paused_at is None else found.paused_at,
        "pause_note": note,
        "updated_at": tx.now,
    }
    tx.change(_PAUSE, values)
    tx.hints.schedules = True
    return str(found.id)


def resume_schedule(tx: Transaction, name: str) -> str | None:
    """Lets it tick again, from the next tick after now on. Its id, or None if there is none.

    One that is not paused goes on as it was: a tick that is due is not skipped.
    """
    found = tx.first(_FIND, {"the_name": name})
    if found is None or found.paused_at is None:
        return None if found is None else str(found.id)
    upcoming = timing_of(found).cron.next_tick(tx.now)
    values = {
        "the_schedule": found.id,
        **_upcoming(timing_of(found), upcoming),
        "updated_at": tx.now,
    }
    tx.change(_RESUME, values)
    tx.hints.schedules = True
    return str(found.id)


def delete_schedule(tx: Transaction, name: str) -> str | None:
    """Deletes it with its ticks; its runs stay. Its id, or None if there is none."""
    found = tx.first(_FIND, {"the_name": name})
    if found is None:
        return None
    tx.change(_DELETE, {"the_schedule": found.id})
    tx.hints.schedules = True
    return str(found.id)


def timing_of(row: Row) -> Timing:
    """When the ticks of a row of `schedules` fire."""
    return Timing(
        schedule_id=row.id,
        cron=Cron(row.cron, row.time_zone),
        catch_up_ms=row.catch_up_ms,
        jitter_ms=row.jitter_ms,
    )


def _row(
    tx: Transaction, schedule_id: str, new: NewSchedule, upcoming: int | None
) -> dict[str, Any]:
    timing = Timing(
        schedule_id=schedule_id,
        cron=new.cron,
        catch_up_ms=new.catch_up_ms,
        jitter_ms=new.jitter_ms,
    )
    return {
        "pipeline_id": new.pipeline_id,
        "cron": new.cron.expression,
        "time_zone": new.cron.time_zone,
        "params": json.dumps(new.params, ensure_ascii=False),
        "tick_param": new.tick_param,
        "overlap": new.overlap.value,
        "catch_up_ms": new.catch_up_ms,
        "jitter_ms": new.jitter_ms,
        "priority": new.priority,
        "labels": json.dumps(new.labels, ensure_ascii=False),
        **_upcoming(timing, upcoming),
        "created_at": tx.now,
        "updated_at": tx.now,
    }


def _upcoming(timing: Timing, tick: int | None) -> dict[str, int | None]:
    fires_at = None if tick is None else timing.fires_at(tick)
    return {"next_tick_at": tick, "next_fire_at": fires_at}
