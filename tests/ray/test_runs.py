"""Whole runs whose partitions are tasks on two Ray nodes, one of which is lost."""

import asyncio
from pathlib import Path

from headrace.blocks.registry import Catalogue
from headrace.domain.lifecycle import RunStatus
from headrace_worker.executors.ray_executor import RayExecutor
from tests.databases import Database
from tests.executors.support import gone
from tests.partitions.ground import calls, held, partitions, rows_of, settings_of, split, start
from tests.ray.conftest import Nodes
from tests.worker.house import open_house


async def test_a_run_outlives_a_node_and_its_rows_are_right(
    mortal_nodes: Nodes, tmp_path: Path, database: Database
) -> None:
    args = {"folder": str(tmp_path), "at": 4}

    def on_ray() -> RayExecutor:
        return RayExecutor(mortal_nodes.address, target_of=Catalogue.discover().target)

    async with open_house(settings_of(tmp_path, database), executor=on_ray) as house:
        run_id = await start(house, split("hold_from", args=args, partitions=5))
        ends = [asyncio.ensure_future(gone(pid)) for pid in await held(tmp_path, 4, 6)]
        await asyncio.to_thread(mortal_nodes.kill, 0)
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)  # with its raylet
        for end in ends:
            end.cancel()
        (tmp_path / "go").touch()
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        assert await rows_of(house, run_id) == [{"n": n * 2} for n in range(10)]
        assert await house.attempts(run_id) == [(1, "SUCCEEDED"), (1, "SUCCEEDED")]
        assert await partitions(house, run_id) == [(n, 1, "SUCCEEDED") for n in range(1, 6)]
        lines = [line.message for line in await house.lines(run_id)]
    began = calls(tmp_path)
    assert sorted(set(began)) == [0, 2, 4, 6, 8]
    assert len(began) == 6
    assert sum("It is begun anew on another." in line for line in lines) == 1
