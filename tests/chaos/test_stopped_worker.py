"""A worker is stopped past its lease and comes back from the dead: it changes nothing any more."""

import asyncio
import signal
from pathlib import Path

from tests.chaos import work
from tests.system.client import Api, call
from tests.system.following import follow_run
from tests.system.grounds import Grounds
from tests.system.signs import let_go, running

LEASE = {"LEASE_SECONDS": "2"}


async def test_a_worker_that_comes_back_after_its_lease_changes_nothing_and_works_on(
    grounds: Grounds, tmp_path: Path
) -> None:
    frozen, server = grounds.serve(**LEASE), grounds.serve("--no-worker", **LEASE)
    await grounds.up(frozen, server)
    async with Api(server.url) as api:
        await work.bring_in(api, tmp_path)
        held = [await api.start("held") for _ in range(2)]
        for run_id in held:
            await running(tmp_path, run_id, "hold")
        # Its subscriber is cut off from the world with it, and misses nothing when it comes back.
        subscriber = follow_run(frozen.url, held[0])
        watching = asyncio.create_task(subscriber.to_the_end())
        other = grounds.worker(**LEASE)
        await grounds.up(other)
        grounds.freeze(frozen)
        slow = [await api.start("slow") for _ in range(3)]
        for run_id in held:
            await running(tmp_path, run_id, "hold", attempt=2)
        let_go(tmp_path)
        before = await work.all_succeed(api, [*held, *slow])
        # The blocks of the frozen one saw the gate open too: it wakes up to find them done.
        frozen.signal(signal.SIGCONT)
        await asyncio.to_thread(frozen.line_with, "lease_lost")
        assert await watching == before[0]["timeline"]["nodes"]
        assert subscriber.connections == 1
        other.signal(signal.SIGTERM)
        assert await asyncio.to_thread(other.wait) == 0
        again = await api.start("slow")
        await work.all_succeed(api, [again])
        assert await work.all_succeed(api, [*held, *slow]) == before
    for run in before[:2]:
        attempts = [each["status"] for each in run["blocks"][0]["attempts"]]
        assert attempts[0] == "WORKER_LOST"
        assert attempts[-1] == "SUCCEEDED"


async def test_what_a_worker_claims_before_it_notices_that_its_lease_is_lost_still_ends(
    grounds: Grounds, tmp_path: Path
) -> None:
    """It woke up with a free slot and took a block in the name of the lease that it had lost.

    At its next heartbeat it had to let go of that block, which nobody else was to look for: it
    stayed RUNNING for ever.
    """
    server = grounds.serve("--no-worker", **LEASE)
    frozen = grounds.worker(WORKER_CONCURRENCY="3", **LEASE)
    await grounds.up(server, frozen)
    async with Api(server.url) as api:
        await api.bring_in([call("a", "hold", args={"folder": str(tmp_path)})])
        first = await api.start()
        await running(tmp_path, first, "a")
        other = grounds.worker(WORKER_CONCURRENCY="1", **LEASE)
        await grounds.up(other)
        grounds.freeze(frozen)
        await running(tmp_path, first, "a", attempt=2)
        more = [await api.start() for _ in range(2)]  # the other one has no room for them
        frozen.signal(signal.SIGCONT)
        for run_id in more:
            await running(tmp_path, run_id, "a")
        await asyncio.to_thread(frozen.line_with, "lease_lost")
        let_go(tmp_path)
        await work.all_succeed(api, [first, *more])
