"""The application as it is served, over Headrace's own schema and services."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

from headrace.api.app import create_app
from headrace.api.graphql.schema import build_schema
from headrace.api.inprocess import InProcess
from headrace.services.core import open_services
from headrace.settings import Settings
from tests.api.serving import Server, serving
from tests.databases import Database

YAML = """
name: demo
params:
  - {name: path, type: string, default: data/input.csv}
blocks:
  - {name: csv, type: CSV_READER, config: {input_path: "{{ params.path }}"}}
edges: []
"""
IMPORT = """
mutation($yaml: String!) {
  importPipeline(input: {source: {yaml: $yaml}, replaceIfExists: true}) {
    __typename
    ... on ImportPipelineSuccess { created pipeline { name } }
    ... on PipelineInvalid { problems { code message } }
  }
}
"""
START = """
mutation($key: String) {
  startRun(input: {pipeline: "demo", idempotencyKey: $key}) {
    __typename
    ... on StartRunSuccess { run { id status trigger } }
  }
}
"""
EVENTS = "subscription($run: ID!) { runEvents(runId: $run) { throughSeq events { seq kind } } }"


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    return Settings(
        **database.settings,
        data_dir=tmp_path,
        artifacts_dir=tmp_path / "artifacts",
        allowed_hosts=("127.0.0.1",),
    )


@pytest.fixture
async def server(settings: Settings) -> AsyncGenerator[Server, None]:
    """A server that opens its services by itself, as under `uvicorn --factory`."""
    async with serving(create_app(settings)) as running:
        yield running


@pytest.fixture
async def http(server: Server) -> AsyncGenerator[httpx.AsyncClient, None]:
    async with httpx.AsyncClient(base_url=server.url, timeout=10) as client:
        yield client


async def asked(http: httpx.AsyncClient, query: str, client: str = "", **variables: Any) -> Any:
    answer = await http.post(
        "/graphql",
        json={"query": query, "variables": variables},
        headers={"X-Headrace-Client": client} if client else {},
    )
    body = answer.json()
    assert "errors" not in body, body
    return body["data"]


async def test_a_pipeline_is_imported_started_and_watched_over_sockets(
    server: Server, http: httpx.AsyncClient
) -> None:
    imported = (await asked(http, IMPORT, yaml=YAML))["importPipeline"]
    assert imported["__typename"] == "ImportPipelineSuccess", imported
    started = (await asked(http, START, client="ui", key="k"))["startRun"]
    run = started["run"]
    assert (run["status"], run["trigger"]) == ("QUEUED", "UI")
    again = (await asked(http, START, client="ui", key="k"))["startRun"]
    assert again["run"]["id"] == run["id"]

    transport = WebsocketsTransport(
        url=server.socket_url, subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL]
    )
    async with Client(transport=transport) as session:
        kinds: list[str] = []
        watched = gql(EVENTS)
        watched.variable_values = {"run": run["id"]}
        async for batch in session.subscribe(watched):
            kinds += [event["kind"] for event in batch["runEvents"]["events"]]
            if len(kinds) == 2:
                break
        assert kinds == ["RUN_QUEUED", "BLOCK_READY"]
        absent = gql(EVENTS)
        absent.variable_values = {"run": "run_01k00000000000000000000000"}
        with pytest.raises(TransportQueryError) as refused:
            async for _ in session.subscribe(absent):
                pass
        assert "NOT_FOUND" in str(refused.value.errors)


async def test_the_command_line_without_a_server_sees_the_same(settings: Settings) -> None:
    async with open_services(settings) as services:
        api = InProcess(services, build_schema())
        imported = await api.execute(IMPORT, {"yaml": YAML})
        assert imported["data"]["importPipeline"]["pipeline"]["name"] == "demo"
        started = await api.execute(START, {"key": None})
        run = started["data"]["startRun"]["run"]
        assert run["trigger"] == "CLI"
        events = api.subscribe(EVENTS, {"run": run["id"]})
        first = await anext(events)
        assert first["data"]["runEvents"]["events"][0] == {"seq": 1, "kind": "RUN_QUEUED"}
        await events.aclose()
        answers = [answer async for answer in api.subscribe(EVENTS, {"run": "run_nothing"})]
        assert answers[-1]["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_services_that_are_shared_are_left_open(settings: Settings) -> None:
    async with open_services(settings) as services:
        async with serving(create_app(services=services)):
            pass
        assert await services.store.write(lambda tx: tx.now) > 0


async def test_the_rest_surface_beside_it(http: httpx.AsyncClient) -> None:
    assert (await http.get("/health")).json() == {"status": "ok"}
    assert (await http.get("/ready")).json() == {"status": "ready"}
    absent = await http.get("/artifacts/art_01k00000000000000000000000/download")
    assert (absent.status_code, absent.json()["code"]) == (404, "NOT_FOUND")


async def test_uvicorns_factory_serves_and_sigterm_ends_it_though_a_stream_is_open(
    tmp_path: Path,
) -> None:
    environment = {
        **os.environ,
        "SQLITE_PATH": str(tmp_path / "db.sqlite3"),
        "DATA_DIR": str(tmp_path),
        "ARTIFACTS_DIR": str(tmp_path / "artifacts"),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uvicorn", "--factory", "headrace.api.app:create_app"),
        *("--port", "0", "--timeout-graceful-shutdown", "600"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
        cwd=tmp_path,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(60):
            while b"running on" not in (line := await process.stderr.readline()):
                assert line, "the server did not start"
            port = int(line.decode().rpartition(":")[2].split()[0])
            transport = WebsocketsTransport(
                url=f"ws://127.0.0.1:{port}/graphql",
                subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
            )
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
                await asked(http, IMPORT, yaml=YAML)
                run = (await asked(http, START))["startRun"]["run"]
            async with Client(transport=transport) as session:
                watched = gql(EVENTS)
                watched.variable_values = {"run": run["id"]}
                await anext(aiter(session.subscribe(watched)))
                process.send_signal(signal.SIGTERM)
                await asyncio.wait_for(process.wait(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
