"""What a server uses that has worked and now has nothing to do: memory, and CPU."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator

from benchmarks import processes
from benchmarks.client import Client, client_of
from benchmarks.figures import Figure, Goal, Plan
from benchmarks.rows import SENTIMENT, write_csv
from benchmarks.served import Served, serve
from benchmarks.shapes import CHAIN, FANOUT, PAIR, SHAPES

NAMES = ("memory", "idle")
_ROUNDS = 3  # a state, not a race: it hardly moves
_IDLE_SECONDS = 20.0
_LEAVE_SECONDS = 20.0
_BARE_LOOP = """
import asyncio
import uvloop
async def wake():
    while True:
        await asyncio.sleep(0.1)
uvloop.run(wake())
"""
_ZYGOTE = "headrace_worker.executors.zygote"


async def measure(plan: Plan) -> AsyncIterator[Figure]:
    """Those of the two that are wanted. Raises NotMeasurable."""
    warm: list[float] = []
    rest: list[float] = []
    idle: list[float] = []
    bare: list[float] = []
    children = 0
    rounds = min(plan.rounds, _ROUNDS)
    for number in range(rounds if "memory" in plan.wanted else 1):
        async with serve(plan.folder / f"footprint-{number}") as served:
            async with client_of(served.url) as client:
                await _work(served, client)
                warm.append(processes.pss_mib(served.pid))
                children = len(processes.tree(served.pid)) - 2
                if "idle" in plan.wanted and not idle:
                    idle.append(await _idle_percent(served.pid))
                    bare.append(await _bare_percent())
            await _without_children(served.pid)
            rest.append(processes.pss_mib(served.pid))
    if "memory" in plan.wanted:
        yield Figure(
            name="memory",
            title="memory of all processes, children warm",
            unit="MiB",
            rounds=warm,
            goal=Goal(limit=150),
            note=f"server, zygote, {children} children",
        )
        yield Figure(
            name="memory",
            title="memory at rest, children gone",
            unit="MiB",
            rounds=rest,
            goal=Goal(limit=100),
        )
    if "idle" in plan.wanted:
        yield Figure(
            name="idle",
            title=f"CPU of all processes, idle for {_IDLE_SECONDS:g} s",
            unit="%",
            rounds=idle,
            goal=Goal(limit=0.5),
            bare=bare,
        )


async def _work(served: Served, client: Client) -> None:
    """Some of everything, so that what is loaded late is loaded: the demo's pipeline too."""
    for shape in SHAPES:
        await client.import_pipeline({"definition": shape.document()})
    write_csv(served.data / "input.csv", 1_000)
    await client.import_pipeline({"yaml": SENTIMENT.read_text()})
    for _ in range(3):
        await client.run(CHAIN)
        await client.run(FANOUT)
        await client.runs_at_once(PAIR, 50)
        run_id = await client.start("sentiment", {"input_path": str(served.data / "input.csv")})
        await client.socket.follow(run_id)


async def _idle_percent(pid: int) -> float:
    loop = asyncio.get_running_loop()
    await asyncio.sleep(2)  # what follows the last run is still work
    started, before = loop.time(), processes.cpu_seconds(pid)
    await asyncio.sleep(_IDLE_SECONDS)
    return (processes.cpu_seconds(pid) - before) / (loop.time() - started) * 100


async def _bare_percent() -> float:
    """The same of a loop that only wakes: what waking up costs on this machine."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _BARE_LOOP, stdin=asyncio.subprocess.DEVNULL
    )
    try:
        return await _idle_percent(process.pid)
    finally:
        process.kill()
        await process.wait()


async def _without_children(pid: int) -> None:
    """Children leave after five idle minutes. Here the process that forked them is ended: the
    server sees its end, and the children die with it.
    """
    for zygote in processes.named(pid, _ZYGOTE):
        os.kill(zygote, signal.SIGKILL)
    async with asyncio.timeout(_LEAVE_SECONDS):
        while len(processes.tree(pid)) > 1:  # noqa: ASYNC110 - /proc has no event to wait for
            await asyncio.sleep(0.05)
