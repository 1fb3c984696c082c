"""/metrics: what Prometheus reads, and that it is true."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from headrace.api.app import create_app
from headrace.live.metrics import Histogram
from headrace.settings import Settings
from tests.api.serving import Server, serving
from tests.api.test_app import IMPORT, START, YAML
from tests.databases import Database

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = re.compile(r"headrace_[a-z_]+(\{[a-z]+=\"[^\"]*\"\})? [0-9.e+-]+")
COMMENT = re.compile(
    r"# (HELP headrace_[a-z_]+ \S.*|TYPE headrace_[a-z_]+ (counter|gauge|histogram))"
)


@pytest.fixture
async def server(tmp_path: Path, database: Database) -> AsyncGenerator[Server, None]:
    settings = Settings(
        **database.settings,
        data_dir=tmp_path,
        artifacts_dir=tmp_path / "artifacts",
        api_key="k",
    )
    async with serving(create_app(settings)) as running:
        yield running


@pytest.fixture
async def http(server: Server) -> AsyncGenerator[httpx.AsyncClient, None]:
    async with httpx.AsyncClient(base_url=server.url, headers={"X-API-Key": "k"}) as client:
        yield client


async def told(http: httpx.AsyncClient) -> dict[str, float]:
    answer = await http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert answer.text.endswith("\n")
    for line in lines:
        assert SAMPLE.fullmatch(line) or COMMENT.fullmatch(line), line
    samples = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in samples}


async def test_it_is_behind_the_key(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        refused = await http.get("/metrics")
    assert (refused.status_code, refused.json()["code"]) == (401, "UNAUTHENTICATED")


async def test_the_queue_is_told_by_status(http: httpx.AsyncClient) -> None:
    before = await told(http)
    assert before['headrace_queue_blocks{status="READY"}'] == 0
    assert before["headrace_queue_oldest_ready_seconds"] == 0
    await http.post("/graphql", json={"query": IMPORT, "variables": {"yaml": YAML}})
    await http.post("/graphql", json={"query": START})
    after = await told(http)
    assert after['headrace_queue_blocks{status="READY"}'] == 1
    assert after['headrace_runs_active{status="QUEUED"}'] == 1
    assert after["headrace_queue_oldest_ready_seconds"] >= 0
    assert after["headrace_lease_losses_total"] == 0
    assert after['headrace_workers{status="ACTIVE"}'] == 0
    assert after["headrace_llm_calls_total"] == 0
    assert after['headrace_llm_tokens_total{direction="input"}'] == 0


async def test_what_stays_open_is_counted(server: Server, http: httpx.AsyncClient) -> None:
    query = {"query": "subscription { runs { kind } }"}
    async with (
        connect(
            server.socket_url,
            subprotocols=[Subprotocol("graphql-transport-ws")],
        ) as socket,
        http.stream(
            "POST", "/graphql", json=query, headers={"accept": "text/event-stream"}
        ) as stream,
    ):
        await socket.send('{"type": "connection_init", "payload": {"X-API-Key": "k"}}')
        await socket.recv()
        parts = stream.aiter_bytes()
        await anext(parts)
        found = await told(http)
    assert found["headrace_websockets"] == 1
    assert found["headrace_event_streams"] == 1


def test_a_histogram_counts_from_the_smallest_bucket_up_and_bounds_belong_to_theirs() -> None:
    found = Histogram((0.1, 1))
    for seconds in (-5, 0.05, 0.1, 0.5, 1, 7):
        found.observe(seconds)
    assert found.cumulative() == [(0.1, 3), (1, 5)]
    assert found.count == 6
    assert found.total == pytest.approx(8.65)


async def test_every_metric_is_in_the_reference(http: httpx.AsyncClient) -> None:
    page = (ROOT / "docs" / "reference" / "metrics.md").read_text("utf-8")
    answer = await http.get("/metrics")
    names = re.findall(r"^# TYPE headrace_(\S+) (\S+)$", answer.text, re.MULTILINE)
    documented = {
        (name, kind)
        for line in page.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])
        for kind in [line.split("|")[2].strip()]
    }
    assert documented == set(names)
