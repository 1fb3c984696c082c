"""Schedules through the API: what they are, what is refused, pause, resume and delete."""

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import pytest
from sqlalchemy import bindparam, select, update

from headrace.services.core import Services
from headrace.store.clock import wall_ms
from headrace.store.database import Store
from headrace.store.statements import Statement
from headrace.store.tables import schedules
from tests.api.graphql.asking import Asking
from tests.api.graphql.scheduling import BERLIN, Scheduling
from tests.api.graphql.watched import WatchedStore
from tests.store.reads.world import World, document

PARAMS = [
    {"name": "n", "type": "integer", "required": True},
    {"name": "day", "type": "datetime", "required": False},
    {"name": "path", "type": "path", "required": False},
]
CHECK = """
query ($cron: String!, $zone: String!, $count: Int!) {
  checkCron(cron: $cron, timeZone: $zone, count: $count) {
    valid problems { code path message suggestion } inWords nextTimes
  }
}
"""
LIST = """
query ($first: Int, $after: Cursor) { schedules(first: $first, after: $after) {
  nodes { name } pageInfo { hasNextPage endCursor } totalCount
} }
"""
_BACK = Statement(
    update(schedules).values(
        next_tick_at=schedules.c.next_tick_at - bindparam("ms"),
        next_fire_at=schedules.c.next_fire_at - bindparam("ms"),
    )
)


@pytest.fixture
async def schedule(api: Asking, world: World) -> Scheduling:
    await world.save(document("p", "a", ""))
    await world.save(document("with", "a", "", params=PARAMS))
    return Scheduling(api)


async def test_a_schedule_is_shown_as_it_was_saved(schedule: Scheduling) -> None:
    saved = await schedule.save(
        pipeline="with",
        cron=f" {schedule.daily} ",
        timeZone=BERLIN,
        params={"n": 1},
        tickParam="day",
        overlap="ALLOW",
        catchUpSeconds=7200.5,
        jitterSeconds=60,
        priority=5,
        labels=[{"key": "team", "value": "x"}],
    )
    assert saved["__typename"] == "SaveScheduleSuccess", saved
    assert saved["created"]
    found = await schedule.show()
    times = [datetime.fromisoformat(at) for at in found.pop("nextFireTimes")]
    assert found.pop("id") == saved["schedule"]["id"]
    assert found == {
        "name": "s",
        "pipeline": {"name": "with"},
        "cron": schedule.daily,
        "cronInWords": "At {1:0>2}:{0:0>2} every day".format(*schedule.daily.split()),
        "timeZone": BERLIN,
        "params": {"n": 1},
        "tickParam": "day",
        "overlap": "ALLOW",
        "catchUpSeconds": 7200.5,
        "jitterSeconds": 60,
        "priority": 5,
        "labels": [{"key": "team", "value": "x"}],
        "paused": False,
        "pauseNote": None,
        "pausedAt": None,
        "lastTick": None,
        "ticks": {"nodes": []},
        "activeRuns": [],
    }
    ticks = schedule.ahead(2, schedule.daily, BERLIN)
    late = [at.timestamp() - tick / 1000 for at, tick in zip(times, ticks, strict=True)]
    assert all(0 <= each <= 60 for each in late)


async def test_the_defaults_are_those_that_do_no_harm(schedule: Scheduling) -> None:
    await schedule.save()
    found = await schedule.show()
    kept = ("timeZone", "params", "tickParam", "overlap", "catchUpSeconds", "jitterSeconds")
    assert [found[name] for name in kept] == ["UTC", {}, None, "SKIP", 3600, 0]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"cron": "61 * * * *"}, "INVALID_CRON", ["cron"]),
        ({"timeZone": "Europe/Berln"}, "UNKNOWN_TIME_ZONE", ["timeZone"]),
        ({"name": "new"}, "INVALID_NAME", ["name"]),
        ({"catchUpSeconds": -1}, "WRONG_TYPE", ["catchUpSeconds"]),
        ({"jitterSeconds": 86401}, "WRONG_TYPE", ["jitterSeconds"]),
        ({"params": {"x": 1}}, "UNKNOWN_PARAM", ["params", "x"]),
        ({"pipeline": "with"}, "MISSING_PARAM", ["params", "n"]),
        ({"pipeline": "with", "params": {"n": "no"}}, "INVALID_PARAM", ["params", "n"]),
        (
            {"pipeline": "with", "params": {"n": 1, "path": "/etc/passwd"}},
            "INVALID_PARAM",
            ["params", "path"],
        ),
        ({"tickParam": "day"}, "UNKNOWN_PARAM", ["tickParam"]),
        ({"pipeline": "with", "tickParam": "n"}, "INVALID_PARAM", ["tickParam"]),
        (
            {"pipeline": "with", "params": {"day": "2026-01-01T00:00:00Z"}, "tickParam": "day"},
            "INVALID_PARAM",
            ["tickParam"],
        ),
    ],
)
async def test_what_is_wrong_is_said_of_its_field_and_nothing_is_saved(
    schedule: Scheduling, given: dict[str, Any], code: str, path: list[str]
) -> None:
    found = await schedule.save(**given)
    assert (found["__typename"], found["code"]) == ("ScheduleInvalid", "INVALID")
    (problem,) = found["problems"]
    assert (problem["code"], problem["path"]) == (code, path)
    assert await schedule.show(given.get("name", "s")) is None


async def test_every_problem_comes_at_once(schedule: Scheduling) -> None:
    found = await schedule.save(cron="x", timeZone="y", jitterSeconds=-1, params={"x": 1})
    fields = [problem["path"][0] for problem in found["problems"]]
    assert fields == ["cron", "timeZone", "jitterSeconds", "params"]


async def test_a_near_name_is_suggested(schedule: Scheduling) -> None:
    found = await schedule.save(pipeline="wit")
    assert (found["__typename"], found["nearest"]) == ("PipelineNotFound", ["with"])
    found = await schedule.save(pipeline="with", params={"n": 1}, tickParam="dya")
    assert found["problems"][0]["suggestion"] == "day"
    await schedule.save()
    for what in ("pause", "resume", "delete"):
        found = await schedule.change(what, name="S")
        assert (found["__typename"], found["nearest"]) == ("ScheduleNotFound", ["s"])


async def test_an_archived_pipeline_gets_no_schedule(schedule: Scheduling, world: World) -> None:
    saved = await world.save(document("old", "a", ""))
    await world.archive(saved.pipeline_id)
    found = await schedule.save(pipeline="old")
    assert (found["__typename"], found["code"]) == ("PipelineArchived", "CONFLICT")


@pytest.mark.parametrize(
    ("given", "field"),
    [({"priority": 101}, "priority"), ({"labels": [{"key": "", "value": ""}]}, "labels")],
)
async def test_what_runs_could_not_have_is_refused_as_for_runs(
    schedule: Scheduling, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(AssertionError, match=f"`{field}`"):
        await schedule.save(**given)


async def test_a_schedule_is_replaced_only_where_that_is_asked_for(schedule: Scheduling) -> None:
    first = await schedule.save()
    found = await schedule.save(cron="5 * * * *")
    assert (found["__typename"], found["schedule"]) == ("ScheduleExists", {"name": "s"})
    found = await schedule.save(cron="5 * * * *", replaceIfExists=True)
    assert (found["created"], found["schedule"]["id"]) == (False, first["schedule"]["id"])
    assert (await schedule.show())["cron"] == "5 * * * *"


async def test_a_change_of_params_loses_no_tick_that_is_due_and_keeps_a_pause(
    schedule: Scheduling, world: World
) -> None:
    await schedule.save()
    await schedule.change("pause", note="wait")
    await world.write(lambda tx: tx.change(_BACK, {"ms": 3_600_000}))
    due = (await row(world)).next_tick_at
    await schedule.save(priority=1, replaceIfExists=True)
    assert (await row(world)).next_tick_at == due
    assert (await schedule.show())["pauseNote"] == "wait"
    await schedule.save(cron="1 * * * *", replaceIfExists=True)
    assert (await row(world)).next_tick_at > wall_ms()


async def test_a_pause_has_a_note_and_passes_over_the_ticks_within_it(
    schedule: Scheduling, world: World
) -> None:
    await schedule.save()
    found = (await schedule.change("pause", note=" bad data "))["schedule"]
    assert (found["paused"], found["pauseNote"], found["nextFireTimes"]) == (True, "bad data", [])
    assert found["pausedAt"] is not None
    again = (await schedule.change("pause", note="worse"))["schedule"]
    assert (again["pauseNote"], again["pausedAt"]) == ("worse", found["pausedAt"])
    # As if the pause had gone on for two hours.
    await world.write(lambda tx: tx.change(_BACK, {"ms": 7_200_000}))
    await schedule.fire(wall_ms())
    found = (await schedule.change("resume"))["schedule"]
    assert (found["paused"], found["pauseNote"], found["pausedAt"]) == (False, None, None)
    assert len(found["nextFireTimes"]) == 5
    await schedule.fire(wall_ms())
    assert await schedule.ticks() == []
    assert (await row(world)).next_tick_at == schedule.ahead(1)[0]


async def test_resuming_what_is_not_paused_skips_no_tick(
    schedule: Scheduling, world: World
) -> None:
    await schedule.save()
    before = await row(world)
    await schedule.change("resume")
    assert await row(world) == before


async def test_a_note_that_is_too_long_is_refused(schedule: Scheduling) -> None:
    await schedule.save()
    with pytest.raises(AssertionError, match="`note` must be at most 500"):
        await schedule.change("pause", note="x" * 501)


async def test_a_deleted_schedule_is_gone_and_its_runs_stay(schedule: Scheduling) -> None:
    await schedule.save()
    await schedule.fire(schedule.ahead(1)[0])
    found = await schedule.change("delete")
    assert (found["__typename"], found["name"]) == ("DeleteScheduleSuccess", "s")
    assert await schedule.show() is None
    (run,) = await schedule.runs()
    assert (run["trigger"], run["schedule"]) == ("SCHEDULE", None)
    assert (await schedule.change("delete"))["__typename"] == "ScheduleNotFound"


async def test_keys_make_repeats_harmless(schedule: Scheduling) -> None:
    first = await schedule.save(idempotencyKey="k")
    assert await schedule.save(idempotencyKey="k") == first
    found = await schedule.save(idempotencyKey="k", priority=1)
    assert found["__typename"] == "IdempotencyConflict"
    await schedule.change("pause", idempotencyKey="k")
    await schedule.change("resume", idempotencyKey="k")
    await schedule.change("pause", idempotencyKey="k")
    assert not (await schedule.show())["paused"]
    found = await schedule.change("pause", note="other", idempotencyKey="k")
    assert found["__typename"] == "IdempotencyConflict"
    gone = await schedule.change("delete", idempotencyKey="k")
    assert await schedule.change("delete", idempotencyKey="k") == gone


async def test_schedules_are_listed_by_name_and_by_pipeline(schedule: Scheduling) -> None:
    for name in ("c", "a", "b"):
        await schedule.save(name=name)
    found = (await schedule.api(LIST, first=2))["schedules"]
    assert [each["name"] for each in found["nodes"]] == ["a", "b"]
    assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (3, True)
    rest = (await schedule.api(LIST, after=found["pageInfo"]["endCursor"]))["schedules"]
    assert [each["name"] for each in rest["nodes"]] == ["c"]
    pipeline = '{ pipeline(name: "p") { schedules { name } } }'
    found = (await schedule.api(pipeline))["pipeline"]["schedules"]
    assert [each["name"] for each in found] == ["a", "b", "c"]


async def test_a_list_of_schedules_takes_as_many_statements_as_it_has_relations(
    schedule: Scheduling, services: Services
) -> None:
    for number in range(15):
        await schedule.save(name=f"s{number}")
    await schedule.fire(schedule.ahead(1)[0])
    counted = WatchedStore(services.store)
    found = await Asking(replace(services, store=cast(Store, counted)))(
        """
        { schedules(first: 15) { totalCount nodes {
            name cronInWords nextFireTimes pipeline { name schedules { name } }
            lastTick { outcome run { status schedule { name } } } activeRuns { id }
        } } }
        """
    )
    assert {each["lastTick"]["outcome"] for each in found["schedules"]["nodes"]} == {"STARTED"}
    relations = {
        "the page": 1,
        "its count": 1,
        "pipelines": 1,
        "their schedules": 1,
        "last ticks": 1,
        "active runs": 1,
        "runs of both": 1,
        "their schedules by id": 1,
    }
    assert len(counted.statements) == sum(relations.values()), counted.statements


async def test_a_schedule_is_a_node(schedule: Scheduling) -> None:
    saved = await schedule.save()
    node = "query ($id: ID!) { node(id: $id) { __typename id } }"
    found = (await schedule.api(node, id=saved["schedule"]["id"]))["node"]
    assert found == {"__typename": "Schedule", "id": saved["schedule"]["id"]}


async def test_an_expression_is_checked_for_forms(api: Asking) -> None:
    given = {"cron": "30 2 * * MON-FRI", "zone": BERLIN, "count": 3}
    before = Scheduling(api).ahead(3, "30 2 * * MON-FRI", BERLIN)
    found = (await api(CHECK, **given))["checkCron"]
    assert (found["valid"], found["problems"]) == (True, [])
    assert found["inWords"] == "At 02:30 on Monday through Friday"
    times = [datetime.fromisoformat(at).timestamp() * 1000 for at in found["nextTimes"]]
    assert times in (before, Scheduling(api).ahead(3, "30 2 * * MON-FRI", BERLIN))
    found = (await api(CHECK, cron="x", zone="Berlin", count=1))["checkCron"]
    assert (found["valid"], found["inWords"], found["nextTimes"]) == (False, None, [])
    assert [problem["path"] for problem in found["problems"]] == [["cron"], ["timeZone"]]
    assert found["problems"][1]["suggestion"] == "Europe/Berlin"
    assert (await api.error(CHECK, cron="x", zone="UTC", count=101))[0] == "BAD_USER_INPUT"


async def row(world: World) -> Any:
    async with world.store.snapshot() as snapshot:
        return await snapshot.first(select(*schedules.c))
