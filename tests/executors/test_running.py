"""A task whose child says things at awkward moments."""

import asyncio
from pathlib import Path
from typing import Any

from headrace_worker.executors.protocol import Succeeded
from headrace_worker.executors.running import RunningTask
from tests.executors.support import Recorder, finish, make_task


class HastyProcess:
    """It has ended by the time that the answer to its last question is on its way."""

    pid = 1

    def __init__(self) -> None:
        self.running: RunningTask | None = None

    def send(self, *message: Any) -> None:
        assert self.running is not None
        assert message[0] == "reply"
        asyncio.get_running_loop().call_soon(self.running.end, Succeeded(None))

    def terminate(self) -> None: ...
    def kill(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...


async def test_an_end_that_comes_with_the_last_answer_is_told(tmp_path: Path) -> None:
    process = HastyProcess()
    running = process.running = RunningTask(make_task(tmp_path, "Echo"), Recorder(), process)
    running.hear([["lookup", 1, ["key"]]])
    assert await finish(running) == Succeeded(None)
