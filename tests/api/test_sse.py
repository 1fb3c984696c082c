"""Server-sent events on a socket: the protocol of graphql-sse, and the ends of streams."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from headrace.api import sse
from headrace.api.traffic import Traffic
from tests.api.conftest import Serve
from tests.api.serving import Server
from tests.api.small_schema import World

EVENTS = {"accept": "text/event-stream"}
PATIENCE_SECONDS = 60


class Stream:
    """The events of one response: (event, data) pairs, and comments as ("", "")."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def event(self) -> tuple[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            kind, data = "", ""
            async for line in self._lines:
                if line.startswith("event:"):
                    kind = line.removeprefix("event:").strip()
                elif line.startswith("data:"):
                    data = line.removeprefix("data:").strip()
                elif not line:
                    return kind, json.loads(data) if data else ""
        raise EOFError

    async def after_comments(self) -> tuple[str, Any]:
        while (found := await self.event()) == ("", ""):
            pass
        return found

    async def rest(self) -> list[tuple[str, Any]]:
        """Every event, comments left out, until the body is over."""
        found = []
        try:
            while True:
                found.append(await self.after_comments())
        except EOFError:
            return found


@asynccontextmanager
async def subscribed(
    http: httpx.AsyncClient, query: str, **headers: str
) -> AsyncGenerator[Stream, None]:
    asked = http.stream("POST", "/graphql", json={"query": query}, headers={**EVENTS, **headers})
    async with asked as response:
        yield Stream(response)


async def test_a_subscription_is_a_stream_of_next_events_and_one_complete(
    live: httpx.AsyncClient,
) -> None:
    async with subscribed(live, "subscription { count(to: 3) { number } }") as stream:
        assert stream.response.status_code == 200
        headers = stream.response.headers
        assert headers["content-type"] == "text/event-stream; charset=utf-8"
        assert headers["x-accel-buffering"] == "no"
        assert {"no-cache", "no-transform"} <= set(headers["cache-control"].split(", "))
        assert "content-length" not in headers
        assert await stream.event() == ("", ""), "the client hears at once that it is heard"
        events = await stream.rest()
    numbers = [("next", {"data": {"count": {"number": number}}}) for number in (1, 2, 3)]
    assert events == [*numbers, ("complete", "")]


async def test_a_get_subscribes_as_an_event_source_does(live: httpx.AsyncClient) -> None:
    params = {
        "query": "subscription S($to: Int!) { count(to: $to) { number } }",
        "variables": '{"to": 1}',
    }
    async with live.stream("GET", "/graphql", params=params, headers=EVENTS) as response:
        kinds = [kind for kind, _ in await Stream(response).rest()]
    assert kinds == ["next", "complete"]


@pytest.mark.parametrize("query", ["{ ping }", "mutation { bump }", "{ nothing }", "{"])
async def test_other_operations_and_refusals_are_one_event_and_complete(
    live: httpx.AsyncClient, query: str
) -> None:
    async with subscribed(live, query) as stream:
        assert stream.response.status_code == 200
        (kind, payload), complete = await stream.rest()
    assert (kind, complete) == ("next", ("complete", ""))
    assert ("data" in payload) is (query != "{" and "nothing" not in query)


async def test_a_mutation_is_not_taken_from_a_get(live: httpx.AsyncClient, world: World) -> None:
    refused = await live.get("/graphql", params={"query": "mutation { bump }"}, headers=EVENTS)
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert world.bumps == 0


async def test_a_source_that_fails_ends_with_an_error_and_complete(
    live: httpx.AsyncClient,
) -> None:
    async with subscribed(live, "subscription { absent }") as stream:
        (_, absent), end = await stream.rest()
    assert absent["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert end == ("complete", "")
    async with subscribed(live, "subscription { breaks }") as stream:
        *_, (_, broken), end = await stream.rest()
    assert broken["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "secret" not in str(broken)
    assert end == ("complete", "")


async def test_a_subscription_without_a_stream_is_told_where_to_go(
    live: httpx.AsyncClient,
) -> None:
    answer = await live.post("/graphql", json={"query": "subscription { forever }"})
    assert "text/event-stream" in answer.json()["errors"][0]["message"]


async def test_the_key_comes_in_a_header(serve: Serve) -> None:
    async with serve(api_key="k") as server, httpx.AsyncClient(base_url=server.url) as http:
        query = "subscription { count(to: 1) { number } }"
        async with subscribed(http, query) as refused:
            assert refused.response.status_code == 401
        async with subscribed(http, query, **{"X-API-Key": "k"}) as stream:
            assert len(await stream.rest()) == 2


@pytest.mark.parametrize("paths", [(), ("/graphql",)], ids=["unlimited", "limited"])
async def test_a_client_that_leaves_ends_its_subscription(
    serve: Serve, world: World, paths: tuple[str, ...]
) -> None:
    """Behind slowapi's middleware too, which stands before a limited path."""
    async with serve(rate_limit_paths=paths) as server:
        async with httpx.AsyncClient(base_url=server.url) as http:
            async with subscribed(http, "subscription { forever }") as stream:
                assert await stream.after_comments() == ("next", {"data": {"forever": 1}})
                await world.entered.wait()
                assert server.app.state.traffic.streams == 1
            await asyncio.wait_for(world.cancelled.wait(), PATIENCE_SECONDS)
        await asyncio.wait_for(world.idle.wait(), PATIENCE_SECONDS)
    assert world.streams_open == 0


async def test_a_quiet_stream_is_kept_alive_by_comments(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hasty(*given: Any) -> sse.EventStream:
        return sse.EventStream(*given, heartbeat_seconds=0.01)

    monkeypatch.setattr("headrace.api.http.EventStream", hasty)
    async with (
        serve() as server,
        httpx.AsyncClient(base_url=server.url) as http,
        subscribed(http, "subscription { forever }") as stream,
    ):
        assert await stream.event() == ("", "")
        assert (await stream.event())[0] == "next"
        for _ in range(3):
            assert await stream.event() == ("", "")


async def test_open_streams_end_without_complete_when_the_server_stops(
    server: Server, live: httpx.AsyncClient
) -> None:
    """A client that sees no `complete` knows that there is more, and comes back by cursor."""
    async with subscribed(live, "subscription { forever }") as stream:
        assert (await stream.after_comments())[0] == "next"
        stopping = asyncio.create_task(server.stop())
        assert await stream.rest() == []
        await asyncio.wait_for(stopping, PATIENCE_SECONDS)


async def test_there_is_a_bound_of_what_stays_open(serve: Serve) -> None:
    async with serve() as server, httpx.AsyncClient(base_url=server.url) as http:
        traffic: Traffic = server.app.state.traffic
        traffic._most = 1
        async with subscribed(http, "subscription { forever }") as stream:
            await stream.after_comments()
            async with subscribed(http, "subscription { forever }") as second:
                assert second.response.status_code == 503
                assert second.response.headers["retry-after"] == "5"
            assert (await http.post("/graphql", json={"query": "{ ping }"})).status_code == 200


async def test_sigterm_ends_plain_uvicorn_at_once_though_a_stream_is_open(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uvicorn", "--factory", "headrace.api.app:create_app"),
        *("--port", "0", "--timeout-graceful-shutdown", "600"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={
            **os.environ,
            "SQLITE_PATH": str(tmp_path / "db.sqlite3"),
            "DATA_DIR": str(tmp_path),
            "ARTIFACTS_DIR": str(tmp_path / "artifacts"),
        },
        cwd=tmp_path,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while b"running on" not in (line := await process.stderr.readline()):
                assert line, "the server did not start"
            url = f"http://127.0.0.1:{line.decode().rpartition(':')[2].split()[0]}"
            async with (
                httpx.AsyncClient(base_url=url) as http,
                subscribed(http, "subscription { runs { kind } }") as stream,
            ):
                assert await stream.event() == ("", "")
                process.send_signal(signal.SIGTERM)
                assert await stream.rest() == []
            await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
