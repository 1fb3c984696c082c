"""`python -m benchmarks.web`: how the pages feel, in a headless Chromium, against a real server.

Figures are times and frames, which a busy machine makes worse; sizes and counts are tests.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from benchmarks import machine, report
from benchmarks.client import Client, client_of
from benchmarks.figures import Figure, Goal
from benchmarks.served import PROJECT, serve
from benchmarks.shapes import SMALL, Shape, fan, levels

WEB = PROJECT / "web"
LINES = 10_000
WIDE = fan("wide", 498)
DEEP = levels("deep", 25, 20)
LOG = Shape("log", 1, ())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of each figure (3)")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="on a real disk")
    asked = parser.parse_args()
    if shutil.which("node") is None or not (WEB / "node_modules").is_dir():
        sys.exit("The pages are measured with Node 20.19 or newer: npm ci --prefix web")
    folder = Path(tempfile.mkdtemp(prefix="headrace-bench-", dir=asked.folder))
    print(f"{machine.look(folder)}\n", flush=True)
    try:
        figures = asyncio.run(_measured(folder, asked.rounds))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(report.table(figures))


async def _measured(folder: Path, rounds: int) -> list[Figure]:
    found: dict[str, Figure] = {}
    async with serve(folder / "web") as served, client_of(served.url, connections=1) as client:
        await _bring_in(client)
        for _ in range(rounds):
            async for figure in _one_round(served.url, client):
                known = found.setdefault(figure.title, figure)
                if known is not figure:
                    known.rounds.extend(figure.rounds)
    return list(found.values())


async def _bring_in(client: Client) -> None:
    for shape, function in ((SMALL, "row"), (WIDE, "nothing"), (DEEP, "nothing"), (LOG, "lines")):
        await client.import_pipeline({"definition": shape.document(function)})
    for _ in range(60):
        await client.run(SMALL)


async def _one_round(url: str, client: Client) -> AsyncIterator[Figure]:
    told = await _script("runs", url)
    yield _figure("Runs interactive, cold", "ms", told["interactive"], Goal(limit=1000))
    told = await _script("start", url, SMALL.name)
    yield _figure("Start clicked → first block running", "ms", told["running"], Goal(limit=500))
    run_id = await client.start(LOG.name)
    await client.socket.follow(run_id)
    told = await _script("log", url, run_id)
    title = f"log of {LINES:,} lines"
    yield _figure(f"{title}: scrolling", "fps", told["fps"], Goal(limit=50, at_least=True))
    yield _figure(f"{title}: worst frame", "ms", told["worst"], Goal(limit=50))
    for shape, title in (
        (WIDE, f"graph of {WIDE.blocks} blocks"),
        (DEEP, f"graph of {DEEP.blocks} blocks, none folded"),
    ):
        run_id = await client.start(shape.name)
        told, _ = await asyncio.gather(
            _script("graph", url, run_id), client.socket.follow(run_id, ends_only=True)
        )
        yield _figure(f"{title}: first paint", "ms", told["painted"], Goal(limit=1200))
        fps = Goal(limit=25, at_least=True)
        yield _figure(f"{title}: panned while live", "fps", told["fps"], fps)
        yield _figure(f"{title}: longest task of its run", "ms", told["longest"], Goal(limit=150))


def _figure(title: str, unit: str, value: float, goal: Goal) -> Figure:
    return Figure(name="web", title=title, unit=unit, rounds=[float(value)], goal=goal)


async def _script(name: str, *arguments: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        "node", f"bench/{name}.mjs", *arguments, cwd=WEB, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"web/bench/{name}.mjs failed")
    return dict(json.loads(printed))


if __name__ == "__main__":
    main()
