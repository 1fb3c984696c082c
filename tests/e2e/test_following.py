"""A client that follows runs over websockets: every event and every line once, in order, to the end."""

import random
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.system import documents
from tests.system.client import Api, Follower, Stream, call, refusal
from tests.system.processes import Grounds, Server
from tests.system.signs import let_go

STEPS = 12


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Grounds(tmp_path_factory.mktemp("following")) as grounds:
        server = grounds.serve()
        server.line_with("serve.up")
        yield server


@pytest.fixture
async def api(server: Server) -> AsyncIterator[Api]:
    async with Api(server.url) as made:
        yield made


async def a_chain_with_gates(api: Api, folder: Path) -> None:
    """A pipeline whose blocks wait, each for a gate of its own."""
    names = [f"b{number}" for number in range(STEPS)]
    blocks = [
        call(name, "hold", args={"folder": str(folder), "gate": f"{name}.go"}) for name in names
    ]
    await api.bring_in(blocks, list(zip(names, names[1:], strict=False)))


def opener(folder: Path) -> Any:
    """Opens a block's gate when the client has seen it start."""

    def open_gates(batch: Mapping[str, Any]) -> None:
        for event in batch["events"]:
            if event["kind"] == "BLOCK_STARTED":
                let_go(folder, f"{event['block']}.go")

    return open_gates


async def test_a_run_is_imported_started_and_followed_to_its_end(api: Api, tmp_path: Path) -> None:
    await a_chain_with_gates(api, tmp_path)
    run_id = await api.start()
    follower = Follower(api.url, run_id, on_batch=opener(tmp_path))
    events = await follower.to_the_end()
    assert follower.connections == 1
    assert [event["kind"] for event in events[:3]] == ["RUN_QUEUED", "BLOCK_READY", "RUN_STARTED"]
    assert events[-1]["kind"] == "RUN_SUCCEEDED"
    assert len({event["cursor"] for event in events}) == len(events)


@pytest.mark.parametrize("seed", range(4))
async def test_a_client_whose_connection_is_torn_again_and_again_sees_each_event_once(
    api: Api, tmp_path: Path, seed: int
) -> None:
    await a_chain_with_gates(api, tmp_path)
    run_id = await api.start()
    follower = Follower(
        api.url, run_id, drops=random.Random(seed), on_batch=opener(tmp_path)
    )
    events = await follower.to_the_end()
    assert follower.connections > 3
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events == (await api.state(run_id))["timeline"]["nodes"]
