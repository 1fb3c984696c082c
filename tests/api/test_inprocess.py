"""The API without sockets answers as the one with sockets does."""

from types import SimpleNamespace
from typing import cast

import pytest

from headrace.api.inprocess import InProcess
from headrace.services.core import Services
from tests.api import small_schema
from tests.api.small_schema import SmallContext, World


@pytest.fixture
def api(world: World) -> InProcess:
    services = cast(Services, SimpleNamespace())
    return InProcess(
        services, small_schema.build(), new_context=lambda caller: SmallContext(world, caller)
    )


async def test_operations_run_as_the_local_command_line(api: InProcess, world: World) -> None:
    answer = await api.execute("{ whoami }")
    assert answer == {"data": {"whoami": "local/cli"}, "extensions": {"cost": 1}}
    query = "query Q($n: Int!) { twice(number: $n) }"
    assert (await api.execute(query, {"n": 2}))["data"] == {"twice": 4}
    assert (await api.execute("mutation { bump }"))["data"] == {"bump": 1}
    assert world.opened == world.closed == 3


async def test_errors_are_in_the_answer_and_masked_like_everywhere(api: InProcess) -> None:
    for document, code in (
        ("{", "BAD_USER_INPUT"),
        ("{ refused }", "NOT_FOUND"),
        ("{ boom }", "INTERNAL"),
        ("subscription { forever }", "BAD_USER_INPUT"),
    ):
        answer = await api.execute(document)
        assert answer["errors"][0]["extensions"]["code"] == code


async def test_a_subscription_brings_its_events_and_an_end_that_failed(api: InProcess) -> None:
    events = [event async for event in api.subscribe("subscription { count(to: 2) { number } }")]
    assert [event["data"]["count"]["number"] for event in events] == [1, 2]
    (absent,) = [event async for event in api.subscribe("subscription { absent }")]
    assert absent["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    (refused,) = [event async for event in api.subscribe("subscription {")]
    assert refused["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    (answer,) = [event async for event in api.subscribe("{ ping }")]
    assert answer["data"] == {"ping": "pong"}
