"""A live subscription holds nothing of what it has delivered."""

import asyncio
import gc
import json
import tracemalloc
from functools import partial
from pathlib import Path

import websockets

from headrace.api.app import create_app
from headrace.domain.events import RunEventKind
from headrace.services.core import Services, open_services
from headrace.services.pipelines import DefinitionSource, Imported, import_pipeline
from headrace.services.runs import Started, StartRun, start_run
from headrace.settings import Settings
from headrace.store.run_edit import RunEdit
from headrace.store.transaction import Transaction
from tests.api.serving import serving
from tests.databases import Database
from tests.system import documents
from tests.system.client import call

PROTOCOL = websockets.Subprotocol("graphql-transport-ws")
WARMING_UP = (12, 100)  # batches of so many events: more than the hub's ring holds
DELIVERED = (300, 10)
MOST_BYTES = 400_000  # what would leak is 1 KB or more for each batch, and 4 KB with these fields


class Subscriber:
    """A bare websocket, so that nothing but the server can hold on to an event."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket
        self.seen = 0

    async def subscribe(self, run_id: str) -> None:
        await self._socket.send('{"type":"connection_init"}')
        await self._socket.recv()
        payload = {"query": documents.EVENTS, "variables": {"run": run_id}}
        message = {"id": "1", "type": "subscribe", "payload": payload}
        await self._socket.send(json.dumps(message))

    async def see(self, seq: int) -> None:
        """Returns once it was sent the event of that number."""
        async with asyncio.timeout(60):
            while self.seen < seq:
                batch = json.loads(await self._socket.recv())["payload"]["data"]["runEvents"]
                assert batch["afterSeq"] == self.seen
                self.seen = batch["throughSeq"]


async def test_the_memory_of_a_subscription_does_not_grow_with_the_events_it_delivered(
    tmp_path: Path, database: Database
) -> None:
    """Breaks when an event's executor shares the memo of the subscription's, as by default."""
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
        run_id = await _a_run(services)

        def write_events(tx: Transaction, count: int) -> int:
            run = RunEdit.load(tx, run_id)
            kind, seq = RunEventKind.BLOCK_RELEASED, 0
            for _ in range(count):
                seq = run.event(kind, "again", block="a", status="READY", attempt=0)
            run.save()
            return seq

        async with websockets.connect(server.socket_url, subprotocols=[PROTOCOL]) as socket:
            subscriber = Subscriber(socket)
            await subscriber.subscribe(run_id)

            async def deliver(batches: int, events: int) -> int:
                for _ in range(batches):
                    unit = partial(write_events, count=events)
                    await subscriber.see(await services.store.write(unit))
                gc.collect()
                return tracemalloc.get_traced_memory()[0]

            tracemalloc.start(1)
            try:
                before = await deliver(*WARMING_UP)
                after = await deliver(*DELIVERED)
            finally:
                tracemalloc.stop()
    assert after - before < MOST_BYTES, f"{(after - before) / DELIVERED[0]:.0f} bytes a batch"


async def _a_run(services: Services) -> str:
    definition = {"name": "p", "blocks": [call("a", "nothing")]}
    imported = await import_pipeline(
        services, source=DefinitionSource(definition), replace_if_exists=None, principal="tests"
    )
    assert isinstance(imported, Imported), imported
    asked = StartRun(pipeline="p", params={}, labels={})
    started = await start_run(services, asked, principal="tests")
    assert isinstance(started, Started), started
    return started.run_id
