"""A block is asked, terminated, killed; whatever it does, it ends, with all that it began."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.protocol import Cancelled, Crashed, Handle, Succeeded
from tests.executors.support import Recorder, alive, finish, gone, make_task, run

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def waiting(
    executor: LocalExecutor, root: Path, config: dict[str, Any]
) -> tuple[Handle, Recorder]:
    recorder = Recorder()
    handle = executor.submit(make_task(root, "Wait", config), recorder)
    await recorder.heard_line("waiting")
    return handle, recorder


async def test_a_block_sees_that_it_is_cancelled_and_its_child_stays(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    handle, _ = await waiting(executor, tmp_path, {"polls": True})
    handle.ask_cancel()
    assert await finish(handle) == Cancelled()
    again = executor.submit(make_task(tmp_path, "Echo"), Recorder())
    assert await finish(again) == Succeeded(rows=1)
    assert again.pid == handle.pid


async def test_a_cancellation_that_comes_late_hits_no_other_task(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    first = executor.submit(make_task(tmp_path, "Echo"), Recorder())
    await finish(first)
    first.ask_cancel()
    first.terminate()
    first.kill()
    second = executor.submit(make_task(tmp_path, "Echo"), Recorder())
    assert await finish(second) == Succeeded(rows=1)


async def test_terminate_lets_the_block_tidy_up(executor: LocalExecutor, tmp_path: Path) -> None:
    note = tmp_path / "note"
    handle, _ = await waiting(executor, tmp_path, {"tidy": str(note)})
    handle.terminate()
    assert await finish(handle) == Cancelled()
    assert note.read_text(encoding="utf-8") == "tidied"
    assert handle.pid is not None
    await gone(handle.pid)


async def test_a_block_that_ignores_the_signal_is_killed(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    handle, _ = await waiting(executor, tmp_path, {"stubborn": True})
    handle.terminate()
    other, _ = await run(executor, tmp_path, "Echo")  # the worker goes on meanwhile
    assert other == Succeeded(rows=1)
    assert not handle.outcome.done()
    handle.kill()
    assert await finish(handle) == Cancelled()
    assert handle.pid is not None
    await gone(handle.pid)


async def test_a_stranger_s_terminate_signal_is_ignored(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    """A service manager signals every process of the service; blocks then have DRAIN_SECONDS."""
    handle, _ = await waiting(executor, tmp_path, {"polls": True})
    assert handle.pid is not None
    assert executor.zygote_pid is not None
    for pid in (handle.pid, executor.zygote_pid):
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(pid, signum)
    other, _ = await run(executor, tmp_path, "Echo")
    assert other == Succeeded(rows=1)
    handle.ask_cancel()
    assert await finish(handle) == Cancelled()


@pytest.mark.parametrize("escape", [False, True])
@pytest.mark.parametrize("how", ["terminate", "kill", "outside"])
async def test_grandchildren_die_with_their_block(
    executor: LocalExecutor, tmp_path: Path, how: str, *, escape: bool
) -> None:
    pid_file = tmp_path / "pid"
    config = {"subprocess_pid_file": str(pid_file), "escape": escape}
    handle, _ = await waiting(executor, tmp_path, config)
    grandchild = int(pid_file.read_text(encoding="utf-8"))
    assert alive(grandchild)
    assert handle.pid is not None
    if how == "terminate":
        handle.terminate()
    elif how == "kill":
        handle.kill()
    else:
        os.kill(handle.pid, signal.SIGKILL)
    outcome = await finish(handle)
    assert isinstance(outcome, Crashed if how == "outside" else Cancelled)
    await gone(grandchild)
