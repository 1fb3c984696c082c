"""Progress is told often and sent seldom."""

import time
from pathlib import Path

import pytest

from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.protocol import Succeeded
from tests.executors.support import run

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_hundred_thousand_calls_become_a_few_messages(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    calls = 100_000
    started = time.monotonic()
    outcome, recorder = await run(executor, tmp_path, "Progress", {"calls": calls})
    took = time.monotonic() - started
    assert outcome == Succeeded(rows=None)
    assert len(recorder.progress_calls) <= 2 + took / 0.1
    assert recorder.progress_calls == sorted(recorder.progress_calls)
    assert recorder.progress_calls[-1] == (calls, calls)


async def test_a_single_call_is_told_before_the_outcome(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    _, recorder = await run(executor, tmp_path, "Progress", {"calls": 1})
    assert recorder.progress_calls == [(1, 1)]
