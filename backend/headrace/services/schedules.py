"""Use cases of schedules: check, save, pause, resume, delete."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice

from headrace.domain.cron import Cron, read_cron
from headrace.domain.problems import Problem
from headrace.domain.suggestions import nearest_many
from headrace.services.core import Services
from headrace.services.results import IdempotencyConflict, Invalid
from headrace.services.run_requests import Archived, NoPipeline, NoVersion, Version, find_version
from headrace.services.schedule_checks import SaveSchedule, field_problems, param_problems
from headrace.store import schedules as store_schedules
from headrace.store.clock import wall_ms
from headrace.store.idempotency import Key, KeyReused, keep, key_of, recall
from headrace.store.reads.schedules import schedule_names
from headrace.store.transaction import Transaction


@dataclass(frozen=True)
class Saved:
    """`created`: there was no schedule of that name."""

    schedule_id: str
    created: bool


@dataclass(frozen=True)
class ScheduleExists:
    """A schedule has the name, and replacing it was not asked for."""

    schedule_id: str


@dataclass(frozen=True)
class Changed:
    """The schedule is paused, or goes on, or is gone, as was asked."""

    schedule_id: str


@dataclass(frozen=True)
class NoSchedule:
    """No schedule has that name; `nearest` do."""

    nearest: tuple[str, ...]


@dataclass(frozen=True)
class CheckedCron:
    """What an expression says and when it ticks next (wall ms), or every problem with it."""

    problems: tuple[Problem, ...]
    words: str | None = None
    next_ticks: tuple[int, ...] = ()


SaveResult = Saved | ScheduleExists | Invalid | NoPipeline | Archived | IdempotencyConflict
ChangeResult = Changed | NoSchedule | IdempotencyConflict


async def check_cron(expression: str, time_zone: str, count: int) -> CheckedCron:
    """What a cron expression means from now on."""
    # One that never comes is looked for through fifty years; others go on meanwhile.
    cron, problems = await asyncio.to_thread(read_cron, expression, time_zone)
    if cron is None:
        return CheckedCron(tuple(problems))
    ticks = await asyncio.to_thread(lambda: tuple(islice(cron.ticks(wall_ms()), count)))
    return CheckedCron((), cron.words, ticks)


async def save_schedule(
    services: Services, asked: SaveSchedule, *, principal: str, idempotency_key: str | None = None
) -> SaveResult:
    """Keeps a schedule; it ticks from now on. One that is replaced stays paused if it is."""
    key = key_of(principal, "saveSchedule", idempotency_key, asdict(asked))
    try:
        if key is not None and (kept := await services.store.write(partial(recall, key=key))):
            return Saved(**kept)
        async with services.store.snapshot() as snapshot:
            found = await find_version(snapshot, asked.pipeline, None)
        assert not isinstance(found, NoVersion)  # the latest one is always there
        if not isinstance(found, Version):
            return found
        cron, problems = await asyncio.to_thread(read_cron, asked.cron, asked.time_zone)
        problems += field_problems(asked)
        problems += param_problems(services.starter.binder, found.definition, asked)
        if cron is None or problems:
            return Invalid(tuple(problems))
        new = _new(asked, found.pipeline_id, cron)
        return await services.store.write(partial(_save, key=key, new=new, replace=asked.replace))
    except KeyReused as error:
        return IdempotencyConflict(str(error))


async def pause_schedule(
    services: Services, name: str, note: str | None, *, principal: str, idempotency_key: str | None
) -> ChangeResult:
    """Stops its ticks until it is resumed; runs that it started go on."""
    key = key_of(principal, "pauseSchedule", idempotency_key, {"name": name, "note": note})
    return await _change(
        services, name, partial(store_schedules.pause_schedule, name=name, note=note), key
    )


async def resume_schedule(
    services: Services, name: str, *, principal: str, idempotency_key: str | None
) -> ChangeResult:
    """Lets it tick from now on; what it would have started meanwhile is not made good."""
    key = key_of(principal, "resumeSchedule", idempotency_key, {"name": name})
    return await _change(services, name, partial(store_schedules.resume_schedule, name=name), key)


async def delete_schedule(
    services: Services, name: str, *, principal: str, idempotency_key: str | None
) -> ChangeResult:
    """Deletes it; its runs go on and stay."""
    key = key_of(principal, "deleteSchedule", idempotency_key, {"name": name})
    return await _change(services, name, partial(store_schedules.delete_schedule, name=name), key)


async def _change(
    services: Services, name: str, change: Callable[[Transaction], str | None], key: Key | None
) -> ChangeResult:
    def unit(tx: Transaction) -> Changed | None:
        if kept := recall(tx, key):
            return Changed(**kept)
        schedule_id = change(tx)
        if schedule_id is None:
            return None
        keep(tx, key, {"schedule_id": schedule_id})
        return Changed(schedule_id)

    try:
        if (found := await services.store.write(unit)) is not None:
            return found
    except KeyReused as error:
        return IdempotencyConflict(str(error))
    async with services.store.snapshot() as snapshot:
        return NoSchedule(tuple(nearest_many(name, await schedule_names(snapshot))))


def _save(
    tx: Transaction, *, key: Key | None, new: store_schedules.NewSchedule, replace: bool
) -> Saved | ScheduleExists:
    if kept := recall(tx, key):
        return Saved(**kept)
    saved = store_schedules.save_schedule(tx, new, replace=replace)
    if isinstance(saved, store_schedules.ScheduleThere):
        return ScheduleExists(saved.schedule_id)
    found = Saved(saved.schedule_id, saved.created)
    keep(tx, key, asdict(found))
    return found


def _new(asked: SaveSchedule, pipeline_id: str, cron: Cron) -> store_schedules.NewSchedule:
    return store_schedules.NewSchedule(
        name=asked.name,
        pipeline_id=pipeline_id,
        cron=cron,
        params=asked.params,
        tick_param=asked.tick_param,
        overlap=asked.overlap,
        catch_up_ms=round(asked.catch_up_seconds * 1000),
        jitter_ms=round(asked.jitter_seconds * 1000),
        priority=asked.priority,
        labels=asked.labels,
    )
