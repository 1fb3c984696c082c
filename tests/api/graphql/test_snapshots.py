"""Snapshot streams of the whole house: the state as it is, then changes, and nothing twice."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any, cast

import pytest

from headrace.live import shared_state
from headrace.services.core import Services
from headrace.services.watches import Watches
from headrace.store.database import Store
from headrace.store.workers import beat, stop
from tests.api.graphql.asking import Asking
from tests.api.graphql.watched import WatchedStore
from tests.store.reads.world import HOUR_MS, World, document

QUEUE = """
subscription { queue { depth waiting ready running oldestReadyAt
                       byRun { nodes { run { id status } waiting ready running } } } }
"""
WORKERS = "subscription { workers { id name status running { name } capacity } }"
SERVICE = "subscription { service { name checks { name ok message } } }"
Stream = AsyncGenerator[Any, None]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_state, "PACE_SECONDS", 0.01)


async def next_(stream: Stream, field: str) -> Any:
    async with asyncio.timeout(30):
        return (await anext(stream))[field]


async def test_the_queue_is_shown_as_it_is_and_as_it_becomes(api: Asking, world: World) -> None:
    run_id = await world.start(document("p", "a b c", "a>c b>c"))
    async with api.subscribed(QUEUE) as stream:
        first = await next_(stream, "queue")
        assert (first["depth"], first["waiting"], first["ready"], first["running"]) == (3, 1, 2, 0)
        assert first["oldestReadyAt"] is not None
        (share,) = first["byRun"]["nodes"]
        assert share == {
            "run": {"id": run_id, "status": "QUEUED"},
            "waiting": 1,
            "ready": 2,
            "running": 0,
        }
        worker = await world.worker()
        await world.claim(worker)
        second = await next_(stream, "queue")
        assert (second["ready"], second["running"]) == (1, 1)
        assert second["byRun"]["nodes"][0]["run"]["status"] == "RUNNING"
        await world.cancel(run_id)
        third = await next_(stream, "queue")
        assert (third["depth"], third["running"]) == (0, 1)


async def test_a_swap_between_runs_is_a_change_of_the_queue(api: Asking, world: World) -> None:
    """The totals stay what they were; whose blocks they are does not."""
    first = await world.start(document("p", "a", ""))
    async with api.subscribed(QUEUE) as stream:
        await next_(stream, "queue")
        second = await world.start(document("p", "a", ""))
        await world.cancel(first)
        shown: list[str] = []
        while shown != [second]:
            queue = await next_(stream, "queue")
            shown = [share["run"]["id"] for share in queue["byRun"]["nodes"]]
        assert queue["depth"] == 1


async def test_a_move_that_leaves_the_queue_as_it_is_is_not_told(api: Asking, world: World) -> None:
    await world.start(document("p", "a b", "a>b"))
    block = await world.claim_one(await world.worker())
    async with api.subscribed(QUEUE) as stream:
        await next_(stream, "queue")
        waiting = asyncio.ensure_future(next_(stream, "queue"))
        await world.log(block, "hello")
        await world.progress(block, 1, 2)
        await world.worker("another")
        await world.succeed(block)
        # The only event is that of the move: one more would have come before it.
        assert (await waiting)["ready"] == 1


async def test_workers_come_and_go_and_take_up_blocks(api: Asking, world: World) -> None:
    first = await world.worker("one")
    async with api.subscribed(WORKERS) as stream:
        (alone,) = await next_(stream, "workers")
        assert (alone["id"], alone["status"], alone["running"]) == (first, "ACTIVE", [])
        second = await world.worker("two")
        assert [each["name"] for each in await next_(stream, "workers")] == ["one", "two"]
        await world.start(document("p", "a", ""))
        await world.claim(second)
        shown: list[str] = []
        while not shown:
            _, two = await next_(stream, "workers")
            shown = [block["name"] for block in two["running"]]
        assert shown == ["a"]
        await world.write(beat, first, HOUR_MS, draining=True)
        assert (await next_(stream, "workers"))[0]["status"] == "DRAINING"
        await world.write(stop, first)
        assert [each["name"] for each in await next_(stream, "workers")] == ["two"]


async def test_the_service_tells_when_a_check_changes(api: Asking, world: World) -> None:
    async with api.subscribed(SERVICE) as stream:
        first = await next_(stream, "service")
        assert first["name"] == "pipeline-orchestrator"
        checks = {check["name"]: check for check in first["checks"]}
        assert not checks["workers"]["ok"]
        await world.worker()
        checks = {check["name"]: check for check in (await next_(stream, "service"))["checks"]}
        assert checks["workers"] == {"name": "workers", "ok": True, "message": "1 lives"}


async def test_an_event_of_the_queue_takes_as_many_statements_as_it_has_relations(
    services: Services, world: World
) -> None:
    for number in range(20):
        await world.start(document(f"p{number}"))
    store = WatchedStore(services.store)
    watched = replace(services, store=cast(Store, store))
    watches = Watches.of(services.settings, services.content, services.store, services.wakeups)
    async with Asking(replace(watched, watches=watches)).subscribed(QUEUE) as stream:
        shown = await next_(stream, "queue")
    assert len(shown["byRun"]["nodes"]) == 20
    relations = {"the state": 3, "the page of shares": 1, "their blocks": 1, "their runs": 1}
    assert len(store.statements) == sum(relations.values()), store.statements


async def test_streams_end_when_the_services_do(services: Services) -> None:
    async with asyncio.timeout(30):
        async with Asking(services).subscribed(SERVICE) as stream:
            await anext(stream)
            rest = asyncio.ensure_future(_rest(stream))
            await asyncio.sleep(0)
            await services.watches.close()
            assert await rest == []


async def _rest(stream: Stream) -> list[Any]:
    return [each async for each in stream]
