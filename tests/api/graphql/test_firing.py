"""Ticks through the API and the real store: one run each, whoever fires them and when."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from headrace.domain.schedules import MOST_AT_ONCE
from headrace.services.core import Services
from headrace.services.firing import Firing
from headrace.store.database import Store
from headrace.store.ticks import KEPT_TICKS
from tests.api.graphql.asking import Asking
from tests.api.graphql.scheduling import BERLIN, HeldStore, Scheduling
from tests.store.reads.world import World, document

HOUR_MS = 3_600_000
DAY = {"name": "day", "type": "datetime"}


@pytest.fixture
async def schedule(api: Asking, world: World) -> Scheduling:
    await world.save(document("p", "a", ""))
    return Scheduling(api)


async def test_a_tick_starts_one_run_of_the_latest_version(
    schedule: Scheduling, world: World
) -> None:
    params = [{"name": "n", "type": "integer", "default": 7}]
    await world.save(document("p", "a b", "a>b", params=params))
    labels = [{"key": "team", "value": "x"}]
    await schedule.save(priority=3, labels=labels)
    (tick,) = schedule.ahead(1)
    await schedule.fire(tick - 1)
    assert await schedule.runs() == []
    await schedule.fire(tick)
    (run,) = await schedule.runs()
    assert run == {
        "id": run["id"],
        "status": "QUEUED",
        "trigger": "SCHEDULE",
        "params": {"n": 7},
        "priority": 3,
        "labels": labels,
        "cancellation": None,
        "schedule": {"name": "s"},
    }
    found = await schedule.show()
    assert found["activeRuns"] == [{"id": run["id"]}]
    assert found["lastTick"] == found["ticks"]["nodes"][0]
    assert found["lastTick"] == {
        "at": spelled(tick),
        "outcome": "STARTED",
        "message": None,
        "count": 1,
        "run": {"id": run["id"], "status": "QUEUED"},
    }
    assert found["nextFireTimes"] == [spelled(tick + HOUR_MS), spelled(tick + 2 * HOUR_MS)]


async def test_processes_that_fire_the_same_tick_at_once_start_one_run(
    schedule: Scheduling, services: Services
) -> None:
    """They all see it due before the first one writes."""
    for number in range(5):
        await schedule.save(name=f"s{number}", overlap="ALLOW")
    crowd = [Firing(services.store, services.starter) for _ in range(6)]
    for tick in schedule.ahead(3):
        await asyncio.gather(*(each.fire_due(tick) for each in crowd))
    runs = await schedule.runs()
    names = sorted(run["schedule"]["name"] for run in runs)
    assert names == sorted(f"s{number}" for number in range(5) for _ in range(3))


async def test_time_that_is_set_back_fires_no_tick_twice(schedule: Scheduling) -> None:
    await schedule.save(overlap="ALLOW")
    first, second = schedule.ahead(2)
    await schedule.fire(second)
    await schedule.fire(first)
    # Whoever resumes it begins at the clock's time, which has these ticks ahead again.
    await schedule.change("pause")
    await schedule.change("resume")
    await schedule.fire(second)
    assert await schedule.ticks() == [("STARTED", 1)] * 2
    assert len(await schedule.runs()) == 2


async def test_the_param_for_the_tick_gets_its_time_in_the_schedules_zone(
    schedule: Scheduling, world: World
) -> None:
    await world.save(document("daily", "a", "", params=[DAY]))
    await schedule.save(
        pipeline="daily", cron=schedule.daily, timeZone=BERLIN, tickParam="day", jitterSeconds=600
    )
    (tick,) = schedule.ahead(1, schedule.daily, BERLIN)
    await schedule.fire(tick + 600_000)
    (run,) = await schedule.runs()
    day = datetime.fromisoformat(run["params"]["day"])
    assert day.timestamp() * 1000 == tick
    assert f"{day.minute} {day.hour} * * *" == schedule.daily
    assert day.utcoffset() in {timedelta(hours=1), timedelta(hours=2)}


async def test_ticks_that_were_slept_through_are_made_good_within_the_window(
    schedule: Scheduling, world: World
) -> None:
    """Each with its own time, for a day's data is that day's; those before the window are told."""
    await world.save(document("hourly", "a", "", params=[DAY]))
    await schedule.save(
        pipeline="hourly", tickParam="day", overlap="ALLOW", catchUpSeconds=2 * 3600
    )
    ticks = schedule.ahead(6)
    await schedule.fire(ticks[-1])
    assert await schedule.ticks() == [("MISSED", 3), *[("STARTED", 1)] * 3]
    days = [datetime.fromisoformat(run["params"]["day"]) for run in await schedule.runs()]
    assert [day.timestamp() * 1000 for day in days] == ticks[3:]
    missed = (await schedule.show())["ticks"]["nodes"][-1]
    assert missed["at"] == spelled(ticks[2])
    assert missed["message"].startswith("3 ticks from ")
    assert "catch-up window (2:00:00)" in missed["message"]
    assert missed["run"] is None


async def test_a_month_of_missed_seconds_is_one_tick_that_says_so(schedule: Scheduling) -> None:
    await schedule.save(cron="* * * * * *", catchUpSeconds=0)
    month = schedule.ahead(1)[0] + 30 * 24 * HOUR_MS
    # The sweep of this very process may have fired some by then.
    before = len(await schedule.ticks())
    await schedule.fire(month)
    found = await schedule.ticks()
    assert ("MISSED", 1_000) in found
    assert len(found) <= before + 1 + MOST_AT_ONCE
    tick = next(each for each in (await schedule.show())["ticks"]["nodes"] if each["count"] > 1)
    assert tick["message"].startswith("More than 1000 ticks from ")


async def test_a_tick_is_skipped_while_a_run_has_not_ended(
    schedule: Scheduling, world: World
) -> None:
    await schedule.save()
    first, second, third = schedule.ahead(3)
    await schedule.fire(first)
    (run,) = await schedule.runs()
    await schedule.fire(second)
    last = (await schedule.show())["lastTick"]
    assert (last["outcome"], last["run"]) == ("SKIPPED", {"id": run["id"], "status": "QUEUED"})
    assert last["message"] == f"Run {run['id']} had not ended"
    assert len(await schedule.runs()) == 1
    await world.cancel(run["id"])
    await schedule.fire(third)
    assert await schedule.ticks() == [("STARTED", 1), ("SKIPPED", 1), ("STARTED", 1)]


async def test_a_run_that_others_started_is_no_overlap(schedule: Scheduling, world: World) -> None:
    await world.start(document("p", "a", ""))
    await schedule.save()
    await schedule.fire(schedule.ahead(1)[0])
    assert await schedule.ticks() == [("STARTED", 1)]


async def test_a_run_that_outlives_the_ticks_that_are_kept_still_counts(
    schedule: Scheduling,
) -> None:
    await schedule.save(cron="* * * * *", catchUpSeconds=24 * 3600)
    ticks = schedule.ahead(KEPT_TICKS + 30, "* * * * *")
    await schedule.fire(ticks[-1])
    assert await schedule.ticks() == [("SKIPPED", 1)] * KEPT_TICKS
    assert len(await schedule.runs()) == 1


async def test_a_tick_replaces_the_run_that_has_not_ended(
    schedule: Scheduling, world: World
) -> None:
    await schedule.save(overlap="REPLACE")
    first, second = schedule.ahead(2)
    await schedule.fire(first)
    (old,) = await schedule.runs()
    block = await world.claim_one(await world.worker())
    await schedule.fire(second)
    old, new = await schedule.runs()
    assert (old["status"], new["status"]) == ("CANCELLING", "QUEUED")
    assert old["cancellation"]["reason"] == "replaced by the next tick of its schedule"
    found = await schedule.show()
    assert found["lastTick"]["run"]["id"] == new["id"]
    assert old["id"] in found["lastTick"]["message"]
    assert [run["id"] for run in found["activeRuns"]] == [old["id"], new["id"]]
    await world.succeed(block)
    assert [run["id"] for run in (await schedule.show())["activeRuns"]] == [new["id"]]


async def test_of_several_due_ticks_only_the_last_replaces(schedule: Scheduling) -> None:
    await schedule.save(overlap="REPLACE", catchUpSeconds=24 * 3600)
    await schedule.fire(schedule.ahead(3)[-1])
    assert await schedule.ticks() == [("SKIPPED", 1), ("SKIPPED", 1), ("STARTED", 1)]


async def test_a_tick_whose_params_no_longer_fit_fails_and_the_schedule_lives_on(
    schedule: Scheduling, world: World
) -> None:
    await schedule.save(overlap="ALLOW")
    first, second, third = schedule.ahead(3)
    needs = [{"name": "n", "type": "integer", "required": True}]
    await world.save(document("p", "a", "", params=needs))
    await schedule.fire(first)
    last = (await schedule.show())["lastTick"]
    assert (last["outcome"], last["run"]) == ("FAILED", None)
    assert last["message"] == 'Param "n" (integer) is required: give it a value'
    saved = await world.save(document("p", "a", ""))
    await world.archive(saved.pipeline_id)
    await schedule.fire(second)
    last = (await schedule.show())["lastTick"]
    assert last["message"] == "Pipeline p is archived; importing it again revives it"
    await world.save(document("p", "a", ""))
    await schedule.fire(third)
    assert await schedule.ticks() == [("FAILED", 1), ("FAILED", 1), ("STARTED", 1)]


async def test_a_paused_schedule_fires_nothing(schedule: Scheduling) -> None:
    await schedule.save()
    await schedule.change("pause")
    await schedule.fire(schedule.ahead(1)[0])
    assert await schedule.ticks() == []


@pytest.mark.parametrize("pauses", [True, False])
async def test_what_was_changed_since_it_was_looked_at_is_looked_at_again(
    schedule: Scheduling, services: Services, *, pauses: bool
) -> None:
    """A tick that is being decided about while someone pauses starts no run after the pause.

    While someone saves another priority, it starts no run of the old one.
    """
    await schedule.save()
    store = HeldStore(services.store)
    firing = Firing(cast(Store, store), services.starter)
    (tick,) = schedule.ahead(1)
    decided = asyncio.create_task(firing.fire_due(tick))
    await store.waits.wait()
    if pauses:
        await schedule.change("pause")
    else:
        await schedule.save(priority=7, replaceIfExists=True)
    store.goes.set()
    await decided
    assert await schedule.ticks() == []
    await schedule.fire(tick)
    assert [run["priority"] for run in await schedule.runs()] == ([] if pauses else [7])


async def test_a_clock_change_fires_each_nights_tick_once(
    schedule: Scheduling, world: World
) -> None:
    """From the autumn in which an hour comes twice to the spring in which one is left out."""
    await world.save(document("daily", "a", "", params=[DAY]))
    await schedule.save(
        pipeline="daily",
        cron="30 2 * * *",
        timeZone=BERLIN,
        tickParam="day",
        overlap="ALLOW",
    )
    year = schedule.ahead(366, "30 2 * * *", BERLIN)
    for tick in year:
        await schedule.firing.fire_due(tick)
        await schedule.firing.fire_due(tick + HOUR_MS)
    days = [datetime.fromisoformat(run["params"]["day"]) for run in await schedule.runs()]
    dates = [day.date() for day in days]
    assert len(set(dates)) == len(dates) == len(year)
    assert {day.utcoffset() for day in days} == {timedelta(hours=1), timedelta(hours=2)}


async def test_the_sweep_of_a_process_fires_by_itself_and_watchers_are_told(
    schedule: Scheduling,
) -> None:
    watch = "subscription { schedules { name lastTick { outcome run { trigger } } } }"
    async with schedule.api.subscribed(watch) as stream, asyncio.timeout(30):
        assert (await anext(stream))["schedules"] == []
        await schedule.save(cron="* * * * * *")
        async for event in stream:
            (shown,) = event["schedules"]
            if shown["lastTick"] is not None:
                break
    assert shown["lastTick"] == {"outcome": "STARTED", "run": {"trigger": "SCHEDULE"}}


async def test_watchers_are_told_how_the_run_of_the_last_tick_ends(
    schedule: Scheduling, world: World
) -> None:
    await schedule.save()
    watch = "subscription { schedules { lastTick { run { id status } } activeRuns { id } } }"
    async with schedule.api.subscribed(watch) as stream, asyncio.timeout(30):
        (shown,) = (await anext(stream))["schedules"]
        assert shown == {"lastTick": None, "activeRuns": []}
        await schedule.fire(schedule.ahead(1)[0])
        (shown,) = (await anext(stream))["schedules"]
        run = shown["lastTick"]["run"]
        assert (run["status"], shown["activeRuns"]) == ("QUEUED", [{"id": run["id"]}])
        await world.cancel(run["id"])
        (shown,) = (await anext(stream))["schedules"]
    assert shown == {"lastTick": {"run": {**run, "status": "CANCELLED"}}, "activeRuns": []}


def spelled(at: int) -> str:
    return (
        datetime.fromtimestamp(at / 1000, UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )
