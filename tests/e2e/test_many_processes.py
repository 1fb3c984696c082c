"""Servers and workers on one database: they share the runs, and each server shows all of them."""

import asyncio
import random
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.databases import BOTH, chosen
from tests.system import documents
from tests.system.checks import sound
from tests.system.client import Api, call
from tests.system.following import follow_log, follow_run
from tests.system.grounds import Grounds
from tests.system.processes import Process, Server
from tests.system.signs import let_go, running

STEPS = 20


@dataclass(frozen=True)
class Town:
    """Two servers without workers, and two workers with two slots each."""

    servers: list[Server]
    workers: list[Process]


@pytest.fixture(scope="module", params=BOTH)
def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with (
        chosen(request.param, folder / "data" / "db.sqlite3", request) as database,
        Grounds(folder, **database.environment) as grounds,
    ):
        servers = [grounds.serve("--no-worker") for _ in range(2)]
        made = Town(servers, [grounds.worker() for _ in range(2)])
        for process in (*made.servers, *made.workers):
            process.line_with(".up")
        yield made


async def test_workers_share_a_run_and_the_server_tells_who_does_what(
    town: Town, tmp_path: Path
) -> None:
    """Four blocks run at once, so both workers must work."""
    names = ["a", "b", "c", "d"]
    async with Api(town.servers[0].url) as api:
        await api.bring_in([call(name, "hold", args={"folder": str(tmp_path)}) for name in names])
        run_id = await api.start()
        pids = [await running(tmp_path, run_id, name) for name in names]
        listed = (await api.ask(documents.WORKERS))["workers"]["nodes"]
        assert {each["pid"] for each in listed} == {worker.pid for worker in town.workers}
        assert [len(each["running"]) for each in listed] == [2, 2]
        owners = [{p.pid for p in worker.family()} & set(pids) for worker in town.workers]
        assert [len(each) for each in owners] == [2, 2]
        let_go(tmp_path)
        assert await api.end(run_id) == "SUCCEEDED"
        run = await sound(api, run_id)
    assert {b["attempts"][0]["worker"]["id"] for b in run["blocks"]} == {w["id"] for w in listed}


async def test_a_subscriber_sees_at_once_what_another_process_commits(
    town: Town, tmp_path: Path
) -> None:
    """Pokes or notices carry it; without them each step would wait for a sweep."""
    server = town.servers[0]
    late: list[float] = []

    def look(batch: Mapping[str, Any]) -> None:
        for event in batch["events"]:
            then = datetime.fromisoformat(event["timestamp"])
            late.append((datetime.now(UTC) - then).total_seconds())
            if event["kind"] == "BLOCK_STARTED":
                let_go(tmp_path, f"{event['block']}.go")

    names = [f"b{number}" for number in range(STEPS)]
    blocks = [
        call(name, "hold", args={"folder": str(tmp_path), "gate": f"{name}.go"}) for name in names
    ]
    async with Api(server.url) as api:
        await api.bring_in(blocks, list(pairwise(names)))
        follower = follow_run(server.url, await api.start(), on_batch=look)
        await follower.to_the_end()
    assert statistics.median(late) < 0.2, late


@pytest.mark.parametrize("seed", range(2))
async def test_a_client_that_reconnects_to_the_other_server_sees_each_event_once(
    town: Town, tmp_path: Path, seed: int
) -> None:
    urls = [server.url for server in town.servers]
    args = {"folder": str(tmp_path), "lines": 40, "pauses": 4}
    names = ["a", "b", "c", "d"]
    async with Api(urls[1]) as api:
        await api.bring_in([call(name, "talk", args=args) for name in names], list(pairwise(names)))
        run_id = await api.start()

        def open_gates(batch: Mapping[str, Any]) -> None:
            for line in batch["lines"]:
                let_go(tmp_path, f"gate-{line['message'].split()[1]}")

        events = follow_run(urls, run_id, drops=random.Random(seed))
        log = follow_log(urls[::-1], run_id, drops=random.Random(seed), on_batch=open_gates)
        seen, lines = await asyncio.gather(events.to_the_end(), log.to_the_end())
        assert min(events.connections, log.connections) > 1
        assert seen == (await api.state(run_id))["timeline"]["nodes"]
        assert len(lines) == 40 * len(names)
