"""The PostgreSQL server dies and comes back: everybody waits for it, and nothing is lost."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.chaos import work
from tests.chaos.test_storm import start_surely
from tests.system.client import Api
from tests.system.following import follow_log, follow_run
from tests.system.grounds import Grounds
from tests.system.postgres import Cluster, NoPostgres, Postgres, start_cluster
from tests.system.processes import Server
from tests.system.signs import let_go, running

PATIENCE_SECONDS = 60


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server of the test's own, for it is to die."""
    try:
        made = start_cluster()
    except NoPostgres as error:
        pytest.skip(str(error))
    yield made
    made.remove()


@pytest.fixture
def grounds(tmp_path: Path, cluster: Cluster) -> Iterator[Grounds]:
    address = Postgres(cluster.base).new()
    with Grounds(tmp_path, INLINE_BYTES="0", TEST_DATABASE_URL=address) as made:
        yield made


async def ready(server: Server, code: int) -> None:
    """Returns once the server says that it is ready, or that it is not."""
    async with asyncio.timeout(PATIENCE_SECONDS), httpx.AsyncClient(timeout=60) as client:
        url = f"{server.url}/ready"
        while (await client.get(url)).status_code != code:  # noqa: ASYNC110 # nothing tells
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("blow", ["kill", "stop"])
async def test_work_waits_for_its_database_and_goes_on_with_the_same_processes(
    grounds: Grounds, cluster: Cluster, tmp_path: Path, blow: str
) -> None:
    """Its blocks end while it is away, and a run is asked for; subscribers are not even told."""
    one, two = grounds.serve("--no-worker"), grounds.serve("--no-worker")
    workers = [grounds.worker() for _ in range(2)]
    await grounds.up(one, two, *workers)
    async with Api(one.url) as api, Api(two.url) as other:
        await work.bring_in(api, tmp_path)
        held = [await api.start("held") for _ in range(2)]
        slow = [await other.start("slow") for _ in range(3)]
        subscribers = [
            follow(server.url, run_id)
            for run_id, server in [*((each, one) for each in held), *((each, two) for each in slow)]
            for follow in (follow_run, follow_log)
        ]
        watching = [asyncio.create_task(each.to_the_end()) for each in subscribers]
        for run_id in held:
            await running(tmp_path, run_id, "hold")
        getattr(cluster, blow)()
        await ready(one, 503)
        await ready(two, 503)
        let_go(tmp_path)
        late = asyncio.create_task(start_surely(api, "late"))
        cluster.start()
        await ready(one, 200)
        await ready(two, 200)
        runs = await work.all_succeed(api, [*held, *slow, await late])
        seen = await asyncio.gather(*watching)
        assert seen[::2] == [run["timeline"]["nodes"] for run in runs[:-1]]
        assert [each.connections for each in subscribers] == [1] * len(subscribers)
    assert [each.popen.poll() for each in (one, two, *workers)] == [None] * 4
    attempts = [each["attempts"] for run in runs for each in run["blocks"]]
    assert [[each["status"] for each in found] for found in attempts] == [["SUCCEEDED"]] * len(
        attempts
    )
