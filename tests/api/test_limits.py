"""Rate limits: who is counted, where, and how a client learns when to come back."""

import json
import time
from collections.abc import AsyncGenerator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from limits.storage import memory
from starlette.requests import HTTPConnection
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from headrace.api import limits
from headrace.api.addresses import AddressBook
from tests.api import small_schema
from tests.api.conftest import Calling, Serve


async def statuses(
    http: httpx.AsyncClient, count: int, path: str = "/health", **headers: str
) -> list[int]:
    wire = {name.replace("_", "-"): value for name, value in headers.items()}
    return [(await http.get(path, headers=wire)).status_code for _ in range(count)]


@pytest.fixture
async def http(calling: Calling) -> AsyncGenerator[httpx.AsyncClient, None]:
    async with calling(rate_limit_per_minute=3, rate_limit_window_seconds=60) as client:
        yield client


async def test_with_three_the_fourth_gets_429_and_is_told_when_to_return(
    http: httpx.AsyncClient,
) -> None:
    assert await statuses(http, 3) == [200, 200, 200]
    refused = await http.get("/health", headers={"Origin": "http://localhost:5173"})
    assert refused.status_code == 429
    assert refused.json()["code"] == "RATE_LIMITED"
    assert refused.json()["errors"][0]["extensions"]["retryAfterMs"] <= 60_000
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["access-control-allow-origin"] == "http://localhost:5173"


async def test_the_window_slides(calling: Calling, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(memory, "time", SimpleNamespace(time=lambda: now))
    async with calling(rate_limit_per_minute=2, rate_limit_window_seconds=2) as http:
        assert await statuses(http, 1) == [200]
        now += 1.5
        assert await statuses(http, 2) == [200, 429]
        now += 1
        assert await statuses(http, 2) == [200, 429], "one of the two has left the window"


async def test_other_paths_are_free_and_limited_ones_counted_apart(calling: Calling) -> None:
    async with calling(
        rate_limit_per_minute=1,
        rate_limit_window_seconds=60,
        rate_limit_paths=["/health", "/graphql"],
    ) as http:
        assert await statuses(http, 2) == [200, 429]
        ping = {"query": "{ ping }"}
        assert (await http.post("/graphql", json=ping)).status_code == 200
        assert (await http.post("/graphql", json=ping)).status_code == 429
        assert await statuses(http, 3, "/nowhere") == [404, 404, 404]


async def test_a_websocket_counts_as_a_request_to_its_path(serve: Serve) -> None:
    async with serve(
        rate_limit_per_minute=1, rate_limit_window_seconds=60, rate_limit_paths=["/graphql"]
    ) as server:
        async with connect(server.socket_url):
            pass
        with pytest.raises(InvalidStatus) as refused:
            async with connect(server.socket_url):
                pass
        assert refused.value.response.status_code == 429
        assert "retry-after" in refused.value.response.headers


DEAR = "{ " + " ".join(f"a{n}: twice(number: 1)" for n in range(40)) + " }"


async def test_what_an_operation_costs_is_charged_wherever_it_comes_from(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "COST_OF_A_REQUEST", 10)
    async with (
        serve(
            rate_limit_per_minute=10, rate_limit_window_seconds=60, rate_limit_paths=["/graphql"]
        ) as server,
        httpx.AsyncClient(base_url=server.url) as http,
        connect(server.socket_url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket,
    ):
        await socket.send('{"type": "connection_init"}')
        assert "connection_ack" in str(await socket.recv())

        async def heard() -> dict[str, Any]:
            said: dict[str, Any] = json.loads(await socket.recv())
            return said

        # One for the handshake, four for a cost of 40 over HTTP, four over the websocket.
        assert (await http.post("/graphql", json={"query": DEAR})).status_code == 200
        ask = {"type": "subscribe", "id": "1", "payload": {"query": DEAR}}
        await socket.send(json.dumps(ask))
        assert [(await heard())["type"], (await heard())["type"]] == ["next", "complete"]
        refused = await http.post("/graphql", json={"query": DEAR})
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        told = refused.json()["errors"][0]["extensions"]
        assert told["code"] == "RATE_LIMITED"
        assert 1 <= told["retryAfterMs"] <= 60_000
        await socket.send(json.dumps(ask))
        error = await heard()
        assert error["type"] == "error"
        assert error["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert error["payload"][0]["extensions"]["retryAfterMs"] <= 60_000


async def test_an_operation_that_costs_more_than_the_limit_is_still_answered_once(
    calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "COST_OF_A_REQUEST", 1)
    async with calling(
        rate_limit_per_minute=3, rate_limit_window_seconds=60, rate_limit_paths=["/graphql"]
    ) as http:
        assert (await http.post("/graphql", json={"query": DEAR})).status_code == 200
        assert (await http.post("/graphql", json={"query": DEAR})).status_code == 429


async def test_resolvers_are_told_how_the_client_stands(
    calling: Calling, world: small_schema.World
) -> None:
    async with calling(
        rate_limit_per_minute=5, rate_limit_window_seconds=60, rate_limit_paths=["/graphql"]
    ) as http:
        for left in (4, 3):
            await http.post("/graphql", json={"query": "{ ping }"})
            assert world.caller is not None
            assert world.caller.rate is not None
            state = world.caller.rate()
            assert (state.path, state.limit, state.remaining) == ("/graphql", 5, left)
            assert state.window_seconds == 60
            assert 0 <= state.reset_at - time.time() * 1000 <= 60_000
    async with calling() as http:
        await http.post("/graphql", json={"query": "{ ping }"})
        assert world.caller is not None
        assert world.caller.rate is None


async def test_an_address_a_client_made_up_does_not_help_it(http: httpx.AsyncClient) -> None:
    for number in range(3):
        assert await statuses(http, 1, x_forwarded_for=f"10.0.0.{number}") == [200]
    assert await statuses(http, 1, x_forwarded_for="10.0.0.9") == [429]


async def test_behind_a_trusted_proxy_each_client_is_counted_apart(calling: Calling) -> None:
    async with calling(
        peer="10.1.2.3",
        trusted_proxies=["10.0.0.0/8"],
        rate_limit_per_minute=1,
        rate_limit_window_seconds=60,
    ) as http:
        assert await statuses(http, 2, x_forwarded_for="192.0.2.1") == [200, 429]
        assert await statuses(http, 1, x_forwarded_for="192.0.2.2") == [200]
        # What stands left of the address that our proxy saw is the client's own invention.
        assert await statuses(http, 1, x_forwarded_for="192.0.2.9, 192.0.2.1, 10.9.9.9") == [429]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.7", [], "192.0.2.7"),
        ("192.0.2.7", ["1.1.1.1"], "192.0.2.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["1.1.1.1"], "1.1.1.1"),
        ("10.0.0.1", ["1.1.1.1, 2.2.2.2"], "2.2.2.2"),
        ("10.0.0.1", ["1.1.1.1", "2.2.2.2, 10.0.0.2"], "2.2.2.2"),
        ("10.0.0.1", ["1.1.1.1:4711"], "1.1.1.1"),
        ("10.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("::ffff:10.0.0.1", ["1.1.1.1"], "1.1.1.1"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["1.1.1.1, nonsense, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["10.0.0.2"], "10.0.0.2"),
        (None, ["1.1.1.1"], "unknown"),
    ],
)
def test_the_client_is_the_first_from_the_right_that_is_no_trusted_proxy(
    peer: str | None, forwarded: list[str], client: str
) -> None:
    connection = connection_from(peer, forwarded)
    assert AddressBook(["10.0.0.0/8"]).client_of(connection) == client


def test_ipv6_clients_are_counted_by_the_64_bits_they_were_given() -> None:
    book = AddressBook()
    one, other, elsewhere = (
        book.site_of(connection_from(address, []))
        for address in ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1")
    )
    assert one == other != elsewhere


def connection_from(peer: str | None, forwarded: list[str]) -> HTTPConnection:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    client = (peer, 1) if peer else None
    return HTTPConnection({"type": "http", "headers": headers, "client": client})
