"""What one more watcher of a run costs its server: CPU for each event that it is sent, and memory.

The difference between a crowd and one watcher of the same run, so that what the run itself costs
drops out. CPU time, unlike time, hardly depends on what else the machine does.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, Final

import psutil

from benchmarks.client import Client, client_of
from benchmarks.events import EventSocket
from benchmarks.figures import Figure, Plan
from benchmarks.served import Served, serve
from benchmarks.shapes import CHAIN, FUNCTIONS

NAMES: Final = ("watchers",)
CROWD: Final = 300
_PATIENCE_SECONDS: Final = 120.0


async def measure(plan: Plan) -> AsyncIterator[Figure]:
    """The figures of a crowd that follows a chain of 40 blocks from its first event."""
    cpu: list[float] = []
    memory: list[float] = []
    async with serve(plan.folder / "watchers") as served, client_of(served.url) as client:
        await client.import_pipeline({"definition": _document()})
        await _watched(served, client, 1)
        for _ in range(plan.rounds):
            alone, _ = await _watched(served, client, 1)
            crowd, grown = await _watched(served, client, CROWD)
            cpu.append((crowd - alone) * 1e6 / (CHAIN.events * (CROWD - 1)))
            memory = memory or [grown / CROWD / 1024]  # the next crowd is given what this one had
    yield Figure(
        name="watchers",
        title=f"{CROWD} watchers of one run: the server's CPU for each event to each",
        unit="µs",
        rounds=cpu,
    )
    yield Figure(
        name="watchers",
        title="… its memory for each websocket, events on their way too",
        unit="KiB",
        rounds=memory,
    )


def _document() -> dict[str, Any]:
    """The chain, whose first block waits until everybody is there."""
    document = CHAIN.document()
    document["blocks"][0]["config"] = {"function": f"{FUNCTIONS}:wait"}
    return document


async def _watched(served: Served, client: Client, count: int) -> tuple[float, int]:
    """(CPU seconds of the server while `count` watch a run, bytes by which it grew for them)."""
    server = psutil.Process(served.pid)
    before = server.memory_info().rss
    async with asyncio.timeout(_PATIENCE_SECONDS), AsyncExitStack() as stack:
        sockets = []
        for _ in range(count):
            sockets.append(await EventSocket.open(served.url))
            stack.push_async_callback(sockets[-1].close)
        run_id = await client.start(CHAIN.name)
        following = [
            asyncio.create_task(socket.follow(run_id, events=CHAIN.events)) for socket in sockets
        ]
        began = _seconds(server)
        await asyncio.gather(*following)
        return _seconds(server) - began, server.memory_info().rss - before


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
