"""A large CSV through the sentiment pipeline of examples/: how fast, and in how much memory."""

import asyncio
import csv
from collections.abc import AsyncIterator
from pathlib import Path
from time import perf_counter

from benchmarks import processes
from benchmarks.client import client_of
from benchmarks.figures import Figure, Goal, Plan
from benchmarks.http import ApiFailed
from benchmarks.served import PROJECT, serve
from headrace.artifacts.synthesize import MESSAGES

NAMES = ("rows",)
SENTIMENT = PROJECT / "examples" / "sentiment.yaml"
_LABELLING = "sent"
_PATIENCE_SECONDS = 1_200.0
_LOOK_SECONDS = 0.1


def write_csv(path: Path, rows: int) -> None:
    """Columns id and text; the demo's messages, each made different by its number."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "text"))
        for number in range(1, rows + 1):
            writer.writerow((number, f"{MESSAGES[number % len(MESSAGES)]}, case {number}"))


async def measure(plan: Plan) -> AsyncIterator[Figure]:
    """One round: it takes a minute or more. Raises NotMeasurable."""
    async with serve(plan.folder / "rows") as served, client_of(served.url) as client:
        path = served.data / "large.csv"
        await asyncio.to_thread(write_csv, path, plan.rows)
        await client.import_pipeline({"yaml": SENTIMENT.read_text()})
        peak = asyncio.create_task(_peak_mib(served.pid), name="peak")
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                started = perf_counter()
                run_id = await client.start("sentiment", {"input_path": str(path)})
                seconds = await client.socket.follow(run_id) - started
        finally:
            peak.cancel()
        done = await client.rows_done(run_id, _LABELLING)
        if done != plan.rows:
            raise ApiFailed(f"{done:,} rows were labelled instead of {plan.rows:,}")
        most = await peak
    yield Figure(
        name="rows",
        title=f"CSV of {plan.rows:,} rows through LLM_SENTIMENT (mock)",
        unit="rows/s",
        rounds=[plan.rows / seconds],
        note="read, labelled and written again",
    )
    yield Figure(
        name="rows",
        title="… its peak memory, of all processes",
        unit="MiB",
        rounds=[most],
        goal=Goal(limit=450),
    )


async def _peak_mib(pid: int) -> float:
    """The most that was seen until it is cancelled."""
    most = 0.0
    try:
        while True:
            most = max(most, await asyncio.to_thread(processes.pss_mib, pid))
            await asyncio.sleep(_LOOK_SECONDS)
    except asyncio.CancelledError:
        return most
