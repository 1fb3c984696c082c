"""Clients that go away at any moment leave nothing: no task, no snapshot, not a word in the log."""

import asyncio
import json
import logging
import random
from pathlib import Path

import pytest
import websockets

from headrace.api.app import create_app
from headrace.services.core import open_services
from headrace.settings import Settings
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.loop import Worker
from tests.api.serving import Server, serving
from tests.databases import Database
from tests.system import documents
from tests.system.client import Api, call
from tests.system.signs import let_go, running

CLIENTS, TURNS = 6, 30
PATIENCE_SECONDS = 60
PROTOCOL = websockets.Subprotocol("graphql-transport-ws")


async def come_and_go(server: Server, run_id: str, dice: random.Random) -> None:
    """Subscribes, and goes at any moment from at once to a few milliseconds later."""
    for _ in range(TURNS):
        async with websockets.connect(server.socket_url, subprotocols=[PROTOCOL]) as socket:
            await socket.send('{"type":"connection_init"}')
            await socket.recv()
            for number, document in enumerate((documents.EVENTS, documents.LOGS, RUN)):
                payload = {"query": document, "variables": {"run": run_id}}
                message = {"id": str(number), "type": "subscribe", "payload": payload}
                await socket.send(json.dumps(message))
            for _ in range(dice.randrange(60)):
                await asyncio.sleep(0)
            if dice.random() < 0.5:
                await socket.recv()
            socket.transport.abort()


RUN = """
subscription Run($run: ID!) {
  run(id: $run) {
    status blocks { name status } timeline { nodes { seq } } artifacts { totalCount }
  }
}
"""


async def test_whoever_goes_away_in_the_middle_of_a_read_leaves_nothing_behind(
    tmp_path: Path, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """A cancelled read closed the connection under its snapshot, whose end then failed loudly."""
    settings = Settings(
        **database.settings,
        data_dir=tmp_path,
        artifacts_dir=tmp_path / "artifacts",
        python_modules=("tests.system.functions",),
    )
    async with (
        open_services(settings) as services,
        serving(create_app(services=services)) as server,
    ):
        worker = Worker(services, LocalExecutor(services.content))
        await worker.start()
        async with Api(server.url) as api:
            await api.bring_in([call("a", "hold", args={"folder": str(tmp_path)})])
            runs = [await api.start() for _ in range(CLIENTS)]
            await running(tmp_path, runs[0], "a")
            await asyncio.gather(
                *(come_and_go(server, run, random.Random(seed)) for seed, run in enumerate(runs))
            )
            async with asyncio.timeout(PATIENCE_SECONDS):
                while left := readers():  # noqa: ASYNC110  # tasks that end tell nobody
                    await asyncio.sleep(0.01)
            assert not left
            let_go(tmp_path)
            for run in runs:
                assert await api.end(run) == "SUCCEEDED"
        await worker.stop()
    loud = [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]
    assert loud == []


def readers() -> list[str]:
    """The tasks that read on behalf of subscriptions."""
    names = [task.get_name() for task in asyncio.all_tasks()]
    return [name for name in names if name.startswith(("pump-", "headrace.api", "close-old"))]
