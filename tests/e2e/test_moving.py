"""From the file to a server's database in the middle of everything: nobody who watches can tell."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.databases import on_server
from tests.system import documents
from tests.system.checks import sound
from tests.system.client import Api, call
from tests.system.following import Chain, follow_run
from tests.system.grounds import Grounds
from tests.system.postgres import Postgres
from tests.system.processes import Process, Server
from tests.system.signs import let_go, running
from tests.system.streams import PATIENCE_SECONDS, Stream

RERUN = """
mutation ($input: RerunInput!) { rerun(input: $input) {
  ... on StartRunSuccess { run { id blocks { name reusedFrom { name } } } }
} }
"""
SAVE = """
mutation ($input: SaveScheduleInput!) { saveSchedule(input: $input) { __typename } }
"""
PAUSE = """
mutation ($input: PauseScheduleInput!) { pauseSchedule(input: $input) { __typename } }
"""
RESUME = """
mutation ($input: ResumeScheduleInput!) { resumeSchedule(input: $input) { __typename } }
"""
TICKS = """
{ schedule(name: "often") {
  paused pauseNote ticks(first: 50) { nodes { at outcome run { id } } }
} }
"""
WATCH = "subscription { schedules { lastTick { at } } }"
RUNS = """
query ($first: Int!, $after: Cursor) {
  runs(first: $first, after: $after) { nodes { id } pageInfo { endCursor } }
}
"""
OVER = ("done", "failed", "cancelled")


@dataclass(frozen=True)
class Left:
    """What clients remember of the file: runs by what had become of them, and where they were."""

    runs: dict[str, str]
    states: dict[str, Any]
    watched: Chain
    cursor: str
    page: str
    rest: list[dict[str, Any]]
    ticks: list[dict[str, Any]]


@pytest.fixture
def address(postgres: Postgres) -> Iterator[str]:
    with on_server(postgres) as database:
        yield database.environment["TEST_DATABASE_URL"]


async def test_runs_go_on_where_they_were_copied_to(tmp_path: Path, address: str) -> None:
    with Grounds(tmp_path) as before:
        server = before.serve()
        async with Api(server.url) as api:
            left = await _leave(api, server, tmp_path)
        await before.kill(server)
        copying = Process(("db", "copy", "--to", address), tmp_path, {})
        before.processes.append(copying)
        assert await asyncio.to_thread(copying.wait) == 0, copying.said
    let_go(tmp_path)
    with Grounds(tmp_path, TEST_DATABASE_URL=address) as after:
        server = after.serve()
        async with Api(server.url) as api:
            await _is_as_it_was(api, left)
            await _goes_on(api, server, left)
            await _begins_anew(api, left, tmp_path)


async def _leave(api: Api, server: Server, folder: Path) -> Left:
    """Both slots taken by runs that hold, one more that waits, and some of every other end."""
    place = {"folder": str(folder)}
    last = call("last", "if_there", args={**place, "gate": "mended"})
    await api.bring_in([call("a", "numbers", args={"count": 3}), last], [("a", "last")], "mends")
    await api.bring_in([call("a", "say_and_make", args={"lines": 40})], name="done")
    await api.bring_in([call("a", "hold", args=place), call("b", "nothing")], [("a", "b")], "holds")
    runs = {"done": await api.start("done", idempotencyKey="once")}
    runs["failed"] = await api.start("mends")
    assert [await api.end(each) for each in runs.values()] == ["SUCCEEDED", "FAILED"]
    runs["cancelled"] = await api.start("holds")
    await running(folder, runs["cancelled"], "a")
    await api.cancel(runs["cancelled"])
    assert await api.end(runs["cancelled"]) == "CANCELLED"
    ticks = await _ticked(api)
    for name in ("held", "also held"):
        runs[name] = await api.start("holds")
        await running(folder, runs[name], "a")
    runs["queued"] = await api.start("done", priority=-1)
    watched, cursor = await _begun(server, runs["held"])
    page = (await api.ask(RUNS, first=2))["runs"]["pageInfo"]["endCursor"]
    rest = (await api.ask(RUNS, first=50, after=page))["runs"]["nodes"]
    states = {name: await _told(api, run_id) for name, run_id in runs.items()}
    assert [states[name]["status"] for name in ("held", "queued")] == ["RUNNING", "QUEUED"]
    return Left(runs, states, watched, cursor, page, rest, ticks)


async def _ticked(api: Api) -> list[dict[str, Any]]:
    """A schedule has fired, and is paused."""
    given = {"name": "often", "pipeline": "done", "cron": "* * * * * *"}
    saved = (await api.ask(SAVE, input=given))["saveSchedule"]
    assert saved["__typename"] == "SaveScheduleSuccess"
    await _next_tick(api, None)
    await api.ask(PAUSE, input={"name": "often", "note": "for the move"})
    ticks = (await api.ask(TICKS))["schedule"]["ticks"]["nodes"]
    for tick in ticks:
        if tick["outcome"] == "STARTED":
            await api.end(tick["run"]["id"])
    return list(ticks)


async def _next_tick(api: Api, last: str | None) -> None:
    """Returns when the schedule's last tick is another."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        listed: Any
        async for listed in Stream(api.url, WATCH, {}).values():
            (schedule,) = listed
            if schedule["lastTick"] is not None and schedule["lastTick"]["at"] != last:
                return


async def _begun(server: Server, run_id: str) -> tuple[Chain, str]:
    """What a subscriber has seen of a run that holds, and its cursor."""
    chain = Chain()
    async for batch in Stream(server.url, documents.EVENTS, {"run": run_id}).values():
        chain.take(batch)
        if any(event["kind"] == "BLOCK_STARTED" for event in batch["events"]):
            return chain, str(batch["cursor"])
    raise AssertionError(f"it ended: {chain.entries}")


async def _told(api: Api, run_id: str) -> dict[str, Any]:
    """A run without what is made for each question."""
    state = await api.state(run_id)
    for artifact in state["artifacts"]["nodes"]:
        del artifact["downloadUrl"]
    return state


async def _is_as_it_was(api: Api, left: Left) -> None:
    for name in OVER:
        assert await _told(api, left.runs[name]) == left.states[name]
        await sound(api, left.runs[name])
    lines = follow_run(api.url, left.runs["done"])
    assert await lines.to_the_end() == left.states["done"]["timeline"]["nodes"]
    schedule = (await api.ask(TICKS))["schedule"]
    assert (schedule["paused"], schedule["pauseNote"]) == (True, "for the move")
    assert schedule["ticks"]["nodes"] == left.ticks
    page = (await api.ask(RUNS, first=50, after=left.page))["runs"]["nodes"]
    assert page == left.rest


async def _goes_on(api: Api, server: Server, left: Left) -> None:
    """The old cursor has neither a gap nor a repeat: the chain checks each batch."""
    asked = {"run": left.runs["held"], "after": left.cursor}
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for batch in Stream(server.url, documents.EVENTS, asked).values():
            left.watched.take(batch)
    left.watched.completed()
    for name in ("held", "also held", "queued"):
        assert await api.end(left.runs[name]) == "SUCCEEDED"
        run = await sound(api, left.runs[name])
        before = left.states[name]["timeline"]["nodes"]
        assert run["timeline"]["nodes"][: len(before)] == before
        losses = [e for e in run["timeline"]["nodes"] if e["kind"] == "WORKER_LOST"]
        assert len(losses) == (name != "queued")
    whole = (await api.state(left.runs["held"]))["timeline"]["nodes"]
    assert left.watched.entries == whole


async def _begins_anew(api: Api, left: Left, folder: Path) -> None:
    """What failed is rerun from what it had made, a key starts nothing twice, ticks come again."""
    (folder / "mended").touch()
    again = (await api.ask(RERUN, input={"runId": left.runs["failed"]}))["rerun"]["run"]
    assert await api.end(again["id"]) == "SUCCEEDED"
    assert [b["name"] for b in again["blocks"] if b["reusedFrom"]] == ["a"]
    assert await api.start("done", idempotencyKey="once") == left.runs["done"]
    await api.ask(RESUME, input={"name": "often"})
    await _next_tick(api, left.ticks[0]["at"])
    await api.ask(PAUSE, input={"name": "often"})
    await api.cancel_all()
