"""What subscriptions tell: everything once, in order, and when it is over."""

import asyncio
from collections.abc import AsyncGenerator
from itertools import pairwise
from typing import Any

from headrace.store.attempts import succeed
from tests.api.graphql.asking import Asking
from tests.store.reads.world import World, data_set, document

EVENTS = """
subscription ($id: ID!, $after: Cursor, $kinds: [RunEventKind!]) {
  runEvents(runId: $id, after: $after, kinds: $kinds) {
    afterSeq throughSeq cursor status
    events { seq kind cursor message ... on BlockStateChanged { block attempt }
             ... on ArtifactCreated { artifact { name run { id } } } }
    progress { block attempt rowsDone rowsTotal timestamp }
  }
}
"""
LOGS = """
subscription ($id: ID!, $block: String, $after: Cursor, $level: LogLevel! = DEBUG) {
  logs(runId: $id, block: $block, after: $after, minLevel: $level) {
    cursor lines { seq level block message }
  }
}
"""
RUNS = """
subscription ($filter: RunFilter) {
  runs(filter: $filter) { kind runId run { id status pipeline { name } } }
}
"""
Stream = AsyncGenerator[Any, None]


async def batches(stream: Stream) -> list[dict[str, Any]]:
    return [each["runEvents"] async for each in stream]


async def test_the_backlog_comes_first_and_the_end_is_told(api: Asking, world: World) -> None:
    run_id = await world.start(document("chain"))
    worker = await world.worker()
    async with api.subscribed(EVENTS, id=run_id) as stream:
        first = (await anext(stream))["runEvents"]
        assert (first["afterSeq"], first["throughSeq"], first["status"]) == (0, 2, "QUEUED")
        rest = asyncio.ensure_future(batches(stream))
        await world.finish(run_id, worker)
        found = [first, *(each for each in await rest if each["events"])]
    events = [event for batch in found for event in batch["events"]]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[-1]["kind"] == "RUN_SUCCEEDED"
    assert found[-1]["status"] == "SUCCEEDED"
    assert found[-1]["cursor"] == events[-1]["cursor"]
    for before, batch in pairwise(found):
        assert batch["afterSeq"] == before["throughSeq"]
    made = [event["artifact"] for event in events if event["kind"] == "ARTIFACT_CREATED"]
    assert made == [{"name": "output.arrow", "run": {"id": run_id}}] * 2


async def test_a_watcher_resumes_after_any_event(api: Asking, world: World) -> None:
    run_id = await world.start(document("chain"))
    await world.finish(run_id, await world.worker())
    async with api.subscribed(EVENTS, id=run_id) as stream:
        whole = [event for batch in await batches(stream) for event in batch["events"]]
    for index, event in enumerate(whole):
        async with api.subscribed(EVENTS, id=run_id, after=event["cursor"]) as stream:
            rest = [each for batch in await batches(stream) for each in batch["events"]]
        assert rest == whole[index + 1 :]


async def test_filtered_events_are_passed_over(api: Asking, world: World) -> None:
    run_id = await world.start(document("chain"))
    await world.finish(run_id, await world.worker())
    kinds = ["BLOCK_STARTED"]
    async with api.subscribed(EVENTS, id=run_id, kinds=kinds) as stream:
        (batch,) = await batches(stream)
    assert [event["block"] for event in batch["events"]] == ["a", "b"]
    assert batch["status"] == "SUCCEEDED"
    assert batch["throughSeq"] > batch["events"][-1]["seq"]


async def test_progress_is_told_without_a_seq(api: Asking, world: World) -> None:
    run_id = await world.start(document("chain"))
    block = await world.claim_one(await world.worker())
    await world.progress(block, 3, 2**60)
    async with api.subscribed(EVENTS, id=run_id, kinds=[]) as stream:
        batch = (await anext(stream))["runEvents"]
        (told,) = batch["progress"]
        assert told.pop("timestamp")
        assert told == {"block": "a", "attempt": 1, "rowsDone": 3, "rowsTotal": str(2**60)}
        assert batch["events"] == []
        assert batch["afterSeq"] == batch["throughSeq"]


async def test_lines_come_once_each_and_the_end_is_told(api: Asking, world: World) -> None:
    run_id = await world.start(document("one", "a", ""))
    block = await world.claim_one(await world.worker())
    await world.log(block, "one", "two")
    async with api.subscribed(LOGS, id=run_id) as stream:
        first = (await anext(stream))["logs"]
        assert [line["message"] for line in first["lines"]] == ["one", "two"]
        rest = asyncio.ensure_future(_lines(stream))
        await world.log(block, "three", level=40)
        await world.write(succeed, block.claim, rows=None, output=data_set())
        assert [line["seq"] for line in await rest] == [3]
    async with api.subscribed(LOGS, id=run_id, after=first["cursor"]) as stream:
        assert [line["message"] for line in await _lines(stream)] == ["three"]
    async with api.subscribed(LOGS, id=run_id, level="ERROR", block="a") as stream:
        assert [line["seq"] for line in await _lines(stream)] == [3]
    async with api.subscribed(LOGS, id=run_id, block="b") as stream:
        assert await _lines(stream) == []


async def _lines(stream: Stream) -> list[dict[str, Any]]:
    return [line async for each in stream for line in each["logs"]["lines"]]


async def test_a_run_is_shown_until_it_is_over(api: Asking, world: World) -> None:
    run_id = await world.start(document("one", "a", ""))
    worker = await world.worker()
    ask = "subscription ($id: ID!) { run(id: $id) { status progress { fraction } } }"
    async with api.subscribed(ask, id=run_id) as stream:
        assert (await anext(stream))["run"] == {"status": "QUEUED", "progress": {"fraction": 0.0}}
        block = await world.claim_one(worker)
        assert (await anext(stream))["run"]["status"] == "RUNNING"
        await world.succeed(block)
        last = [each["run"] async for each in stream]
    assert last[-1] == {"status": "SUCCEEDED", "progress": {"fraction": 1.0}}


async def test_absent_runs_and_foreign_cursors_end_a_stream_at_once(
    api: Asking, world: World
) -> None:
    for document_ in (EVENTS, LOGS, "subscription ($id: ID!) { run(id: $id) { id } }"):
        code, message = await api.stream_error(document_, id="run_nobody")
        assert (code, message) == ("NOT_FOUND", "There is no run run_nobody")
    one, other = await world.start(document("p")), await world.start(document("q"))
    found = await api("query ($id: ID!) { run(id: $id) { cursor } }", id=one)
    cursor = found["run"]["cursor"]
    assert (await api.stream_error(EVENTS, id=other, after=cursor))[0] == "BAD_CURSOR"
    assert (await api.stream_error(LOGS, id=one, after=cursor))[0] == "BAD_CURSOR"


async def test_changes_of_runs_begin_with_those_of_late(api: Asking, world: World) -> None:
    before = await world.start(document("p"))
    async with api.subscribed(RUNS) as stream:
        first = (await anext(stream))["runs"]
        assert first == {
            "kind": "CREATED",
            "runId": before,
            "run": {"id": before, "status": "QUEUED", "pipeline": {"name": "p"}},
        }
        await world.cancel(before)
        second = (await anext(stream))["runs"]
        assert (second["kind"], second["run"]["status"]) == ("UPDATED", "CANCELLED")
        new = await world.start(document("p"))
        third = (await anext(stream))["runs"]
        assert (third["kind"], third["runId"]) == ("CREATED", new)


async def test_a_run_that_leaves_the_filter_is_removed(api: Asking, world: World) -> None:
    condition = {"status": ["QUEUED", "RUNNING"], "pipeline": "p"}
    async with api.subscribed(RUNS, filter=condition) as stream:
        other = await world.start(document("q"))
        run_id = await world.start(document("p"))
        created = (await anext(stream))["runs"]
        assert (created["kind"], created["runId"]) == ("CREATED", run_id)
        await world.cancel(other)
        await world.cancel(run_id)
        removed = (await anext(stream))["runs"]
        assert removed == {"kind": "REMOVED", "runId": run_id, "run": None}
