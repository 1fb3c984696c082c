"""What stops in time: cancelled runs within ten seconds, servers at SIGTERM in good order."""

import asyncio
import signal
from pathlib import Path

import psutil
import pytest

from tests.databases import BOTH
from tests.system.checks import sound
from tests.system.client import Api, call
from tests.system.following import follow_run
from tests.system.grounds import Grounds
from tests.system.ports import free_port
from tests.system.processes import survivors
from tests.system.signs import let_go, running

pytestmark = pytest.mark.parametrize("kind", BOTH, indirect=True, scope="session")

PROMISE_SECONDS = 10


async def test_a_cancelled_run_is_over_within_ten_seconds_whatever_its_blocks_and_workers_do(
    own_grounds: Grounds, tmp_path: Path
) -> None:
    """One block ignores SIGTERM; the worker of another is stopped, its lease far from its end."""
    slow = {"WORKER_CONCURRENCY": "1", "LEASE_SECONDS": "600"}
    server, obedient = own_grounds.serve("--no-worker"), own_grounds.worker(**slow)
    await own_grounds.up(server, obedient)
    async with Api(server.url) as api:
        folder = {"folder": str(tmp_path)}
        await api.bring_in([call("a", "stubborn", args=folder), call("b", "nothing")], [("a", "b")])
        first = await api.start()
        pid = await running(tmp_path, first, "a")
        grandchild = psutil.Process(pid).children()
        frozen = own_grounds.worker(**slow)
        await own_grounds.up(frozen)
        await api.bring_in([call("a", "hold", args=folder)])
        second = await api.start()
        block = psutil.Process(await running(tmp_path, second, "a"))
        own_grounds.freeze(frozen)
        async with asyncio.timeout(PROMISE_SECONDS):
            await api.cancel(first, second)
            ends = [await api.end(run_id) for run_id in (first, second)]
        assert ends == ["CANCELLED"] * 2
        assert not survivors([psutil.Process(pid)] if psutil.pid_exists(pid) else [])
        assert grandchild
        assert not survivors(grandchild)
        frozen.signal(signal.SIGCONT)
        assert not survivors([block])
        for run_id in (first, second):
            run = await sound(api, run_id)
            assert {each["status"] for each in run["blocks"]} == {"CANCELLED"}


async def test_sigterm_lets_blocks_finish_and_a_second_server_goes_on_with_the_rest(
    own_grounds: Grounds, tmp_path: Path
) -> None:
    """The one block ends while its worker drains; the other does not and is given back.

    Their watchers are cut off and come back. A stream that completed before its run was over would
    fail in the watcher's book.
    """
    port = str(free_port())
    server = own_grounds.serve(port=port, DRAIN_SECONDS="2")
    await own_grounds.up(server)
    async with Api(server.url) as api:
        quick = call("a", "hold", args={"folder": str(tmp_path), "gate": "quick"})
        held = call("a", "hold", args={"folder": str(tmp_path), "gate": "held"})
        await api.bring_in([quick, call("b", "nothing")], [("a", "b")], name="quick")
        await api.bring_in([held], name="held")
        runs = [await api.start("quick"), await api.start("held")]
        for run_id in runs:
            await running(tmp_path, run_id, "a")
        watching = [asyncio.create_task(follow_run(api.url, r).to_the_end()) for r in runs]
        family = server.family()
        server.signal(signal.SIGTERM)
        await asyncio.to_thread(server.line_with, "serve.stopping")
        let_go(tmp_path, "quick")
        assert await asyncio.to_thread(server.wait) == 0
        assert not survivors(family)
        assert list((own_grounds.artifacts / "tmp").glob("*")) == []
        let_go(tmp_path, "held")
        await own_grounds.up(own_grounds.serve(port=port))
        seen = await asyncio.gather(*watching)
        states = [await sound(api, run_id) for run_id in runs]
    assert [state["timeline"]["nodes"] for state in states] == seen
    assert [state["status"] for state in states] == ["SUCCEEDED"] * 2
    attempts = [
        [(each["number"], each["status"]) for each in state["blocks"][0]["attempts"]]
        for state in states
    ]
    assert attempts == [[(1, "SUCCEEDED")], [(1, "RELEASED"), (1, "SUCCEEDED")]]
