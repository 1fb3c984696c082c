"""`headrace worker` with EXECUTOR=ray: the process that is the cluster's driver, and its loss."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.executors.support import gone
from tests.partitions.ground import MODULE, calls, held, numbers, split
from tests.ray.conftest import Nodes
from tests.system.client import Api
from tests.system.grounds import Grounds


@pytest.fixture
def grounds(tmp_path: Path, two_nodes: Nodes) -> Iterator[Grounds]:
    settings = {"EXECUTOR": "ray", "RAY_ADDRESS": two_nodes.address}
    with Grounds(tmp_path, PYTHON_MODULES=f'["{MODULE}"]', **settings) as made:
        yield made


async def test_of_a_killed_driver_only_what_was_not_done_is_run_again(grounds: Grounds) -> None:
    folder = grounds.folder
    front, first = grounds.serve("--no-worker"), grounds.worker()
    await grounds.up(front, first)
    async with Api(front.url) as api:
        block = split("hold_from", args={"folder": str(folder), "at": 5}, partitions=4)
        await api.bring_in([numbers(10), block], [("make", "split")])
        run_id = await api.start()
        pids = await held(folder, 5, 7)
        await grounds.kill(first)
        for pid in pids:
            await gone(pid)  # whoever works for a dead driver stops
        (folder / "go").touch()
        await grounds.up(grounds.worker())
        assert await api.end(run_id) == "SUCCEEDED"
        (output,) = [
            each
            for each in (await api.state(run_id))["artifacts"]["nodes"]
            if each["block"] == "split"
        ]
        assert (await api.preview(output))["rows"] == [[n * 2] for n in range(10)]
    assert calls(folder) == [0, 2, 5, 5, 7, 7]


async def test_a_cluster_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    settings = {"EXECUTOR": "ray", "RAY_ADDRESS": "127.0.0.1:1"}
    with Grounds(tmp_path, **settings) as grounds:
        worker = grounds.worker()
        grounds.excused.add(worker)
        assert worker.wait() == 2
        assert "RAY_ADDRESS 127.0.0.1:1" in worker.said
