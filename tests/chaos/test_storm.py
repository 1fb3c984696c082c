"""Processes die at random while clients start runs and follow them over connections that break."""

import asyncio
import os
import random
import signal
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import pytest
from gql.transport.exceptions import TransportError

from tests.chaos import work
from tests.system import documents
from tests.system.client import Api
from tests.system.following import AWAY_SECONDS, follow_run
from tests.system.grounds import Grounds
from tests.system.ports import free_port
from tests.system.processes import Process, Server, alive

CLIENTS, BLOWS = 2, 3
SETTINGS = {"LEASE_SECONDS": "2", "MAX_WORKER_LOSSES": "1000"}


class Storm:
    """A server and a worker that are struck, each time after some more events were seen.

    Clients start run after run until it is over.
    """

    def __init__(
        self, grounds: Grounds, port: str, server: Server, worker: Process, seed: int
    ) -> None:
        self.grounds, self.port, self.server, self.worker = grounds, port, server, worker
        self.random = random.Random(seed)
        self.blows = 0
        self._striking: asyncio.Task[None] | None = None
        self._left = 15

    @property
    def over(self) -> bool:
        """Whether all blows fell and what they killed is up again."""
        return self.blows == BLOWS and self._idle()

    def seen(self, batch: Mapping[str, Any]) -> None:
        """Some events were delivered; perhaps it is time."""
        self._left -= len(batch["events"])
        if self._left < 0 and self.blows < BLOWS and self._idle():
            self._left = self.random.randint(5, 40)
            self._striking = asyncio.create_task(self._strike())

    def _idle(self) -> bool:
        if self._striking is None or not self._striking.done():
            return self._striking is None
        self._striking.result()
        return True

    async def _strike(self) -> None:
        self.blows += 1
        victim = self.random.choice(["server", "worker", "block"])
        if victim == "server":
            await self.grounds.kill(self.server)
            self.server = self.grounds.serve(port=self.port, **SETTINGS)
            await self.grounds.up(self.server)
        elif victim == "worker":
            await self.grounds.kill(self.worker)
            self.worker = self.grounds.worker(**SETTINGS)
            await self.grounds.up(self.worker)
        else:
            owner = self.random.choice([self.server, self.worker])
            for each in owner.family():
                _kill_if_block(each)


def _kill_if_block(process: psutil.Process) -> None:
    if alive(process) and process.name() == "headrace-block":
        os.kill(process.pid, signal.SIGKILL)


async def start_surely(api: Api, key: str) -> str:
    """A run, started once however often the answer got lost."""
    given = {"pipeline": "slow", "idempotencyKey": key}
    while True:
        try:
            done = await api.ask(documents.START, input=given)
        except (TransportError, OSError):
            await asyncio.sleep(AWAY_SECONDS)
            continue
        return str(done["startRun"]["run"]["id"])


@pytest.mark.parametrize("seed", range(2))
async def test_every_run_survives_and_every_client_sees_it_whole(
    grounds: Grounds, tmp_path: Path, seed: int
) -> None:
    port = str(free_port())
    server, worker = grounds.serve(port=port, **SETTINGS), grounds.worker(**SETTINGS)
    await grounds.up(server, worker)
    storm = Storm(grounds, port, server, worker, seed)
    async with Api(server.url) as api:
        await work.bring_in(api, tmp_path, attempts=100)

        seen: dict[str, list[Any]] = {}

        async def client(number: int) -> None:
            drops = random.Random(seed * 100 + number)
            for turn in count():
                run_id = await start_surely(api, f"key-{number}-{turn}")
                follower = follow_run(server.url, run_id, drops=drops, on_batch=storm.seen)
                seen[run_id] = await follower.to_the_end()
                if storm.over:
                    return

        await asyncio.gather(*(client(number) for number in range(CLIENTS)))
        assert len((await api.ask(documents.RUNS))["runs"]["nodes"]) == len(seen)
        runs = await work.all_succeed(api, list(seen))
        assert [run["timeline"]["nodes"] for run in runs] == list(seen.values())
