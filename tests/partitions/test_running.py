"""Blocks with partitions in whole runs: rows, artifacts, records, and what fails in one of them."""

import json
from pathlib import Path

from headrace.domain.lifecycle import RunStatus
from headrace.store.tables import partition_contents
from tests.databases import Database
from tests.partitions.ground import (
    calls,
    house_of,
    numbers,
    partitions,
    rows_of,
    settings_of,
    split,
    start,
)
from tests.worker.house import open_house

DOUBLED = [{"n": n * 2} for n in range(10)]
RETRY = {"max_attempts": 2, "delay_seconds": 0.01}


async def test_rows_come_in_order_and_artifacts_with_their_partition(
    tmp_path: Path, database: Database
) -> None:
    async with house_of(tmp_path, database) as house:
        run_id = await start(house, split("noted", args={"folder": str(tmp_path)}))
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        assert await rows_of(house, run_id) == DOUBLED
        made = [a.name for a in await house.artifacts(run_id) if a.block == "split"]
        block = await house.block(run_id, "split")
        assert await partitions(house, run_id) == [(n, 1, "SUCCEEDED") for n in (1, 2, 3, 4)]
        lines = {line.message for line in await house.lines(run_id)}
        assert await house.rows(partition_contents, run_id) == []
    assert calls(tmp_path) == [0, 2, 5, 7]
    assert made == ["first-1.txt", "first-2.txt", "first-3.txt", "first-4.txt", "output.arrow"]
    assert (block.partitions_total, block.partitions_done) == (4, 4)
    assert {f"partition {n}: from {first}" for n, first in ((1, 0), (4, 7))} <= lines


async def test_large_data_sets_are_split_and_put_together_as_files(
    tmp_path: Path, database: Database
) -> None:
    async with house_of(tmp_path, database, inline_bytes=100) as house:
        run_id = await start(house, split("double", rows_per_partition=9_000), rows=100_000)
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        assert await rows_of(house, run_id) == [{"n": n * 2} for n in range(100_000)]
        assert len(await partitions(house, run_id)) == 12
        block = await house.block(run_id, "split")
    assert (block.rows_done, block.rows_total) == (100_000, 100_000)


async def test_an_input_without_rows_is_one_partition(tmp_path: Path, database: Database) -> None:
    block = {"name": "split", "type": "FILTER", "config": {"where": "n > 100"}, "partitions": 8}
    async with house_of(tmp_path, database) as house:
        run_id = await start(house, block, rows=3)
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        assert await rows_of(house, run_id) == []
        assert len(await partitions(house, run_id)) == 3
        after = {**block, "name": "again"}
        edges = [("make", "split"), ("split", "again")]
        run_id = await house.start([numbers(3), block, after], edges)
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        again = await house.block(run_id, "again")
    assert (again.partitions_total, again.partitions_done) == (1, 1)


async def test_a_partition_that_crashes_is_run_again_alone(
    tmp_path: Path, database: Database
) -> None:
    args = {"folder": str(tmp_path), "at": 3}
    async with house_of(tmp_path, database) as house:
        run_id = await start(house, split("crash_once", args=args, retry=RETRY))
        events = await house.events(run_id)
        assert events[-1].kind == "RUN_SUCCEEDED"
        assert await rows_of(house, run_id) == DOUBLED
        assert await house.attempts(run_id) == [(1, "SUCCEEDED"), (1, "FAILED"), (2, "SUCCEEDED")]
        told = await partitions(house, run_id)
    assert calls(tmp_path) == [0, 2, 2, 5, 7]
    assert told == [
        (1, 1, "SUCCEEDED"),
        (2, 1, "FAILED"),
        (2, 2, "SUCCEEDED"),
        (3, 1, "SUCCEEDED"),
        (4, 1, "SUCCEEDED"),
    ]
    (retrying,) = [event for event in events if event.kind == "BLOCK_RETRYING"]
    error = json.loads(str(retrying.error))
    assert error["kind"] == "CRASHED"
    assert error["message"].startswith("Partition 2 of 4 failed: The block's process died by")


async def test_what_would_fail_again_ends_it_and_leaves_the_rest_undone(
    tmp_path: Path, database: Database
) -> None:
    args = {"folder": str(tmp_path), "at": 0}
    async with house_of(tmp_path, database, worker_concurrency=1) as house:
        run_id = await start(house, split("refuse", args=args, retry=RETRY))
        assert await house.end(run_id) is RunStatus.FAILED
        assert await partitions(house, run_id) == [(1, 1, "FAILED")]
        block = await house.block(run_id, "split")
    assert "Partition 1 of 4 failed: not this one" in block.status_reason


async def test_columns_that_differ_fail_it_and_name_the_partition(
    tmp_path: Path, database: Database
) -> None:
    async with house_of(tmp_path, database) as house:
        run_id = await start(house, split("other_columns", partitions=2))
        assert await house.end(run_id) is RunStatus.FAILED
        block = await house.block(run_id, "split")
        assert await house.rows(partition_contents, run_id) == []
    assert block.status_reason == (
        "Partition 2 left other columns than partition 1: big: Int64 instead of small: Int64."
    )


async def test_a_partition_without_rows_says_nothing_of_the_columns(
    tmp_path: Path, database: Database
) -> None:
    async with house_of(tmp_path, database) as house:
        run_id = await start(house, split("evens"))
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        assert await rows_of(house, run_id) == [{"even": n * 2} for n in range(5)]


async def test_two_inputs_cannot_be_split(tmp_path: Path, database: Database) -> None:
    blocks = [numbers(3), {**numbers(3), "name": "more"}, split("double")]
    async with house_of(tmp_path, database) as house:
        run_id = await house.start(blocks, [("make", "split"), ("more", "split")])
        assert await house.end(run_id) is RunStatus.FAILED
        block = await house.block(run_id, "split")
    assert "exactly one data set; it was given: make, more." in block.status_reason


async def test_sentiments_in_partitions_are_those_of_the_whole(
    tmp_path: Path, database: Database
) -> None:
    settings = settings_of(tmp_path, database)
    settings.data_dir.mkdir()
    words = ("I love it", "I hate it", "It is a table", "good and bad", "")
    lines = [f"{n},{words[n % 5]} {n}" for n in range(10_000)]
    (settings.data_dir / "input.csv").write_text("\n".join(["id,text", *lines]) + "\n")
    csv = {"name": "csv", "type": "CSV_READER", "config": {"input_path": "input.csv"}}
    whole = {"name": "whole", "type": "LLM_SENTIMENT"}
    parts = {"name": "parts", "type": "LLM_SENTIMENT", "partitions": 7}
    async with open_house(settings) as house:
        run_id = await house.start([csv, whole, parts], [("csv", "whole"), ("csv", "parts")])
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        assert await rows_of(house, run_id, "parts") == await rows_of(house, run_id, "whole")
        made = {(a.block, a.name): a.sha256 for a in await house.artifacts(run_id)}
    assert made["parts", "summary.json"] == made["whole", "summary.json"]
    assert len(made) == 5
