"""`kill -9` of workers and servers while runs are at work: nothing is lost or left over."""

import asyncio
from pathlib import Path

from tests.chaos import work
from tests.system.client import Api
from tests.system.following import follow_log, follow_run
from tests.system.grounds import Grounds
from tests.system.ports import free_port
from tests.system.signs import gone, let_go, running


async def test_the_blocks_of_a_killed_worker_are_taken_up_by_another(
    grounds: Grounds, tmp_path: Path
) -> None:
    server, doomed = grounds.serve("--no-worker"), grounds.worker()
    await grounds.up(server, doomed)
    async with Api(server.url) as api:
        await work.bring_in(api, tmp_path)
        held = [await api.start("held") for _ in range(2)]
        for run_id in held:
            await running(tmp_path, run_id, "hold")
        slow = [await api.start("slow") for _ in range(3)]
        other = grounds.worker()
        await grounds.up(other)
        await grounds.kill(doomed)
        for run_id in held:
            await running(tmp_path, run_id, "hold", attempt=2)
        let_go(tmp_path)
        runs = await work.all_succeed(api, [*held, *slow])
    for run in runs[:2]:
        first, second = run["blocks"][0]["attempts"]
        assert [first["status"], second["status"]] == ["WORKER_LOST", "SUCCEEDED"]
        assert first["worker"] != second["worker"]
        kinds = [event["kind"] for event in run["timeline"]["nodes"]]
        lost = kinds.index("WORKER_LOST")
        assert kinds[lost + 1] == "BLOCK_READY"


async def test_a_killed_server_comes_back_and_whoever_watched_saw_everything_once(
    grounds: Grounds, tmp_path: Path
) -> None:
    """What its blocks were writing is tidied up as well."""
    three = {"WORKER_CONCURRENCY": "3"}
    port = str(free_port())
    server = grounds.serve(port=port, **three)
    await grounds.up(server)
    async with Api(server.url) as api:
        await work.bring_in(api, tmp_path)
        held = [await api.start("held") for _ in range(2)]
        half = await api.start("half")
        await running(tmp_path, half, "after")
        (piece,) = (grounds.artifacts / "tmp").iterdir()
        slow = [await api.start("slow") for _ in range(3)]
        watching = [
            asyncio.create_task(follow(server.url, run_id).to_the_end())
            for run_id in [*held, half, *slow]
            for follow in (follow_run, follow_log)
        ]
        for run_id in held:
            await running(tmp_path, run_id, "hold")
        await grounds.kill(server)
        assert piece.exists()
        await grounds.up(grounds.serve(port=port, **three))
        for run_id in held:
            await running(tmp_path, run_id, "hold", attempt=2)
        let_go(tmp_path)
        runs = await work.all_succeed(api, [*held, half, *slow])
        seen = await asyncio.gather(*watching)
        assert seen[::2] == [run["timeline"]["nodes"] for run in runs]
    await gone(piece)
    assert list((grounds.artifacts / "tmp").iterdir()) == []
