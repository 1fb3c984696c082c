"""Five processes that write one database file as fast as they can: how long one has to wait."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from benchmarks.figures import Figure, Goal, Plan
from benchmarks.served import environment

NAMES = ("writers",)
_PROCESSES = 5
_COMMITS = 300
_PATIENCE_SECONDS = 120.0


async def measure(plan: Plan) -> AsyncIterator[Figure]:
    rounds = [await _longest_ms(plan.folder / f"writers-{number}") for number in range(plan.rounds)]
    yield Figure(
        name="writers",
        title=f"{_PROCESSES} writing processes: the longest wait for a commit",
        unit="ms",
        rounds=rounds,
        goal=Goal(limit=500),
        note=f"{_COMMITS} commits each",
    )


async def _longest_ms(folder: Path) -> float:
    folder.mkdir()
    database = folder / "db.sqlite3"
    writers: list[asyncio.subprocess.Process] = []
    try:
        while len(writers) < _PROCESSES:  # one by one: the first makes the database
            writers.append(await _start(database))
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write(b"go\n")
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return max([await _said(writer) for writer in writers])
    finally:
        for writer in writers:
            if writer.returncode is None:
                writer.kill()
            await writer.wait()


async def _start(database: Path) -> asyncio.subprocess.Process:
    writer = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.writing_process",
        database,
        str(_COMMITS),
        env=environment(database.parent),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert writer.stdout is not None
    async with asyncio.timeout(_PATIENCE_SECONDS):
        if await writer.stdout.readline() != b"ready\n":
            raise RuntimeError("a writing process did not start")
    return writer


async def _said(writer: asyncio.subprocess.Process) -> float:
    assert writer.stdout is not None
    return float(await writer.stdout.readline())
