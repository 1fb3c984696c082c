"""GraphQL over a websocket: the protocol kept, also against clients that do not keep it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from headrace.api import connections, frames, websocket
from tests.api.conftest import Serve, small_app
from tests.api.serving import Server, serving
from tests.api.small_schema import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROTOCOL = Subprotocol("graphql-transport-ws")
PATIENCE_SECONDS = 60


class Socket:
    """A client that says exactly what it is told to."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        heard: dict[str, Any] = json.loads(
            await asyncio.wait_for(self.connection.recv(), PATIENCE_SECONDS)
        )
        return heard

    async def ask(self, query: str, id: str = "1", **more: Any) -> None:
        await self.say(type="subscribe", id=id, payload={"query": query, **more})

    async def initialise(self, payload: Any = None) -> None:
        await self.say(type="connection_init", **({"payload": payload} if payload else {}))
        assert await self.hear() == {"type": "connection_ack"}

    async def closed(self) -> tuple[int | None, str | None]:
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(self.connection.recv(), PATIENCE_SECONDS)
        return self.connection.close_code, self.connection.close_reason


@asynccontextmanager
async def dialled(
    server: Server, headers: dict[str, str] | None = None
) -> AsyncGenerator[Socket, None]:
    async with connect(
        server.socket_url,
        subprotocols=[PROTOCOL],
        additional_headers=headers,
        compression=None,
        max_size=None,
    ) as connection:
        yield Socket(connection)


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    """The world of the test that runs, last."""
    return []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(worlds: list[World]) -> AsyncGenerator[Server, None]:
    """One server for all of these tests: a server takes longer to stop than most of them to run."""
    async with serving(small_app(lambda: worlds[-1])) as running:
        yield running


@pytest.fixture(autouse=True)
def world(worlds: list[World]) -> World:
    worlds.append(World())
    return worlds[-1]


@pytest_asyncio.fixture(loop_scope="module")
async def socket(server: Server) -> AsyncGenerator[Socket, None]:
    async with dialled(server) as fresh:
        await fresh.initialise()
        yield fresh


async def test_a_subscription_brings_each_event_and_then_completes(socket: Socket) -> None:
    await socket.ask("subscription { count(to: 2) { number } }")
    for number in (1, 2):
        payload = {"data": {"count": {"number": number}}}
        assert await socket.hear() == {"type": "next", "id": "1", "payload": payload}
    assert await socket.hear() == {"type": "complete", "id": "1"}


async def test_queries_and_mutations_run_here_too(socket: Socket) -> None:
    await socket.ask("query Q($n: Int!) { twice(number: $n) }", variables={"n": 4})
    assert (await socket.hear())["payload"]["data"] == {"twice": 8}
    assert (await socket.hear())["type"] == "complete"
    await socket.ask("mutation { bump }")
    assert (await socket.hear())["payload"]["data"] == {"bump": 1}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription {", "BAD_USER_INPUT"),
        ("subscription { nothing }", "BAD_USER_INPUT"),
        ("query A { ping } query B { ping }", "BAD_USER_INPUT"),
        ("query Q($n: Int!) { twice(number: $n) }", "BAD_USER_INPUT"),
        ("{" + "leaf{" * 20 + "number" + "}" * 21, "QUERY_TOO_COMPLEX"),
        ("subscription { absent }", "NOT_FOUND"),
    ],
)
async def test_what_cannot_run_ends_its_operation_and_not_the_socket(
    socket: Socket, query: str, code: str
) -> None:
    await socket.ask(query)
    told = await socket.hear()
    assert (told["type"], told["id"]) == ("error", "1")
    assert told["payload"][0]["extensions"]["code"] == code
    await socket.ask("{ ping }")
    assert (await socket.hear())["payload"]["data"] == {"ping": "pong"}


async def test_a_source_that_breaks_ends_with_a_masked_error(socket: Socket) -> None:
    await socket.ask("subscription { breaks }")
    assert (await socket.hear())["payload"]["data"] == {"breaks": 1}
    told = await socket.hear()
    assert told["type"] == "error"
    assert told["payload"][0]["extensions"]["code"] == "INTERNAL"
    assert "secret" not in str(told)


@pytest.mark.parametrize(
    "payload", [None, "text", [], {}, {"query": 1}, {"query": "{ ping }", "variables": []}]
)
async def test_a_payload_that_is_no_request_is_an_error_of_that_operation(
    socket: Socket, payload: Any
) -> None:
    await socket.say(type="subscribe", id="x", payload=payload)
    told = await socket.hear()
    assert (told["type"], told["id"]) == ("error", "x")
    assert told["payload"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "frame",
    [
        "no json",
        "null",
        "7",
        "[]",
        "{}",
        '{"type": "unheard of"}',
        '{"type": ["subscribe"]}',
        '{"type": "subscribe", "id": 7, "payload": {"query": "{ ping }"}}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ ping }"}}',
        '{"type": "complete"}',
        '{"type": "ping", "payload": "text"}',
        "[" * 50_000,
        b"{}",
    ],
    ids=range(13),
)
async def test_a_frame_that_is_no_message_closes_with_4400(
    server: Server, frame: str | bytes
) -> None:
    async with dialled(server) as socket:
        await socket.initialise()
        await socket.connection.send(frame)
        code, reason = await socket.closed()
        assert code == 4400
        assert reason


async def test_the_rules_of_the_protocol_have_their_close_codes(server: Server) -> None:
    async with dialled(server) as socket:
        await socket.ask("{ ping }")
        assert await socket.closed() == (4401, "Unauthorized")
    async with dialled(server) as socket:
        await socket.initialise()
        await socket.say(type="connection_init")
        assert await socket.closed() == (4429, "Too many initialisation requests")
    async with dialled(server) as socket:
        await socket.initialise()
        await socket.ask("subscription { forever }", id="same")
        await socket.hear()
        await socket.ask("{ ping }", id="same")
        assert await socket.closed() == (4409, "Subscriber for same already exists")
    async with dialled(server) as socket:
        await socket.say(type="connection_init", payload="text")
        assert (await socket.closed())[0] == 4400
    for protocols in ([], [Subprotocol("graphql-ws")]):
        async with connect(server.socket_url, subprotocols=protocols or None) as old:
            assert await Socket(old).closed() == (4406, "Subprotocol not acceptable")


async def test_a_socket_that_says_nothing_is_closed(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = connections.SocketLimits(init_seconds=0.05)
    monkeypatch.setattr(websocket, "SocketLimits", lambda: hasty)
    async with serve() as server, dialled(server) as socket:
        await socket.say(type="ping")
        assert await socket.hear() == {"type": "pong"}
        assert (await socket.closed())[0] == 4408


async def test_pings_are_answered_with_their_payload_before_and_after_the_start(
    server: Server,
) -> None:
    async with dialled(server) as socket:
        await socket.say(type="ping", payload={"n": 1})
        assert await socket.hear() == {"type": "pong", "payload": {"n": 1}}
        await socket.initialise()
        await socket.say(type="pong")
        await socket.say(type="ping")
        assert await socket.hear() == {"type": "pong"}


async def test_complete_from_the_client_ends_the_source_and_frees_the_id(
    socket: Socket, world: World
) -> None:
    await socket.ask("subscription { forever }")
    await socket.hear()
    await world.entered.wait()
    assert world.streams_open == 1
    await socket.say(type="complete", id="1")
    await socket.say(type="complete", id="never was")
    await socket.ask("subscription { count(to: 1) { number } }")
    assert (await socket.hear())["payload"]["data"] == {"count": {"number": 1}}
    assert await socket.hear() == {"type": "complete", "id": "1"}
    assert (world.streams_open, world.cancelled.is_set()) == (0, True)


async def test_a_dropped_socket_ends_its_subscriptions_and_lets_mutations_finish(
    server: Server, world: World
) -> None:
    async with dialled(server) as socket:
        await socket.initialise()
        await socket.ask("subscription { forever }", id="s")
        await socket.hear()
        await world.entered.wait()
        world.entered.clear()
        await socket.ask("mutation { hang }", id="m")
        await world.entered.wait()
        socket.connection.transport.abort()
        await asyncio.wait_for(world.cancelled.wait(), PATIENCE_SECONDS)
    world.release.set()
    await asyncio.wait_for(world.idle.wait(), PATIENCE_SECONDS)
    assert (world.streams_open, world.bumps) == (0, 1)


async def test_a_connection_has_a_bound_of_operations(serve: Serve, world: World) -> None:
    async with serve() as server, dialled(server) as socket:
        await socket.initialise()
        for number in range(connections.MAX_OPERATIONS):
            await socket.ask("subscription { forever }", id=f"{number}")
            assert (await socket.hear())["type"] == "next"
        await socket.ask("{ ping }", id="one more")
        told = await socket.hear()
        assert (told["type"], told["id"]) == ("error", "one more")
        assert told["payload"][0]["extensions"] == {
            "code": "RATE_LIMITED",
            "retryable": True,
            "retryAfterMs": 1000,
        }
        await socket.say(type="complete", id="0")
        await world.cancelled.wait()
        await socket.ask("{ ping }", id="again")
        assert (await socket.hear())["payload"]["data"] == {"ping": "pong"}


async def test_a_message_over_the_bound_closes_the_socket(server: Server) -> None:
    async with dialled(server) as socket:
        await socket.initialise()
        await socket.ask("{ ping }" + " " * frames.MAX_FRAME_CHARACTERS)
        assert (await socket.closed())[0] == 1009
    # Another server may let it through; the application has the bound too.
    with pytest.raises(frames.ProtocolFault, match="at most"):
        frames.read(" " * (frames.MAX_FRAME_CHARACTERS + 1))


async def test_the_key_comes_in_the_payload_or_on_the_upgrade_else_4403(serve: Serve) -> None:
    async with serve(api_key="right") as server:
        for payload in ({"X-API-Key": "right"}, {"x-api-key": "right"}):
            async with dialled(server) as socket:
                await socket.initialise(payload)
                await socket.ask("{ whoami }")
                assert (await socket.hear())["payload"]["data"] == {"whoami": "api-key/None"}
        async with dialled(server, {"X-API-Key": "right"}) as socket:
            await socket.initialise()
        wrong: list[dict[str, Any]] = [{}, *({"X-API-Key": key} for key in ("wrong", None, 7))]
        for given in wrong:
            async with dialled(server) as socket:
                await socket.say(type="connection_init", payload=given)
                assert await socket.closed() == (4403, "Forbidden")


async def test_the_client_is_named_by_the_payload_or_the_header(server: Server) -> None:
    async with dialled(server, {"X-Headrace-Client": "CLI"}) as socket:
        await socket.initialise()
        await socket.ask("{ whoami }")
        assert (await socket.hear())["payload"]["data"]["whoami"] == "anonymous/cli"
    async with dialled(server) as socket:
        await socket.initialise({"X-Headrace-Client": "ui"})
        await socket.ask("{ whoami }")
        assert (await socket.hear())["payload"]["data"]["whoami"] == "anonymous/ui"


@pytest.mark.parametrize(
    ("origin", "let_in"),
    [
        ("http://localhost:5173", True),
        ("http://LOCALHOST:5173", True),
        ("http://127.0.0.1:{port}", True),
        ("https://127.0.0.1:{port}", True),
        ("http://evil.example", False),
        ("http://localhost:5173.evil.example", False),
        ("http://localhost:9", False),
        ("null", False),
        ("http://[", False),
    ],
)
async def test_only_pages_of_known_origins_may_connect(
    server: Server, origin: str, let_in: bool
) -> None:
    headers = {"Origin": origin.format(port=server.port)}
    if let_in:
        async with dialled(server, headers) as socket:
            await socket.initialise()
        return
    with pytest.raises(InvalidStatus) as refused:
        async with dialled(server, headers):
            pass
    assert refused.value.response.status_code == 403
    assert json.loads(refused.value.response.body or b"")["code"] == "FORBIDDEN"


async def test_stopping_the_server_ends_open_streams_at_once(serve: Serve, world: World) -> None:
    """uvicorn alone waits for ever for a stream that is open at SIGTERM."""
    async with serve() as server, dialled(server) as socket:
        await socket.initialise()
        await socket.ask("subscription { forever }")
        await socket.hear()
        await world.entered.wait()
        await asyncio.wait_for(server.stop(), PATIENCE_SECONDS)
        assert (await socket.closed())[0] == 1012
    assert world.streams_open == 0


async def test_the_gql_package_subscribes_and_is_told_of_errors(server: Server) -> None:
    transport = WebsocketsTransport(
        url=server.socket_url, subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL]
    )
    async with Client(transport=transport) as session:
        seen = [
            event["count"]["number"]
            async for event in session.subscribe(gql("subscription { count(to: 5) { number } }"))
        ]
        assert seen == [1, 2, 3, 4, 5]
        with pytest.raises(TransportQueryError, match="no such run"):
            async for _ in session.subscribe(gql("subscription { absent }")):
                pass
