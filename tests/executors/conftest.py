"""A real executor with real children for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from headrace_worker.executors.local import LocalExecutor
from tests.executors.support import target_of


@pytest.fixture
async def executor(tmp_path: Path) -> AsyncIterator[LocalExecutor]:
    """Started; its processes are gone after the test."""
    executor = LocalExecutor(tmp_path / "artifacts", target_of=target_of)
    await executor.start()
    yield executor
    await executor.stop()
