"""LLM blocks in processes of their own: what reaches the ledger, when, and who asks."""

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from headrace.artifacts.local_content import LocalContent
from headrace.blocks.arrow import InlineDataset, rows_to_batch, write_dataset
from headrace.blocks.registry import Catalogue
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.protocol import (
    Cancelled,
    Failed,
    Handle,
    InputRef,
    Outcome,
    Succeeded,
)
from headrace_worker.llm.pacing import MOST_AT_ONCE
from tests.executors.support import Recorder, make_task
from tests.llm.asking import rows_of, settings_for
from tests.llm.gemini_server import Call, GeminiServer, Reply, says

PATIENCE_SECONDS = 60.0
ROWS = [f"row {number}" for number in range(100)]


@pytest.fixture
async def executor(tmp_path: Path) -> AsyncIterator[LocalExecutor]:
    executor = LocalExecutor(
        LocalContent(tmp_path / "artifacts"), target_of=Catalogue.discover().target
    )
    await executor.start()
    yield executor
    await executor.stop()


def no_file() -> Any:
    raise AssertionError("the rows of these tests are few")


async def submit(
    executor: LocalExecutor, folder: Path, server: GeminiServer, recorder: Recorder, *texts: str
) -> Handle:
    data = write_dataset([rows_to_batch(rows_of(*texts))], inline_bytes=1 << 20, open_file=no_file)
    assert isinstance(data, InlineDataset)
    inputs = (InputRef(name="up", rows=len(texts), data=data.data),)
    task = make_task(folder, "LLM_SENTIMENT", inputs=inputs, llm=settings_for(server))
    return executor.submit(task, recorder)


async def finish(handle: Handle) -> Outcome:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await handle.outcome


async def test_answers_reach_the_ledger_while_the_block_runs_a_batch_at_a_time(
    executor: LocalExecutor, tmp_path: Path, server: GeminiServer
) -> None:
    """The last row's answer comes only when all others are durable."""
    recorder = Recorder()
    all_others = threading.Event()

    def behave(call: Call) -> Reply:
        if call.text == ROWS[-1]:
            all_others.wait(PATIENCE_SECONDS)
        return says("NEUTRAL")

    server.behave = behave
    handle = await submit(executor, tmp_path, server, recorder, *ROWS)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(recorder.memo) < len(ROWS) - 1:  # noqa: ASYNC110 # the listener has no signal
            await asyncio.sleep(0.01)
    assert not handle.outcome.done()
    all_others.set()
    assert await finish(handle) == Succeeded(rows=len(ROWS))
    assert max(recorder.memo_batches) <= 16
    assert sum(usage.calls for usage in recorder.usages) == len(ROWS)
    assert {(usage.provider, usage.model) for usage in recorder.usages} == {
        ("gemini", "gemini-1.5-flash")
    }
    assert recorder.messages()[-1] == "Answers paid for: 100; from the ledger: 0"
    assert not [line for line in recorder.messages() if "HTTP Request" in line]


async def test_two_blocks_at_once_ask_for_equal_texts_once(
    executor: LocalExecutor, tmp_path: Path, server: GeminiServer
) -> None:
    server.behave = lambda _: says("NEUTRAL", seconds=0.02)
    one, other = Recorder(), Recorder()
    other.memo = one.memo  # one database
    handles = [await submit(executor, tmp_path, server, each, *ROWS) for each in (one, other)]
    assert [await finish(handle) for handle in handles] == [Succeeded(rows=len(ROWS))] * 2
    assert Counter(server.answered) == Counter(ROWS)
    usages = [*one.usages, *other.usages]
    assert sum(usage.calls for usage in usages) == len(ROWS)
    assert sum(usage.ledger_hits for usage in usages) == len(ROWS)


async def test_the_key_of_a_block_that_died_is_asked_by_the_next(
    executor: LocalExecutor, tmp_path: Path, server: GeminiServer
) -> None:
    stuck = threading.Event()

    def behave(call: Call) -> Reply:
        if call.time == 1:
            stuck.wait(PATIENCE_SECONDS)
        return says("NEUTRAL")

    server.behave = behave
    recorder = Recorder()
    first = await submit(executor, tmp_path, server, recorder, "a")
    await asyncio.to_thread(server.wait, lambda s: s.asked("a") == 1)
    second = await submit(executor, tmp_path, server, recorder, "a")
    assert not second.outcome.done()
    first.kill()
    assert await finish(second) == Succeeded(rows=1)
    assert server.asked("a") == 2
    stuck.set()


async def test_a_cancelled_block_ends_before_its_calls_do(
    executor: LocalExecutor, tmp_path: Path, server: GeminiServer
) -> None:
    over = threading.Event()

    def behave(_: Call) -> Reply:
        over.wait()
        return says("NEUTRAL")

    server.behave = behave
    recorder = Recorder()
    handle = await submit(executor, tmp_path, server, recorder, *ROWS)
    await asyncio.to_thread(server.wait, lambda s: len(s.calls) > 0)
    handle.ask_cancel()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await handle.outcome == Cancelled()
        assert len(server.calls) <= MOST_AT_ONCE
    finally:
        over.set()


async def test_an_unknown_model_is_a_failure_of_its_own_kind(
    executor: LocalExecutor, tmp_path: Path, server: GeminiServer
) -> None:
    data = write_dataset([rows_to_batch(rows_of("a"))], inline_bytes=1 << 20, open_file=no_file)
    assert isinstance(data, InlineDataset)
    inputs = (InputRef(name="up", rows=1, data=data.data),)
    llm = settings_for(server, model="gemini-0.1")
    task = make_task(tmp_path, "LLM_SENTIMENT", inputs=inputs, llm=llm)
    outcome = await finish(executor.submit(task, Recorder()))
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.retryable) == ("MODEL_NOT_FOUND", False)
    assert "GEMINI_MODEL" in outcome.message
