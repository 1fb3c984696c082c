"""The operations that every transport runs: memory, contexts, deadlines and the ends of streams."""

import asyncio
import gc
import tracemalloc
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest
from graphql import parse

from headrace.api.exchange import Answer, GraphQLRequest
from headrace.api.execution import OperationExecutor, Plans
from headrace.api.graphql.context import RequestInfo
from headrace.api.operations import Operations
from tests.api import small_schema
from tests.api.small_schema import SmallContext, World

CALLER = RequestInfo(principal="anonymous", client=None)
MakeOperations = Callable[..., Operations]


@pytest.fixture
def make(world: World) -> MakeOperations:
    def build(**options: Any) -> Operations:
        return Operations(
            small_schema.build(), lambda caller: SmallContext(world, caller), **options
        )

    return build


async def answered(operations: Operations, query: str, **members: Any) -> Answer:
    chosen = operations.choose(GraphQLRequest(query=query, **members))
    return await operations.answer(chosen, CALLER)


async def streamed(operations: Operations, query: str) -> list[dict[str, Any]]:
    chosen = operations.choose(GraphQLRequest(query=query))
    return [answer.payload async for answer in operations.stream(chosen, CALLER)]


async def test_memory_is_flat_however_many_events_a_subscription_has_delivered(
    make: MakeOperations,
) -> None:
    """graphql-core kept 0.9 to 1.9 KB of every event until its subscription ended.

    Whoever lets the events of a subscription share an executor's memo again breaks this.
    """
    operations, warm, more = make(), 300, 3_000
    document = "subscription { count(to: 1000000, leaves: 2) { number leaves { number } } }"
    chosen = operations.choose(GraphQLRequest(query=document))
    delivered = 0
    async with aclosing(operations.stream(chosen, CALLER)) as answers:
        async for answer in answers:
            assert answer.executed
            delivered += 1
            if delivered == warm:
                gc.collect()
                tracemalloc.start()
                before, _ = tracemalloc.get_traced_memory()
            if delivered == warm + more:
                gc.collect()
                after, _ = tracemalloc.get_traced_memory()
                tracemalloc.stop()
                break
    assert (after - before) / more < 10, "bytes kept for each event"


async def test_each_event_has_a_context_of_its_own_and_the_stream_one(
    make: MakeOperations, world: World
) -> None:
    events = await streamed(make(), "subscription { count(to: 3) { number } }")
    assert [event["data"]["count"]["number"] for event in events] == [1, 2, 3]
    assert (world.opened, world.closed, world.streams_open) == (4, 4, 0)


async def test_a_stream_that_nobody_reads_on_closes_its_source(
    make: MakeOperations, world: World
) -> None:
    operations = make()
    chosen = operations.choose(GraphQLRequest(query="subscription { forever }"))
    async with aclosing(operations.stream(chosen, CALLER)) as answers:
        assert (await anext(answers)).payload == {"data": {"forever": 1}}
        assert world.streams_open == 1
    assert (world.streams_open, world.closed) == (0, world.opened)


async def test_a_source_that_fails_ends_with_an_answer_without_data(make: MakeOperations) -> None:
    operations = make()
    absent = await streamed(operations, "subscription { absent }")
    assert [list(answer) for answer in absent] == [["errors"]]
    assert absent[0]["errors"][0]["message"] == "There is no such run"
    assert absent[0]["errors"][0]["extensions"]["code"] == "NOT_FOUND"

    broken = await streamed(operations, "subscription { breaks }")
    assert broken[0] == {"data": {"breaks": 1}}
    assert list(broken[1]) == ["errors"]
    assert broken[1]["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "secret" not in str(broken)


async def test_an_operation_past_its_deadline_is_cancelled_and_says_so(
    make: MakeOperations, world: World
) -> None:
    answer = await answered(make(deadline_seconds=0.01), "{ hang }")
    assert not answer.executed
    assert answer.payload["errors"][0]["extensions"] == {"code": "TIMEOUT", "retryable": True}
    assert world.cancelled.is_set()
    assert world.closed == world.opened == 1


async def test_cancelling_an_operation_closes_its_context(
    make: MakeOperations, world: World
) -> None:
    running = asyncio.create_task(answered(make(), "{ hang }"))
    await world.entered.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert world.closed == world.opened == 1


def test_what_an_event_starts_without_is_still_called_as_it_was() -> None:
    """The attributes are graphql-core's own: an upgrade that renames them is met here first."""
    schema = small_schema.build()._schema
    built = OperationExecutor.build(schema, parse("{ ping }"), plans=Plans())
    assert {"_relevant_sub_fields", "_stream_usages"} <= vars(built).keys()
