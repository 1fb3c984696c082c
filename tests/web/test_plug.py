"""The server is killed in the middle of a run: the page says so, waits, and goes on by itself."""

import asyncio
from pathlib import Path

from tests.system.client import Api, call
from tests.system.grounds import Grounds
from tests.system.ports import free_port
from tests.system.signs import let_go, there
from tests.web.conftest import Flow

AFTER = 12


async def test_a_page_whose_server_was_killed_catches_up_without_a_reload(
    grounds: Grounds, flow: Flow, tmp_path: Path
) -> None:
    port = str(free_port())
    server, worker = grounds.serve("--no-worker", port=port), grounds.worker()
    await grounds.up(server, worker)
    url = server.url
    names = [f"b{number}" for number in range(AFTER)]
    held = call("held", "hold", args={"folder": str(tmp_path)})
    async with Api(url) as api:
        blocks = [held, *(call(name, "nothing") for name in names)]
        await api.bring_in(blocks, [("held", name) for name in names])
        run_id = await api.start()
    playing = asyncio.create_task(flow("plug", url, run_id, str(tmp_path)))

    await there(tmp_path / "live")
    await grounds.kill(server)
    let_go(tmp_path)  # the run goes on while nobody can look
    await there(tmp_path / "stale")
    await grounds.up(grounds.serve("--no-worker", port=port))

    told = await playing
    assert told["isStale"]
    assert told["navigations"] == 1
    assert told["caughtUp"].startswith("Caught up: ")
    assert told["blocks"] == AFTER + 1
    seqs = told["seqs"]
    assert seqs == list(range(seqs[0], seqs[-1] + 1)), "an event came twice, or never"
    async with Api(url) as api:
        timeline = (await api.state(run_id))["timeline"]["nodes"]
    assert seqs[-1] == len(timeline)
