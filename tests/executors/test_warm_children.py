"""A child serves one task after the other, and a task finds nothing of the one before."""

import os
from pathlib import Path
from typing import Any

import pytest

from headrace.artifacts.local_content import LocalContent
from headrace_worker.executors.launcher import started_ahead
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.protocol import Failed, Succeeded
from tests.executors.support import (
    Recorder,
    alive,
    finish,
    gone,
    make_task,
    run,
    target_of,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_child_is_reused_after_success_and_failure(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    pids = set()
    for block, config in (("Echo", {}), ("Fail", {"how": "error"}), ("Nothing", {}), ("Echo", {})):
        handle = executor.submit(make_task(tmp_path, block, config), Recorder())
        await finish(handle)
        pids.add(handle.pid)
    assert len(pids) == 1


async def test_what_a_block_changed_is_put_back(executor: LocalExecutor, tmp_path: Path) -> None:
    found: list[dict[str, Any]] = []
    for _ in range(2):
        _, recorder = await run(executor, tmp_path, "Litter")
        found += recorder.rows(tmp_path)
    assert found[0] == found[1]
    assert found[0]["folder"] == os.getcwd()
    _, recorder = await run(executor, tmp_path, "Say", {"lines": 1})
    assert {"stdout 0", "stderr 0", "some.library: logging 0"} <= set(recorder.messages())


async def test_an_edited_module_of_the_users_is_seen_by_the_next_task(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    values = []
    for folder, value in (("a", "one"), ("a", "two, edited"), ("b", "three, elsewhere")):
        (tmp_path / folder).mkdir(exist_ok=True)
        module = tmp_path / folder / "user_functions.py"
        module.write_text(f"VALUE = {value!r}\n", encoding="utf-8")
        path = (str(tmp_path / folder),)
        _, recorder = await run(
            executor, tmp_path, "Import", {"module": "user_functions"}, sys_path=path
        )
        (row,) = recorder.rows(tmp_path)
        assert row["path"] == path[0]
        values.append(row["value"])
    assert values == ["one", "two, edited", "three, elsewhere"]


async def test_the_import_path_of_one_task_is_not_the_next_ones(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    (tmp_path / "only_here.py").write_text("VALUE = 'x'\n", encoding="utf-8")
    config: dict[str, Any] = {"module": "only_here"}
    outcome, _ = await run(executor, tmp_path, "Import", config, sys_path=(str(tmp_path),))
    assert outcome == Succeeded(rows=1)
    outcome, _ = await run(executor, tmp_path, "Import", config)
    assert isinstance(outcome, Failed)
    assert "No module named 'only_here'" in outcome.message


async def test_a_child_that_took_much_memory_is_not_kept(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    _, recorder = await run(executor, tmp_path, "Swell")
    (row,) = recorder.rows(tmp_path)
    await gone(row["pid"])
    outcome, _ = await run(executor, tmp_path, "Echo")
    assert outcome == Succeeded(rows=1)


async def test_a_process_left_behind_dies_with_its_block(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    for escape in (False, True):
        pid_file = tmp_path / f"pid-{escape}"
        config = {"pid_file": str(pid_file), "escape": escape}
        outcome, _ = await run(executor, tmp_path, "LeaveBehind", config)
        assert outcome == Succeeded(rows=None)
        await gone(int(pid_file.read_text(encoding="utf-8")))


async def test_a_thread_left_behind_does_not_speak_for_the_next_block(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    first = Recorder()
    haunted = executor.submit(make_task(tmp_path, "LeaveThread"), first)
    await finish(haunted)
    assert "a ghost" in first.messages()
    second = Recorder()
    config = {"polls": True}
    handle = executor.submit(make_task(tmp_path, "Wait", config), second)
    await second.heard_line("waiting")
    _, other = await run(executor, tmp_path, "Say", {"lines": 200})
    assert handle.pid == haunted.pid
    assert len(other.messages()) > 200
    assert second.messages() == ["waiting"]
    assert second.progress_calls == []
    handle.kill()
    await finish(handle)


async def test_a_block_may_fork(executor: LocalExecutor, tmp_path: Path) -> None:
    outcome, recorder = await run(executor, tmp_path, "Fork")
    assert outcome == Succeeded(rows=1)
    assert recorder.rows(tmp_path) == [{"code": 0}]
    assert "from a fork" in recorder.messages()


async def test_blocks_run_side_by_side(executor: LocalExecutor, tmp_path: Path) -> None:
    recorders = [Recorder() for _ in range(4)]
    handles = [
        executor.submit(make_task(tmp_path, "Wait", {"polls": True}), recorder)
        for recorder in recorders
    ]
    for recorder in recorders:
        await recorder.heard_line("waiting")
    pids = {handle.pid for handle in handles}
    assert len(pids) == 4
    assert all(pid is not None and alive(pid) for pid in pids)
    for handle in handles:
        handle.ask_cancel()
    for handle in handles:
        await finish(handle)


async def test_a_zygote_that_was_started_ahead_forks_the_first_child(tmp_path: Path) -> None:
    with started_ahead() as ahead:
        executor = LocalExecutor(
            LocalContent(tmp_path / "artifacts"), target_of=target_of, zygote=ahead
        )
        await executor.start()
        try:
            assert executor.zygote_pid == ahead.process.pid
            outcome, _ = await run(executor, tmp_path, "Echo")
            assert isinstance(outcome, Succeeded)
            assert executor.zygote_pid == ahead.process.pid
        finally:
            await executor.stop()
    assert not alive(ahead.process.pid)


async def test_a_zygote_started_ahead_leaves_when_nothing_comes(tmp_path: Path) -> None:
    with started_ahead() as ahead:
        executor = LocalExecutor(LocalContent(tmp_path), 0.0, target_of=target_of, zygote=ahead)
        await executor.start()
        await gone(ahead.process.pid)
        await executor.stop()


async def test_a_zygote_started_ahead_ends_where_there_comes_no_worker() -> None:
    """A server whose port is taken ends before it has a worker."""
    with started_ahead() as ahead:
        assert alive(ahead.process.pid)
    assert not alive(ahead.process.pid)
