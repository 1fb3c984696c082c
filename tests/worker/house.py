"""Headrace in one process, as `headrace serve` has it: services, a worker, real block processes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from headrace.domain.lifecycle import RunStatus
from headrace.live.log_lines import log_lines
from headrace.live.run_events import run_events
from headrace.services.core import Services, open_services
from headrace.services.pipelines import DefinitionSource, Imported, import_pipeline
from headrace.services.runs import CancelResults, Started, StartRun, cancel_runs, start_run
from headrace.settings import Settings
from headrace.store.reads.events import EventRow
from headrace.store.reads.logs import LogRow
from headrace.store.tables import artifacts, attempts, block_runs
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.protocol import Executor
from headrace_worker.loop import Worker
from tests.databases import Database

PATIENCE = 60.0


def settings_for(folder: Path, database: Database, **changes: Any) -> Settings:
    values = {
        **database.settings,
        "data_dir": folder / "data",
        "artifacts_dir": folder / "data" / "artifacts",
        "python_modules": ("tests.worker.functions",),
        "worker_concurrency": 2,
    }
    return Settings(**{**values, **changes})


def call(name: str, function: str, **rest: Any) -> dict[str, Any]:
    """A PYTHON block; `args` and the block's own keys may follow."""
    config = {"function": f"tests.worker.functions:{function}", "args": rest.pop("args", {})}
    return {"name": name, "type": "PYTHON", "config": config, **rest}


class House:
    """One process's services, with what tests ask of them."""

    def __init__(self, services: Services) -> None:
        self.services = services

    async def start(
        self, blocks: list[dict[str, Any]], edges: list[tuple[str, str]] | None = None, **asked: Any
    ) -> str:
        document: Mapping[str, Any] = {
            "name": "p",
            "blocks": blocks,
            "edges": [{"from": source, "to": target} for source, target in edges or []],
        }
        imported = await import_pipeline(
            self.services,
            source=DefinitionSource(document),
            replace_if_exists=True,
            principal="tests",
        )
        assert isinstance(imported, Imported), imported
        asked = {"params": {}, "labels": {}, **asked}
        started = await start_run(self.services, StartRun(pipeline="p", **asked), principal="tests")
        assert isinstance(started, Started), started
        return started.run_id

    async def cancel(self, run_id: str) -> None:
        done = await cancel_runs(self.services, [run_id], reason="test", principal="tests")
        assert isinstance(done, CancelResults)

    async def events(self, run_id: str) -> list[EventRow]:
        """Every event, once the run is over."""
        found: list[EventRow] = []
        async with asyncio.timeout(PATIENCE):
            async for page in run_events(self.services.hub, run_id):
                found += page.events
        assert [event.seq for event in found] == list(range(1, len(found) + 1))
        return found

    async def end(self, run_id: str) -> RunStatus:
        """How the run ended, once it has."""
        return RunStatus(str((await self.events(run_id))[-1].status))

    async def until(self, run_id: str, kind: str, block: str | None = None) -> None:
        """Returns once an event of that kind is there."""
        async with asyncio.timeout(PATIENCE):
            async for page in run_events(self.services.hub, run_id):
                if any(e.kind == kind and block in {None, e.block} for e in page.events):
                    return
        raise AssertionError(f"{kind} {block} never came")

    async def lines(self, run_id: str) -> list[LogRow]:
        found: list[LogRow] = []
        async with asyncio.timeout(PATIENCE):
            async for page in log_lines(self.services.hub, run_id):
                found += page.lines
        return found

    async def rows(self, table: Any, run_id: str) -> list[Any]:
        """In the order of the primary key; by itself only a file keeps to it."""
        found = select(table).where(table.c.run_id == run_id).order_by(*table.primary_key)
        async with self.services.store.snapshot() as snapshot:
            return list(await snapshot.all(found))

    async def attempts(self, run_id: str) -> list[tuple[int, str]]:
        return [(row.number, row.status) for row in await self.rows(attempts, run_id)]

    async def artifacts(self, run_id: str) -> list[Any]:
        return await self.rows(artifacts, run_id)

    async def block(self, run_id: str, name: str) -> Any:
        return next(r for r in await self.rows(block_runs, run_id) if r.name == name)


async def appears(path: Path) -> str:
    """The text of a file, once somebody has written it."""
    async with asyncio.timeout(PATIENCE):
        while not (path.exists() and path.read_text()):  # noqa: ASYNC110 # a file has no event
            await asyncio.sleep(0.01)
    return path.read_text()


@asynccontextmanager
async def open_house(
    settings: Settings, *, workers: int = 1, executor: Callable[[], Executor] | None = None
) -> AsyncIterator[House]:
    """`executor` makes that of each worker, by default one of processes of this machine."""
    async with open_services(settings) as services:
        started = [
            Worker(services, executor() if executor else LocalExecutor(services.content))
            for _ in range(workers)
        ]
        for worker in started:
            await worker.start()
        try:
            yield House(services)
        finally:
            for worker in started:
                await worker.stop()
