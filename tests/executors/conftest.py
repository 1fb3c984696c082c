"""A real executor with real children, shared by the tests of a module: starting one takes 0.2 s."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from headrace.artifacts.local_content import LocalContent
from headrace_worker.executors.local import LocalExecutor
from tests.executors.support import target_of


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def executor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalExecutor]:
    """Started; its processes are gone after the module. Tests that hurt it make their own."""
    root = tmp_path_factory.mktemp("executor")
    executor = LocalExecutor(LocalContent(root / "artifacts"), target_of=target_of)
    await executor.start()
    yield executor
    await executor.stop()
