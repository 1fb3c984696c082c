"""A server that wants a key: the pages say so, take it, and go on as if nothing had been."""

import asyncio
from pathlib import Path

import pytest

from tests.system.client import Api, call
from tests.system.grounds import Grounds
from tests.system.ports import free_port
from tests.system.processes import Server
from tests.system.signs import let_go, there
from tests.web.conftest import Flow

AFTER = 4
KEY = "the-first-key"
NEXT = "the-next-key"


async def test_a_key_is_asked_for_refused_taken_and_changed_while_a_run_is_followed(
    grounds: Grounds, flow: Flow, tmp_path: Path
) -> None:
    port = str(free_port())
    server, worker = grounds.serve("--no-worker", port=port, API_KEY=KEY), grounds.worker()
    await grounds.up(server, worker)
    url = server.url
    names = [f"b{number}" for number in range(AFTER)]
    held = call("held", "hold", args={"folder": str(tmp_path)})
    async with Api(url, key=KEY) as api:
        blocks = [held, *(call(name, "nothing") for name in names)]
        await api.bring_in(blocks, [("held", name) for name in names])
        run_id = await api.start()
    playing = asyncio.create_task(flow("key", url, run_id, str(tmp_path), KEY, NEXT))

    await there(tmp_path / "followed")
    await grounds.kill(server)
    await grounds.up(grounds.serve("--no-worker", port=port, API_KEY=NEXT))
    await there(tmp_path / "resumed")
    let_go(tmp_path)

    told = await playing
    assert told["isInvalid"] == "true"
    assert told["navigations"] == 1, "the page was loaded anew"
    assert told["blocks"] == AFTER + 1
    ended = {"run": {"status": "SUCCEEDED"}}
    assert told["graphiql"] == ended, "it has no key, or an old one"
    assert told["inOpenTab"] == ended, "a tab that was open did not take the key over"
    async with Api(url, key=NEXT) as api:
        timeline = (await api.state(run_id))["timeline"]["nodes"]
    assert told["seqs"][-1] == len(timeline)


SCREENS = (
    "/runs",
    "/pipelines",
    "/pipelines/p",
    "/pipelines/p/run",
    "/pipelines/p/edit",
    "/pipelines/new",
    "/datasets",
    "/tools",
    "/tools/streams",
)
RUN_TABS = ("logs", "artifacts", "io", "events", "definition")


@pytest.fixture
def locked(grounds: Grounds) -> Server:
    server = grounds.serve(API_KEY=KEY)
    server.line_with("serve.up")
    return server


async def test_every_screen_that_was_refused_comes_to_life_with_the_key(
    locked: Server, flow: Flow
) -> None:
    async with Api(locked.url, key=KEY) as api:
        await api.bring_in([call("only", "nothing")])
        run_id = await api.start()
    tabs = [f"/runs/{run_id}?block=only&tab={tab}" for tab in RUN_TABS]
    told = await flow("locked", locked.url, KEY, *SCREENS, *tabs)
    assert told["alive"] == [*SCREENS, *tabs]
