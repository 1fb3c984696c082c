"""Partitions of a block that is cancelled, times out, is given back, or loses its worker."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from headrace.domain.lifecycle import RunStatus
from tests.databases import Database
from tests.partitions.ground import (
    MODULE,
    calls,
    held,
    house_of,
    numbers,
    partitions,
    rows_of,
    split,
    start,
)
from tests.system.client import Api
from tests.system.grounds import Grounds
from tests.worker.test_running import gone

DOUBLED = [{"n": n * 2} for n in range(10)]
STATE = """
query State($run: ID!) {
  run(id: $run) {
    block(name: "split") {
      attempts { status } partitions { total done running failed }
      artifacts { id name }
    }
  }
}
"""


async def test_after_a_cancellation_no_partition_begins(tmp_path: Path, database: Database) -> None:
    args = {"folder": str(tmp_path), "at": 0}
    async with house_of(tmp_path, database) as house:
        run_id = await start(house, split("hold_from", args=args))
        await held(tmp_path, 0, 2)
        await house.cancel(run_id)
        assert await house.end(run_id) is RunStatus.CANCELLED
        assert await partitions(house, run_id) == [(1, 1, "CANCELLED"), (2, 1, "CANCELLED")]
    assert calls(tmp_path) == [0, 2]


async def test_partitions_that_ignore_sigterm_are_gone_within_ten_seconds(
    tmp_path: Path, database: Database
) -> None:
    async with house_of(tmp_path, database) as house:
        run_id = await start(house, split("stubborn", args={"folder": str(tmp_path)}))
        pids = await held(tmp_path, 0, 2)
        async with asyncio.timeout(10):
            await house.cancel(run_id)
            assert await house.end(run_id) is RunStatus.CANCELLED
    assert all(gone(pid) for pid in pids)


async def test_a_timeout_is_of_all_partitions_together_and_those_done_stay_done(
    tmp_path: Path,
    database: Database,
) -> None:
    args = {"folder": str(tmp_path), "at": 5}
    retry = {"max_attempts": 2, "delay_seconds": 0.01}
    block = split("hold_from", args=args, timeout_seconds=4.0, retry=retry)
    async with house_of(tmp_path, database) as house:
        run_id = await start(house, block)
        await held(tmp_path, 5, 7)
        await house.until(run_id, "BLOCK_RETRYING", "split")
        (tmp_path / "go").touch()
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        assert await rows_of(house, run_id) == DOUBLED
        ends = [status for _, status in await house.attempts(run_id)]
    assert ends == ["SUCCEEDED", "TIMED_OUT", "SUCCEEDED"]
    assert calls(tmp_path) == [0, 2, 5, 5, 7, 7]


async def test_a_stopping_worker_keeps_what_is_done_and_the_next_does_the_rest(
    tmp_path: Path,
    database: Database,
) -> None:
    args = {"folder": str(tmp_path), "at": 5}
    async with house_of(tmp_path, database, drain_seconds=0.1) as house:
        run_id = await start(house, split("hold_from", args=args))
        await held(tmp_path, 5, 7)
    (tmp_path / "go").touch()
    async with house_of(tmp_path, database) as house:
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        assert await rows_of(house, run_id) == DOUBLED
        told = await partitions(house, run_id)
    assert calls(tmp_path) == [0, 2, 5, 5, 7, 7]
    assert told == [
        (1, 1, "SUCCEEDED"),
        (2, 1, "SUCCEEDED"),
        (3, 1, "CANCELLED"),
        (3, 1, "SUCCEEDED"),
        (4, 1, "CANCELLED"),
        (4, 1, "SUCCEEDED"),
    ]


@pytest.fixture
def grounds(tmp_path: Path, database: Database) -> Iterator[Grounds]:
    settings = {**database.short_lease, **database.environment}
    with Grounds(tmp_path, PYTHON_MODULES=f'["{MODULE}"]', **settings) as made:
        yield made


async def test_of_a_killed_worker_only_what_was_not_done_is_run_again(grounds: Grounds) -> None:
    folder = grounds.folder
    front, first = grounds.serve("--no-worker"), grounds.worker()
    await grounds.up(front, first)
    async with Api(front.url) as api:
        block = split("hold_from", args={"folder": str(folder), "at": 5})
        await api.bring_in(
            [numbers(10), {**block, "partitions": 4}], [("make", "split")], name="parts"
        )
        run_id = await api.start("parts")
        await held(folder, 5, 7)
        before = (await api.ask(STATE, run=run_id))["run"]["block"]["partitions"]
        await grounds.kill(first)
        (folder / "go").touch()
        await grounds.up(grounds.worker())
        assert await api.end(run_id) == "SUCCEEDED"
        after = (await api.ask(STATE, run=run_id))["run"]["block"]
        (output,) = after["artifacts"]
        rows = (await api.preview(output))["rows"]
    assert before == {"total": 4, "done": 2, "running": 2, "failed": 0}
    assert after["partitions"] == {"total": 4, "done": 4, "running": 0, "failed": 0}
    assert [each["status"] for each in after["attempts"]] == ["WORKER_LOST", "SUCCEEDED"]
    assert rows == [[n * 2] for n in range(10)]
    assert calls(folder) == [0, 2, 5, 5, 7, 7]
