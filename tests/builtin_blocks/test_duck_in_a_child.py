"""FILTER and SQL in processes of their own: memory stays flat, and nothing is left behind."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from headrace.artifacts.local_content import LocalContent
from headrace.blocks.registry import Catalogue
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.protocol import Cancelled, Failed, Handle, InputRef, Succeeded
from tests.executors.support import Recorder, finish, make_task

PATIENCE_SECONDS = 60.0
ROWS = 4_000_000


@pytest.fixture
async def executor(folder: Path) -> AsyncIterator[LocalExecutor]:
    built_in = Catalogue.discover().target
    sample = "tests.executors.sample_blocks:PeakMemory"
    executor = LocalExecutor(
        LocalContent(folder / "artifacts"),
        target_of=lambda name: sample if name == "PEAK" else built_in(name),
    )
    await executor.start()
    yield executor
    await executor.stop()


async def submit(
    executor: LocalExecutor,
    folder: Path,
    block_type: str,
    config: dict[str, Any],
    recorder: Recorder,
    *inputs: InputRef,
) -> Handle:
    return executor.submit(make_task(folder, block_type, config, inputs=inputs), recorder)


async def test_memory_does_not_grow_with_the_rows(executor: LocalExecutor, folder: Path) -> None:
    """Four million rows of some 50 bytes go through three blocks in one warm process."""
    query = "SELECT n, md5(n::VARCHAR) || 'x' AS text FROM range($rows) AS r(n)"
    made, kept, asked, memory = (Recorder() for _ in range(4))
    config: dict[str, Any] = {"query": query, "values": {"rows": ROWS}}
    handle = await submit(executor, folder, "SQL", config, made)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await handle.outcome == Succeeded(rows=ROWS)
    config = {"where": "n % 2 = 0 AND text LIKE '%x'"}
    handle = await submit(executor, folder, "FILTER", config, kept, reference(folder, made))
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await handle.outcome == Succeeded(rows=ROWS // 2)
    config = {"query": "SELECT n + 1 AS n, upper(text) AS text FROM up"}
    handle = await submit(executor, folder, "SQL", config, asked, reference(folder, kept))
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await handle.outcome == Succeeded(rows=ROWS // 2)
    await finish(await submit(executor, folder, "PEAK", {}, memory))
    # With DuckDB a child at rest has some 70 MiB; all rows at once would be 200 MiB more.
    assert memory.rows(folder)[0]["peak_mib"] < 200


async def test_a_cancelled_query_ends_at_once(executor: LocalExecutor, folder: Path) -> None:
    config = {"query": "SELECT count(*) AS n FROM range(1_000_000_000_000)"}
    handle = await submit(executor, folder, "SQL", config, Recorder())
    await until(lambda: scratch(folder) != [])
    handle.ask_cancel()
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await handle.outcome == Cancelled()
    assert scratch(folder) == []


async def test_what_a_killed_query_had_put_on_disk_is_swept_away(
    executor: LocalExecutor, folder: Path
) -> None:
    query = "SELECT md5(n::VARCHAR) AS text FROM range(1_000_000_000) AS r(n) ORDER BY text"
    handle = await submit(executor, folder, "SQL", {"query": query}, Recorder())
    await until(lambda: len(list((folder / "artifacts" / "tmp").rglob("*"))) > 1)
    handle.kill()
    assert await finish(handle) == Cancelled()
    await until(lambda: scratch(folder) == [])


async def test_a_wrong_query_fails_with_its_place_and_is_not_tried_again(
    executor: LocalExecutor, folder: Path
) -> None:
    config = {"query": "SELECT 1 AS one\nFROM nowhere"}
    outcome = await finish(await submit(executor, folder, "SQL", config, Recorder()))
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.retryable) == ("BAD_INPUT", False)
    assert outcome.message.startswith("query, line 2, column 6: Table with name nowhere")
    assert outcome.detail == "SELECT 1 AS one\nFROM nowhere\n     ^"


def reference(folder: Path, recorder: Recorder) -> InputRef:
    output = recorder.data_set
    assert output is not None
    path = folder / "artifacts" / output.uri.removeprefix("local://")
    return InputRef(name="up", rows=output.rows, path=str(path))


def scratch(folder: Path) -> list[Path]:
    place = folder / "artifacts" / "tmp"
    return [path for path in place.iterdir() if path.is_dir()] if place.is_dir() else []


async def until(condition: Any) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 # a folder has no event
            await asyncio.sleep(0.01)
