"""How long until something is there: the first run of a fresh installation, and `--help`."""

import asyncio
from collections.abc import AsyncIterator
from time import perf_counter

from benchmarks.client import client_of
from benchmarks.figures import Figure, Goal, Plan
from benchmarks.served import HEADRACE, environment, serve
from benchmarks.shapes import SMALL

NAMES = ("cold", "help")


async def measure(plan: Plan) -> AsyncIterator[Figure]:
    """Those of the two that are wanted."""
    if "cold" in plan.wanted:
        yield Figure(
            name="cold",
            title="cold start to the first run's end",
            unit="s",
            rounds=[await _cold(plan, number) for number in range(plan.rounds)],
            goal=Goal(limit=1),
        )
    if "help" in plan.wanted:
        await _help(plan)  # the byte code of a fresh checkout is written once
        yield Figure(
            name="help",
            title="headrace --help",
            unit="s",
            rounds=[await _help(plan) for _ in range(plan.rounds)],
            goal=Goal(limit=0.4),
        )


async def _cold(plan: Plan, number: int) -> float:
    """From the making of the server's process, over an empty folder, to the terminal event."""
    async with (
        serve(plan.folder / f"cold-{number}") as served,
        client_of(served.url, connections=1) as client,
    ):
        await client.import_pipeline({"definition": SMALL.document()})
        run_id = await client.start(SMALL.name)
        return await client.socket.follow(run_id, events=SMALL.events) - served.spawned_at


async def _help(plan: Plan) -> float:
    started = perf_counter()
    process = await asyncio.create_subprocess_exec(
        HEADRACE,
        "--help",
        cwd=plan.folder,
        env=environment(plan.folder / "help"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
    )
    if await process.wait() != 0:
        raise RuntimeError("headrace --help failed")
    return perf_counter() - started
