"""Workers that claim and complete blocks and do nothing else, on each kind of database."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, Plan
from benchmarks.served import environment
from headrace.domain.definition import definition_from_document
from headrace.domain.lifecycle import RunTrigger
from headrace.store.database import Store
from headrace.store.pipelines import Saved, save_definition
from headrace.store.runs import NewRun, create_run
from tests.system.postgres import NoPostgres, Postgres, start_cluster

NAMES: Final = ("claims",)
_WORKERS: Final = (1, 2, 4)
_RUNS: Final = 100
_BLOCKS: Final = 10
_SLOTS: Final = 8
_PATIENCE_SECONDS: Final = 120.0


async def measure(plan: Plan) -> AsyncIterator[Figure]:
    for workers in _WORKERS:
        rounds = []
        for number in range(plan.rounds):
            folder = plan.folder / f"claims-{workers}-{number}"
            folder.mkdir()
            rounds.append(await _blocks_per_second(folder / "db.sqlite3", folder, workers))
        yield _figure("SQLite", workers, rounds)
    try:
        cluster = start_cluster(plan.folder.parent, durable=True)  # ours alone is root's alone
    except NoPostgres as why:
        print(f"not measured here: {why}", file=sys.stderr)
        return
    server = Postgres(cluster.base)
    try:
        for workers in _WORKERS:
            rounds = []
            for _ in range(plan.rounds):
                address = server.new()
                rounds.append(await _blocks_per_second(address, plan.folder, workers))
                server.give_back(address)
            yield _figure("PostgreSQL", workers, rounds)
    finally:
        cluster.remove()


def _figure(database: str, workers: int, rounds: list[float]) -> Figure:
    return Figure(
        name="claims",
        title=f"{database}, {workers} worker{'s' * (workers > 1)}: blocks claimed and completed",
        unit="blocks/s",
        rounds=rounds,
        note=f"{_RUNS} runs of {_BLOCKS} blocks side by side, {_SLOTS} slots a worker",
    )


async def _blocks_per_second(where: Path | str, folder: Path, workers: int) -> float:
    await _fill(where)
    started: list[asyncio.subprocess.Process] = []
    try:
        while len(started) < workers:
            started.append(await _start(where, folder))
        begun = time.perf_counter()
        for worker in started:
            assert worker.stdin is not None
            worker.stdin.write(b"go\n")
        async with asyncio.timeout(_PATIENCE_SECONDS):
            done = sum([await _said(worker) for worker in started])
        seconds = time.perf_counter() - begun
    finally:
        for worker in started:
            if worker.returncode is None:
                worker.kill()
            await worker.wait()
    if done != _RUNS * _BLOCKS:
        raise RuntimeError(f"{done} blocks were done of {_RUNS * _BLOCKS}")
    return done / seconds


async def _fill(where: Path | str) -> None:
    blocks = [{"name": f"b{number}", "type": "NOOP"} for number in range(_BLOCKS)]
    definition = definition_from_document({"name": "p", "blocks": blocks, "edges": []})
    store = await Store.open(where)
    saved = await store.write(partial(save_definition, definition=definition, replace=True))
    assert isinstance(saved, Saved)
    new = NewRun(
        pipeline_id=saved.pipeline_id,
        version_id=saved.version_id,
        trigger=RunTrigger.API,
        params={},
        labels={},
    )
    await asyncio.gather(*(store.write(partial(create_run, new=new)) for _ in range(_RUNS)))
    await store.close()


async def _start(where: Path | str, folder: Path) -> asyncio.subprocess.Process:
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.claiming_process",
        str(where),
        str(_SLOTS),
        env=environment(folder),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert worker.stdout is not None
    async with asyncio.timeout(_PATIENCE_SECONDS):
        if await worker.stdout.readline() != b"ready\n":
            raise RuntimeError("a worker did not start")
    return worker


async def _said(worker: asyncio.subprocess.Process) -> int:
    assert worker.stdout is not None
    return int(await worker.stdout.readline())
