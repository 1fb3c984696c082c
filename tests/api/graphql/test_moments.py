"""One operation reads one moment, however long it takes and whatever happens meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import cast

import pytest

from headrace.api.errors import ApiError
from headrace.api.graphql.context import Context, RequestInfo
from headrace.services.core import Services
from headrace.store.database import Snapshot, Store
from headrace.store.reads.events import events_scope
from headrace.store.reads.keyset import decode_number
from headrace.store.reads.runs import runs_by_id
from tests.api.graphql.asking import Asking
from tests.api.graphql.watched import Hook, WatchedStore
from tests.store.reads.world import World, data_set, document

CALLER = RequestInfo(principal="tester")
STATE = """id status cursor progress { blocksDone } blocks { name status artifacts { name } }
           timeline(last: 1) { nodes { seq message } } artifacts { totalCount }"""


def watching(services: Services, before: Hook | None = None) -> tuple[Services, WatchedStore]:
    store = WatchedStore(services.store, before)
    return replace(services, store=cast(Store, store)), store


async def test_a_block_that_ends_between_two_loaders_is_not_half_seen(
    services: Services, world: World
) -> None:
    """With a snapshot per loader, `cursor` would be from before the end and `blocks` from after:
    a client that subscribes after the cursor would apply the end a second time.
    """
    run_id = await world.start(document("chain"))
    worker = await world.worker()
    block = await world.claim_one(worker)
    paused = 3

    async def before(number: int) -> None:
        if number == paused:
            await world.succeed(block, data_set())

    watched, store = watching(services, before)
    document_ = f"query ($id: ID!) {{ run(id: $id) {{ {STATE} }} }}"
    run = (await Asking(watched)(document_, id=run_id))["run"]
    assert len(store.statements) > paused
    assert [block["status"] for block in run["blocks"]] == ["RUNNING", "WAITING"]
    assert run["progress"]["blocksDone"] == 0
    assert run["artifacts"]["totalCount"] == 0
    (last,) = run["timeline"]["nodes"]
    assert last["seq"] == decode_number(run["cursor"], events_scope(run_id))
    assert last["message"] == "a started"
    now = (await Asking(services)(document_, id=run_id))["run"]
    assert [block["status"] for block in now["blocks"]] == ["SUCCEEDED", "READY"]


async def test_an_event_of_a_snapshot_stream_is_of_one_moment_too(
    services: Services, world: World
) -> None:
    run_id = await world.start(document("chain"))
    worker = await world.worker()
    block = await world.claim_one(worker)
    watched, store = watching(services)
    ask = f"subscription ($id: ID!) {{ run(id: $id) {{ {STATE} }} }}"
    async with Asking(watched).subscribed(ask, id=run_id) as stream:
        # The first statement reads the run and fixes the moment; the block ends before the second.
        async def before(number: int) -> None:
            if number == 2:
                await world.succeed(block, data_set())

        store.before = before
        run = (await anext(stream))["run"]
        (last,) = run["timeline"]["nodes"]
        assert last["seq"] == decode_number(run["cursor"], events_scope(run_id))
        assert [each["status"] for each in run["blocks"]] == ["RUNNING", "WAITING"]
        run = (await anext(stream))["run"]
        assert [each["status"] for each in run["blocks"]] == ["SUCCEEDED", "READY"]


async def test_nothing_stays_open_when_an_operation_ends(services: Services, world: World) -> None:
    run_id = await world.start(document("chain"))
    watched, store = watching(services)
    api = Asking(watched)
    await api("query ($id: ID!) { run(id: $id) { blocks { name } } }", id=run_id)
    assert store.open == 0
    await api.error('{ runs(after: "x") { nodes { id } } }')
    assert store.open == 0


async def test_a_watcher_that_waits_holds_no_snapshot(services: Services, world: World) -> None:
    run_id = await world.start(document("chain"))
    watched, store = watching(services)
    ask = "subscription ($id: ID!) { run(id: $id) { status blocks { name } } }"
    async with Asking(watched).subscribed(ask, id=run_id) as stream:
        await anext(stream)
        assert store.open == 0
        waiting = asyncio.ensure_future(anext(stream))
        await world.claim_one(await world.worker())
        await waiting
        assert store.open == 0


async def test_an_old_snapshot_closes_and_says_so(services: Services, world: World) -> None:
    """A reader that stays would keep the database from tidying its log up."""
    run_id = await world.start(document("chain"))
    watched, store = watching(services)
    context = Context(watched, CALLER, snapshot_seconds=0.0)
    async with context.reading() as snapshot:
        assert store.open == 1
        await runs_by_id(snapshot, [run_id])  # it is old by now, and who reads is not disturbed
    await store.closed.wait()
    with pytest.raises(ApiError, match="ask for less"):
        await context.load.run.load(run_id)
    await context.renew()
    assert await context.load.run.load(run_id) is not None
    await context.close()
    await context.close()
    assert store.open == 0


async def test_loaders_that_begin_at_once_share_one_snapshot(
    services: Services, world: World
) -> None:
    run_id = await world.start(document("chain"))
    watched, store = watching(services)
    context = Context(watched, CALLER)
    load = context.load
    await asyncio.gather(
        load.run.load(run_id), load.blocks_of_run.load(run_id), load.labels.load(run_id)
    )
    assert store.open == 1
    await context.close()


async def test_a_snapshot_that_could_not_be_opened_is_tried_again(
    services: Services, world: World
) -> None:
    run_id = await world.start(document("chain"))

    class Flaky(WatchedStore):
        fails = True

        @asynccontextmanager
        async def snapshot(self) -> AsyncIterator[Snapshot]:
            if self.fails:
                self.fails = False
                raise OSError("too many open files")
            async with super().snapshot() as snapshot:
                yield snapshot

    context = Context(replace(services, store=cast(Store, Flaky(services.store))), CALLER)
    with pytest.raises(OSError, match="too many"):
        await context.load.labels.load(run_id)
    assert await context.load.run.load(run_id) is not None
    await context.close()
