"""Hostile clients over websockets: a typed error or a close code of the protocol, for little work.

A bad operation ends itself and no other; a message that breaks the protocol closes its own socket
as the protocol says, with a code and a reason, and never anybody else's.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from tests.conformance.hostility import (
    MOST_CPU_SECONDS,
    PATIENCE_SECONDS,
    Hostile,
    code_of,
    work_of,
)
from tests.system.grounds import Grounds
from tests.system.processes import Server

PROTOCOL = Subprotocol("graphql-transport-ws")
QUIET = {"query": 'subscription { runs(filter: {pipeline: "nobody-s"}) { kind } }'}
DEEP = 20_000


@pytest.fixture(scope="module")
def server(grounds: Grounds) -> Server:
    server = grounds.serve()
    server.line_with("serve.up")
    return server


@asynccontextmanager
async def dialled(server: Server) -> AsyncGenerator[ClientConnection, None]:
    """A socket that is initialised and has a subscription `quiet` open."""
    url = f"ws{server.url.removeprefix('http')}/graphql"
    async with connect(url, subprotocols=[PROTOCOL], compression=None, max_size=None) as socket:
        await socket.send('{"type": "connection_init"}')
        assert (await heard(socket))["type"] == "connection_ack"
        await say(socket, type="subscribe", id="quiet", payload=QUIET)
        yield socket


@pytest.fixture
async def socket(server: Server) -> AsyncIterator[ClientConnection]:
    async with dialled(server) as socket:
        yield socket


@pytest.fixture
async def neighbour(server: Server) -> AsyncIterator[ClientConnection]:
    """Somebody else's socket, which is still well after the test."""
    async with dialled(server) as socket:
        yield socket
        await is_well(socket)


@pytest.fixture(autouse=True)
async def _still_there(server: Server, neighbour: ClientConnection) -> AsyncIterator[None]:
    before = work_of(server)
    yield
    assert work_of(server) - before < MOST_CPU_SECONDS
    async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE_SECONDS) as http:
        await Hostile(http, server).is_well()


async def say(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def heard(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        said: dict[str, Any] = json.loads(await socket.recv())
        return said


async def is_well(socket: ClientConnection) -> None:
    """Another operation on this socket is answered."""
    await say(socket, type="subscribe", id="well", payload={"query": "{ queue { depth } }"})
    answers = [await heard(socket), await heard(socket)]
    assert [each["type"] for each in answers] == ["next", "complete"]
    assert {each["id"] for each in answers} == {"well"}


async def closed(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        with suppress(ConnectionClosed):
            async for _ in socket:
                pass
    assert socket.close_reason or socket.close_code == 1007
    return socket.close_code


BREACHES: dict[str, tuple[str | bytes, int]] = {
    "a list": ("[]", 4400),
    "null": ("null", 4400),
    "a number": ("7", 4400),
    "text": ('"subscribe"', 4400),
    "no json": ("{", 4400),
    "nothing": ("", 4400),
    "bytes": (b'{"type": "ping"}', 4400),
    "no type": ("{}", 4400),
    "a type that is a list": ('{"type": ["ping"]}', 4400),
    "a type of nobody": ('{"type": "start", "id": "1", "payload": {"query": "{ x }"}}', 4400),
    "a number for an id": ('{"type": "subscribe", "id": 1, "payload": {"query": "{ x }"}}', 4400),
    "no id": ('{"type": "subscribe", "payload": {"query": "{ x }"}}', 4400),
    "an empty id": ('{"type": "subscribe", "id": "", "payload": {"query": "{ x }"}}', 4400),
    "a long id": (json.dumps({"type": "complete", "id": "x" * 1000}), 4400),
    "a number to complete": ('{"type": "complete", "id": 7}', 4400),
    "a ping with a list": ('{"type": "ping", "payload": []}', 4400),
    "lists in lists": ("[" * DEEP + "]" * DEEP, 4400),
    "objects in objects": ('{"a":' * DEEP + "1" + "}" * DEEP, 4400),
    "a number of many digits": ('{"type": "ping", "payload": {"a": ' + "9" * 5000 + "}}", 4400),
    "half of a pair": ('{"type": "ping", "payload": {"a": "\\ud800"}}', 4400),
    "the id of another": (
        json.dumps({"type": "subscribe", "id": "quiet", "payload": QUIET}),
        4409,
    ),
    "a second beginning": ('{"type": "connection_init"}', 4429),
    "a megabyte": (json.dumps({"type": "ping", "payload": {"a": "x" * 2**20}}), 1009),
}


@pytest.mark.parametrize("name", BREACHES)
async def test_a_breach_of_the_protocol_closes_its_own_socket_with_a_code_and_a_reason(
    socket: ClientConnection, name: str
) -> None:
    message, code = BREACHES[name]
    await socket.send(message)
    assert await closed(socket) == code


async def test_a_frame_that_is_no_utf8_closes_its_own_socket(socket: ClientConnection) -> None:
    async with socket.send_context():
        socket.protocol.send_text(b'{"type": "\xff\xfe"}')
    assert await closed(socket) == 1007


OPERATIONS: dict[str, tuple[Any, str]] = {
    "nothing": (None, "BAD_USER_INPUT"),
    "text": ("{ queue { depth } }", "BAD_USER_INPUT"),
    "a list": ([QUIET], "BAD_USER_INPUT"),
    "no query": ({}, "BAD_USER_INPUT"),
    "a query that is a number": ({"query": 7}, "BAD_USER_INPUT"),
    "variables that are a list": ({**QUIET, "variables": []}, "BAD_USER_INPUT"),
    "a name that is a number": ({**QUIET, "operationName": 7}, "BAD_USER_INPUT"),
    "half of a query": ({"query": "subscription {"}, "BAD_USER_INPUT"),
    "an unknown field": ({"query": "subscription { nothing }"}, "BAD_USER_INPUT"),
    "two at once": ({"query": "subscription { runs { kind } queue { depth } }"}, "BAD_USER_INPUT"),
    "two without a name": (
        {"query": "query A { queue { depth } } query B { queue { depth } }"},
        "BAD_USER_INPUT",
    ),
    "aliases": (
        {"query": "{ " + " ".join(f"a{n}: queue {{ depth }}" for n in range(60)) + " }"},
        "QUERY_TOO_COMPLEX",
    ),
    "depth": ({"query": "{ a " * DEEP}, "QUERY_TOO_COMPLEX"),
    "directives": ({"query": "{ queue { depth " + "@x " * 5_000 + "} }"}, "QUERY_TOO_COMPLEX"),
    "an absent run": ({"query": 'subscription { run(id: "x") { id } }'}, "NOT_FOUND"),
    "a cursor of nobody": (
        {"query": 'subscription { runEvents(runId: "x", after: "y") { throughSeq } }'},
        "BAD_CURSOR",
    ),
    "a run that is a path": (
        {"query": 'subscription { runEvents(runId: "../../etc/passwd") { throughSeq } }'},
        "NOT_FOUND",
    ),
    "a large number": (
        {
            "query": "query($n: Int) { runs(first: $n) { totalCount } }",
            "variables": {"n": 10**300},
        },
        "BAD_USER_INPUT",
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
async def test_a_bad_operation_ends_itself_alone(socket: ClientConnection, name: str) -> None:
    payload, code = OPERATIONS[name]
    await say(socket, type="subscribe", id="bad", payload=payload)
    told = await heard(socket)
    assert (told["type"], told["id"]) == ("error", "bad")
    assert code_of(told["payload"]) == code
    await is_well(socket)


async def test_messages_that_say_nothing_new_change_nothing(socket: ClientConnection) -> None:
    await say(socket, type="complete", id="nobody's")
    await say(socket, type="pong", payload={"a": 1})
    await say(socket, type="ping", payload={"a": [1, None]})
    assert await heard(socket) == {"type": "pong", "payload": {"a": [1, None]}}
    await is_well(socket)


async def test_more_operations_than_a_socket_may_have_are_refused_one_by_one(
    socket: ClientConnection,
) -> None:
    for number in range(150):
        await say(socket, type="subscribe", id=str(number), payload=QUIET)
    refused = [await heard(socket) for _ in range(51)]
    assert {code_of(each["payload"]) for each in refused} == {"RATE_LIMITED"}
    assert {each["type"] for each in refused} == {"error"}
    await say(socket, type="complete", id="0")
    await is_well(socket)


async def test_an_operation_before_the_beginning_is_unauthorised(server: Server) -> None:
    url = f"ws{server.url.removeprefix('http')}/graphql"
    async with connect(url, subprotocols=[PROTOCOL]) as socket:
        await say(socket, type="subscribe", id="1", payload=QUIET)
        assert await closed(socket) == 4401


@pytest.mark.parametrize(
    ("protocols", "headers", "code"),
    [(["graphql-ws"], {}, 4406), ([], {}, 4406), ([PROTOCOL], {"Origin": "null"}, 403)],
    ids=["the protocol of old", "no protocol", "a page of nowhere"],
)
async def test_who_cannot_be_talked_to_is_told_why(
    server: Server, protocols: list[str], headers: dict[str, str], code: int
) -> None:
    url = f"ws{server.url.removeprefix('http')}/graphql"
    named = [Subprotocol(each) for each in protocols] or None
    dialling = connect(url, subprotocols=named, additional_headers=headers)
    if code == 403:
        with pytest.raises(InvalidStatus) as refused:
            await dialling
        assert refused.value.response.status_code == code
        return
    async with dialling as socket:
        assert await closed(socket) == code
