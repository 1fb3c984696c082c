"""A block's process dies by SIGKILL: its attempt failed, and nothing else happens to anyone."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.system.checks import sound
from tests.system.client import Api, call
from tests.system.following import follow_run
from tests.system.grounds import Grounds
from tests.system.processes import Server, survivors
from tests.system.signs import let_go, running

ONCE_MORE = {"maxAttempts": 2, "delaySeconds": 0.01}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Grounds(tmp_path_factory.mktemp("grounds"), WORKER_CONCURRENCY="3") as grounds:
        server = grounds.serve()
        server.line_with("serve.up")
        yield server


async def test_a_killed_block_is_tried_again_and_its_neighbours_do_not_notice(
    server: Server, tmp_path: Path
) -> None:
    async with Api(server.url) as api:
        args = {"folder": str(tmp_path)}
        hold = call("a", "hold", args=args, retry=ONCE_MORE)
        await api.bring_in([hold, call("b", "nothing")], [("a", "b")])
        victim, *others = [await api.start() for _ in range(3)]
        pid = await running(tmp_path, victim, "a")
        for other in others:
            await running(tmp_path, other, "a")
        os.kill(pid, signal.SIGKILL)
        await running(tmp_path, victim, "a", attempt=2)
        let_go(tmp_path)
        ends = await asyncio.gather(*(api.end(run_id) for run_id in (victim, *others)))
        assert ends == ["SUCCEEDED"] * 3
        told = {run_id: (await sound(api, run_id))["blocks"][0] for run_id in (victim, *others)}
    attempts = [(a["number"], a["status"], a["error"]) for a in told[victim]["attempts"]]
    assert attempts == [(1, "FAILED", {"kind": "CRASHED"}), (2, "SUCCEEDED", None)]
    for other in others:
        assert [a["status"] for a in told[other]["attempts"]] == ["SUCCEEDED"]


async def test_the_process_that_makes_blocks_dies_and_its_worker_makes_another(
    server: Server, tmp_path: Path
) -> None:
    async with Api(server.url) as api:
        await api.bring_in([call("a", "hold", args={"folder": str(tmp_path)}, retry=ONCE_MORE)])
        runs = [await api.start() for _ in range(2)]
        blocks = [psutil.Process(await running(tmp_path, run_id, "a")) for run_id in runs]
        (zygote,) = {block.parent() for block in blocks}
        assert zygote is not None
        zygote.kill()
        for run_id in runs:
            crashed = await follow_run(api.url, run_id).until(
                lambda event: event["kind"] == "BLOCK_RETRYING"
            )
            assert crashed["error"]["kind"] == "CRASHED"
            await running(tmp_path, run_id, "a", attempt=2)
        assert not survivors(blocks)
        let_go(tmp_path)
        for run_id in runs:
            assert await api.end(run_id) == "SUCCEEDED"
            await sound(api, run_id)
