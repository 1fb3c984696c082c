"""Firing schedules: every process does it, and each tick starts one run all the same.

Params are bound to the pipeline's latest version before anything is written; what is decided then
counts only if the schedule still stands where it stood (`store.ticks`). So a tick whose run cannot
be made is a tick that FAILED, never a schedule that is stuck.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

from headrace.domain.definition import Definition, definition_from_document
from headrace.domain.lifecycle import RunTrigger
from headrace.domain.schedules import PUNCTUAL_MS, Due, Missed, Timing, due_ticks
from headrace.domain.ticks import Overlap
from headrace.services.run_requests import Starter
from headrace.store.database import Store
from headrace.store.errors import StoreError
from headrace.store.reads.schedules import due_schedules, next_fire
from headrace.store.runs import NewRun
from headrace.store.schedules import timing_of
from headrace.store.statements import Row
from headrace.store.ticks import Decision, Late, Tick, decide

_REST_MS: Final = 1_000
_log = logging.getLogger("headrace.services.firing")


class Firing:
    """Of one process."""

    def __init__(self, store: Store, starter: Starter) -> None:
        self._store = store
        self._starter = starter
        self._failed: set[str] = set()

    async def fire_due(self, now: int) -> int | None:
        """Decides about every tick that is due at `now`; when the next fires (both wall ms)."""
        async with self._store.snapshot() as snapshot:
            upcoming = await next_fire(snapshot)
            if upcoming is None or upcoming > now:
                return upcoming
            rows = await due_schedules(snapshot, now)
        fired = await asyncio.gather(*(self._fire(row, now) for row in rows))
        if not all(fired):
            return now + _REST_MS  # what fails is not tried without a pause
        async with self._store.snapshot() as snapshot:
            return await next_fire(snapshot)

    async def _fire(self, row: Row, now: int) -> bool:
        """Whether something was decided about the due ticks of a schedule, here or elsewhere."""
        try:
            # Ticks of years may have to be looked at; others go on meanwhile.
            due = await asyncio.to_thread(due_ticks, timing_of(row), row.next_tick_at, now)
            decision = self._decision(row, due)
            await self._store.write(partial(decide, decision=decision))
        except StoreError:
            raise
        except Exception:
            if row.id not in self._failed:  # it is tried again each second, and told once
                _log.exception("firing.failed: schedule %s", row.name)
            self._failed.add(row.id)
            return False
        self._failed.discard(row.id)
        return True

    def _decision(self, row: Row, due: Due) -> Decision:
        timing = timing_of(row)
        runs = _Runs(self._starter, row, timing)
        return Decision(
            schedule_id=row.id,
            revision=row.revision,
            seen_tick=row.next_tick_at,
            overlap=Overlap(row.overlap),
            late=None if due.missed is None else _late(due.missed, timing),
            ticks=[Tick(at, runs.of(at)) for at in due.ticks],
            next_tick=due.next_tick,
            next_fire=None if due.next_tick is None else timing.fires_at(due.next_tick),
        )


class _Runs:
    """The runs of a schedule's ticks, or why there can be none."""

    def __init__(self, starter: Starter, row: Row, timing: Timing) -> None:
        self._starter, self._row, self._timing = starter, row, timing
        self._definition: Definition | None = None

    def of(self, tick: int) -> NewRun | str:
        row = self._row
        if row.archived_at is not None:
            return f"Pipeline {row.pipeline} is archived; importing it again revives it"
        try:
            values, problems = self._bound(tick)
        except Exception as error:
            # A block type's own check may break; the tick is told as failed, with the reason here.
            _log.exception("firing.unbound: schedule %s", row.name)
            return f"The run could not be prepared: {type(error).__name__}; see the log"
        if problems:
            return "; ".join(problems)
        return NewRun(
            pipeline_id=row.pipeline_id,
            version_id=row.version_id,
            trigger=RunTrigger.SCHEDULE,
            params=values,
            priority=row.priority,
            labels=json.loads(row.labels),
            schedule_id=row.id,
            published=self._starter.published,
        )

    def _bound(self, tick: int) -> tuple[Mapping[str, Any], list[str]]:
        if self._definition is None:
            self._definition = definition_from_document(json.loads(self._row.document))
        given = json.loads(self._row.params)
        if self._row.tick_param is not None:
            given[self._row.tick_param] = self._timing.cron.spell(tick)
        values, problems = self._starter.binder.bind(self._definition, given)
        return values, [problem.message for problem in problems]


def _late(missed: Missed, timing: Timing) -> Late:
    window = timedelta(milliseconds=max(timing.catch_up_ms, PUNCTUAL_MS))
    first, last = timing.cron.spell(missed.first), timing.cron.spell(missed.last)
    late = f"came later than the catch-up window ({window}) allows: nobody was there to fire"
    if missed.more:
        words = f"More than {missed.count} ticks from {first} on {late} them"
    elif missed.count == 1:
        words = f"The tick of {first} {late} it"
    else:
        words = f"{missed.count} ticks from {first} to {last} {late} them"
    return Late(missed.last, missed.count, words)
