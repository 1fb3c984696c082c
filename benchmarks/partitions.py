"""One block whole and in parts: rows a second on this machine, and on one and two nodes of Ray."""

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.client import Client, client_of
from benchmarks.figures import Figure, Plan
from benchmarks.http import ApiFailed
from benchmarks.processes import NotMeasurable
from benchmarks.rows import write_csv
from benchmarks.served import PROJECT, serve

NAMES = ("partitions",)
_MOST_ROWS = 200_000
_MOST_WAITS = 8_000
_COUNTS = (1, 2, 4)
_PATIENCE_SECONDS = 600.0
_START_SECONDS = 120.0
_LAST_FREE_PORT = 10_001  # Ray's own workers listen on those from 10002 to 19999
_TIMES = """
query Times($runId: ID!) {
  run(id: $runId) { block(name: "sent") { status rowsDone startedAt finishedAt } }
}
"""


async def measure(plan: Plan) -> AsyncIterator[Figure]:
    """On Ray only where it is installed; each cluster takes 20 s to start."""
    rows = min(plan.rows, _MOST_ROWS)
    async for figure in _series(plan.folder / "partitions-local", rows, "this machine", {}):
        yield figure
    # Where a block waits rather than works, processes are worth more than there are processors.
    waiting = {"LLM_MOCK": '{"latency_ms": 2}', "WORKER_CONCURRENCY": "4"}
    where = "this machine, 2 ms an answer, WORKER_CONCURRENCY=4"
    few = min(plan.rows, _MOST_WAITS)
    async for figure in _series(plan.folder / "partitions-waiting", few, where, waiting):
        yield figure
    if find_spec("ray") is None:
        print("not measured here: partitions on Ray, which `make ray` installs", file=sys.stderr)
        return
    for nodes in (1, 2):
        async with _ray(nodes) as settings:
            where = f"Ray, {nodes} {'node' if nodes == 1 else 'nodes'} of one processor"
            async for figure in _series(
                plan.folder / f"partitions-ray-{nodes}", rows, where, settings
            ):
                yield figure


async def _series(
    folder: Path, rows: int, where: str, settings: Mapping[str, str]
) -> AsyncIterator[Figure]:
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(serve(folder, settings))
        client = await stack.enter_async_context(client_of(served.url))
        path = served.data / "input.csv"
        await asyncio.to_thread(write_csv, path, rows)
        await _speed(client, path, 1_000, 2)  # processes are warm afterwards
        for count in _COUNTS:
            yield Figure(
                name="partitions",
                title=f"LLM_SENTIMENT (mock) over {rows:,} rows on {where}: "
                + ("whole" if count == 1 else f"{count} partitions"),
                unit="rows/s",
                rounds=[await _speed(client, path, rows, count)],
            )


async def _speed(client: Client, path: Path, rows: int, partitions: int) -> float:
    """Rows a second of the block alone: from its claim to its end."""
    split = {} if partitions == 1 else {"partitions": partitions}
    read = {"name": "csv", "type": "CSV_READER", "config": {"input_path": path.name}}
    head = {"name": "head", "type": "FILTER", "config": {"where": f"id::BIGINT <= {rows}"}}
    definition = {
        "name": "split",
        "blocks": [read, head, {"name": "sent", "type": "LLM_SENTIMENT", **split}],
        "edges": [{"from": "csv", "to": "head"}, {"from": "head", "to": "sent"}],
    }
    await client.import_pipeline({"definition": definition})
    async with asyncio.timeout(_PATIENCE_SECONDS):
        run_id = await client.start("split")
        await client.socket.follow(run_id)
    block = (await client.execute(_TIMES, {"runId": run_id}))["run"]["block"]
    if int(block["rowsDone"]) != rows:
        raise ApiFailed(f"{block} instead of {rows:,} rows")
    return rows / (_moment(block["finishedAt"]) - _moment(block["startedAt"]))


def _moment(text: Any) -> float:
    return datetime.fromisoformat(str(text)).timestamp()


@asynccontextmanager
async def _ray(nodes: int) -> AsyncIterator[dict[str, str]]:
    """Settings for a cluster on loopback, which is there meanwhile. Raises NotMeasurable."""
    environment = {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.ray.nodes",
        str(_free_port()),
        str(nodes),
        cwd=PROJECT,
        env={**os.environ, **environment, "PYTHONPATH": str(PROJECT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_START_SECONDS):
            line = ""
            while not line.startswith("up "):
                line = (await process.stdout.readline()).decode()
                if not line:
                    raise NotMeasurable("a Ray cluster ended before it was up")
        yield {**environment, "EXECUTOR": "ray", "RAY_ADDRESS": line.split()[1]}
    finally:
        process.stdin.close()
        await process.wait()


def _free_port() -> int:
    for port in range(_LAST_FREE_PORT, 1024, -1):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise NotMeasurable("no port is free")
