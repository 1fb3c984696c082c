"""What one operation shows is of one moment: subscribe after `Run.cursor` and miss nothing."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest

from headrace.api.graphql.schema import build_schema
from headrace.api.inprocess import InProcess
from headrace.live.run_events import run_events
from headrace.services.core import Services, open_services
from headrace.settings import Settings
from headrace.store.database import Snapshot
from headrace.store.postgres.snapshots import PostgresSnapshot
from headrace.store.sqlite_snapshots import SqliteSnapshot
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.loop import Worker
from tests.databases import Database
from tests.system import documents
from tests.system.client import Api, call
from tests.system.following import follow_run
from tests.system.signs import let_go, running

STATEMENTS = 6  # that an operation of this kind has at least


class Pause:
    """Holds every read of one operation from the n-th statement on, until `go_on`."""

    operation: ContextVar["Pause | None"] = ContextVar("operation", default=None)

    def __init__(self, before: int) -> None:
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()
        self.statements = 0
        self._before = before

    async def wait(self) -> None:
        self.statements += 1
        if self.statements >= self._before:
            self.reached.set()
            await self.go_on.wait()


@pytest.fixture(autouse=True)
def _pausing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    kind: Any = SqliteSnapshot if database.is_file else PostgresSnapshot
    plain = kind.all

    async def paused(self: Snapshot, statement: Any, **params: Any) -> Sequence[Any]:
        if pause := Pause.operation.get():
            await pause.wait()
        found: Sequence[Any] = await plain(self, statement, **params)
        return found

    monkeypatch.setattr(kind, "all", paused)


@asynccontextmanager
async def a_house(folder: Path, database: Database) -> AsyncIterator[tuple[Services, InProcess]]:
    """Headrace in this process, with a worker."""
    settings = Settings(
        **database.settings,
        data_dir=folder / "data",
        artifacts_dir=folder / "data" / "artifacts",
        python_modules=("tests.system.functions",),
        worker_concurrency=2,
    )
    async with open_services(settings) as services:
        worker = Worker(services, LocalExecutor(services.content))
        await worker.start()
        try:
            yield services, InProcess(services, build_schema())
        finally:
            await worker.stop()


async def a_held_run(api: InProcess, folder: Path) -> str:
    """A run whose first block waits for its gate."""
    blocks = [call("a", "hold", args={"folder": str(folder)}), call("b", "nothing")]
    definition = {"name": "p", "blocks": blocks, "edges": [{"from": "a", "to": "b"}]}
    await api.execute(documents.IMPORT, {"input": {"source": {"definition": definition}}})
    done = await api.execute(documents.START, {"input": {"pipeline": "p"}})
    run_id = str(done["data"]["startRun"]["run"]["id"])
    await running(folder, run_id, "a")
    return run_id


@pytest.mark.parametrize("before", range(2, STATEMENTS + 1))
async def test_a_block_that_ends_between_two_loaders_is_in_the_whole_answer_or_in_none_of_it(
    tmp_path: Path, database: Database, before: int
) -> None:
    """Breaks when loaders read each for itself: the cursor would be older than the blocks."""
    async with a_house(tmp_path, database) as (services, api):
        run_id = await a_held_run(api, tmp_path)
        pause = Pause(before)
        Pause.operation.set(pause)
        asking = asyncio.create_task(api.execute(documents.STATE, {"run": run_id}))
        Pause.operation.set(None)
        await pause.reached.wait()
        let_go(tmp_path)
        async for _ in run_events(services.hub, run_id):
            pass  # to the end of the run
        pause.go_on.set()
        shown = (await asking)["data"]["run"]
        assert pause.statements >= STATEMENTS
        assert [(b["name"], b["status"]) for b in shown["blocks"]] == [
            ("a", "RUNNING"),
            ("b", "WAITING"),
        ]
        assert (shown["status"], shown["progress"]["blocksDone"]) == ("RUNNING", 0)
        assert shown["artifacts"]["nodes"] == []
        assert shown["cursor"] == shown["timeline"]["nodes"][-1]["cursor"]
        variables = {"run": run_id, "after": shown["cursor"]}
        rest = [
            event
            async for batch in api.subscribe(documents.EVENTS, variables)
            for event in batch["data"]["runEvents"]["events"]
        ]
        now = (await api.execute(documents.STATE, {"run": run_id}))["data"]["run"]
    assert now["timeline"]["nodes"] == shown["timeline"]["nodes"] + rest
    assert now["status"] == "SUCCEEDED"


async def test_every_answer_while_a_run_goes_on_is_what_its_events_say_up_to_its_cursor(
    api: Api, tmp_path: Path, database: Database
) -> None:
    """Each answer lets one more block end, so that answers and events fall together."""
    names = [f"b{number}" for number in range(12)]
    dice = random.Random(7)
    edges = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if dice.random() < 0.2]
    folder = str(tmp_path)
    blocks = [call(name, "hold", args={"folder": folder, "gate": name}) for name in names]
    await api.bring_in(blocks, edges)
    run_id = await api.start()
    watching = asyncio.create_task(follow_run(api.url, run_id).to_the_end())
    for name in names:
        _agrees_with_its_events(await api.state(run_id))
        let_go(tmp_path, name)
    while not watching.done():
        _agrees_with_its_events(await api.state(run_id))
    _agrees_with_its_events(await api.state(run_id))
    await watching


def _agrees_with_its_events(shown: Mapping[str, Any]) -> None:
    events = shown["timeline"]["nodes"]
    assert shown["cursor"] == events[-1]["cursor"]
    status, blocks, made = "QUEUED", {b["name"]: "WAITING" for b in shown["blocks"]}, []
    for event in events:
        status = event.get("status", status)
        if "blockStatus" in event:
            blocks[event["block"]] = event["blockStatus"]
        if "artifact" in event:
            made.append(event["artifact"]["id"])
    assert status == shown["status"]
    assert blocks == {block["name"]: block["status"] for block in shown["blocks"]}
    assert made == [artifact["id"] for artifact in shown["artifacts"]["nodes"]]
    counts = {each["status"]: each["count"] for each in shown["progress"]["blocksByStatus"]}
    assert counts == {each: list(blocks.values()).count(each) for each in set(blocks.values())}
