"""A schedule that ticks each second, while the processes that fire it are killed one by one."""

from contextlib import aclosing
from datetime import datetime
from typing import Any

from tests.system import documents
from tests.system.client import Api, call
from tests.system.grounds import Grounds
from tests.system.streams import Stream

SAVE = """
mutation ($input: SaveScheduleInput!) { saveSchedule(input: $input) {
  __typename ... on Error { message }
} }
"""
PAUSE = """
mutation { pauseSchedule(input: {name: "each-second"}) {
  __typename ... on Error { message }
} }
"""
WATCH = "subscription { schedules { lastTick { at outcome } } }"
FOUND = """
{ schedule(name: "each-second") { ticks(first: 200) { nodes { at outcome run { id } } } }
  runs(first: 200) { nodes { id trigger params } } }
"""
EACH_SECOND = {
    "name": "each-second",
    "pipeline": "p",
    "cron": "* * * * * *",
    "overlap": "ALLOW",
    "tickParam": "at",
}


async def test_each_tick_starts_one_run_whichever_processes_die(grounds: Grounds) -> None:
    """Three processes look at one database; each is killed in turn, and at last all at once."""
    first, second, worker = grounds.serve(), grounds.serve("--no-worker"), grounds.worker()
    await grounds.up(first, second, worker)
    async with Api(first.url) as api:
        await bring_in(api)
        saved = await api.ask(SAVE, input=EACH_SECOND)
        assert saved["saveSchedule"]["__typename"] == "SaveScheduleSuccess", saved
        await ticked(first.url, 2)
        await grounds.kill(worker)
        await ticked(first.url, 2)
        await grounds.kill(second)
        await ticked(first.url, 2)
    worker, second = grounds.worker(), grounds.serve("--no-worker")
    await grounds.up(worker, second)
    await ticked(second.url, 1)
    await grounds.kill(first)
    await ticked(second.url, 2)
    await grounds.kill(second, worker)
    last = grounds.serve()
    await grounds.up(last)
    await ticked(last.url, 3)
    async with Api(last.url) as api:
        paused = await api.ask(PAUSE)
        assert paused["pauseSchedule"]["__typename"] == "PauseScheduleSuccess"
        found = await api.ask(FOUND)
    ticks = found["schedule"]["ticks"]["nodes"][::-1]
    assert {tick["outcome"] for tick in ticks} == {"STARTED"}
    at = [seconds(tick["at"]) for tick in ticks]
    assert at == list(range(at[0], at[0] + len(at))), "a second was left out"
    told = {tick["run"]["id"]: seconds(tick["at"]) for tick in ticks}
    # On a slow machine the first ticks may be forgotten by now, and not their runs.
    made = {
        run["id"]: of
        for run in found["runs"]["nodes"]
        if (of := seconds(run["params"]["at"])) >= at[0]
    }
    assert made == told, "each tick has one run, and each run its tick"
    assert {run["trigger"] for run in found["runs"]["nodes"]} == {"SCHEDULE"}


async def bring_in(api: Api) -> None:
    definition = {
        "name": "p",
        "params": [{"name": "at", "type": "DATETIME"}],
        "blocks": [call("a", "nothing")],
        "edges": [],
    }
    done = await api.ask(documents.IMPORT, input={"source": {"definition": definition}})
    assert done["importPipeline"]["__typename"] == "ImportPipelineSuccess", done


async def ticked(url: str, count: int) -> None:
    """Returns when `count` more ticks were seen at this server."""
    seen: set[Any] = set()
    async with aclosing(Stream(url, WATCH, {}).values()) as states:
        async for shown in states:
            state: Any = shown
            seen |= {each["lastTick"]["at"] for each in state if each["lastTick"]}
            if len(seen) > count:
                return


def seconds(at: str) -> int:
    return round(datetime.fromisoformat(at).timestamp())
