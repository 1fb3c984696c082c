"""Processes come with the first task and go with the executor, however that ends."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from headrace.artifacts.local_content import LocalContent
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.protocol import (
    Cancelled,
    Crashed,
    ExecutorStopped,
    Outcome,
    Succeeded,
)
from tests.executors.support import Recorder, finish, gone, make_task, run, target_of


def make_executor(root: Path, idle_seconds: float = 300.0) -> LocalExecutor:
    return LocalExecutor(LocalContent(root / "artifacts"), idle_seconds, target_of=target_of)


@pytest.fixture
async def executor(tmp_path: Path) -> AsyncIterator[LocalExecutor]:
    """One for each test: these kill what others share."""
    executor = make_executor(tmp_path)
    await executor.start()
    yield executor
    await executor.stop()


def open_descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


async def test_nothing_runs_before_the_first_task(tmp_path: Path) -> None:
    executor = make_executor(tmp_path)
    await executor.start()
    assert executor.zygote_pid is None
    await executor.stop()


async def test_an_executor_takes_tasks_only_between_start_and_stop(tmp_path: Path) -> None:
    executor = make_executor(tmp_path)
    task = make_task(tmp_path, "Echo")
    with pytest.raises(ExecutorStopped):
        executor.submit(task, Recorder())
    await executor.start()
    await finish(executor.submit(task, Recorder()))
    await executor.stop()
    with pytest.raises(ExecutorStopped):
        executor.submit(task, Recorder())


async def test_stop_is_safe_before_start_twice_and_at_once(tmp_path: Path) -> None:
    executor = make_executor(tmp_path)
    await executor.stop()
    await executor.stop()
    other = make_executor(tmp_path)
    await other.start()
    await finish(other.submit(make_task(tmp_path, "Echo"), Recorder()))
    await asyncio.gather(other.stop(), other.stop(), other.stop())


async def test_stop_kills_what_runs_and_returns_when_it_is_gone(tmp_path: Path) -> None:
    executor = make_executor(tmp_path)
    await executor.start()
    recorders = [Recorder() for _ in range(3)]
    handles = [
        executor.submit(make_task(tmp_path, "Wait", {"stubborn": True}), recorder)
        for recorder in recorders
    ]
    for recorder in recorders:
        await recorder.heard_line("waiting")
    pids = [handle.pid for handle in handles]
    zygote = executor.zygote_pid
    await executor.stop()
    assert [handle.outcome.result() for handle in handles] == [Cancelled()] * 3
    for pid in (*pids, zygote):
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_stop_during_start_leaves_nothing(tmp_path: Path) -> None:
    before = open_descriptors()
    executor = make_executor(tmp_path)
    await executor.start()
    handle = executor.submit(make_task(tmp_path, "Echo"), Recorder())
    zygote = executor.zygote_pid  # it is on its way, the child is asked for
    assert zygote is not None
    await executor.stop()
    assert await finish(handle) == Cancelled()
    with pytest.raises(ProcessLookupError):
        os.kill(zygote, 0)
    assert open_descriptors() == before


async def test_stop_ends_a_zygote_that_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headrace_worker.executors.launcher._LEAVE_SECONDS", 0.1)
    executor = make_executor(tmp_path)
    await executor.start()
    recorder = Recorder()
    handle = executor.submit(make_task(tmp_path, "Wait"), recorder)
    await recorder.heard_line("waiting")
    zygote, child = executor.zygote_pid, handle.pid
    assert zygote is not None
    assert child is not None
    os.kill(zygote, signal.SIGSTOP)
    await executor.stop()
    assert handle.outcome.result() == Cancelled()
    await gone(zygote)
    await gone(child)


async def test_stop_gives_up_on_a_listener_that_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headrace_worker.executors.settling._SETTLE_SECONDS", 0.05)
    executor = make_executor(tmp_path)
    await executor.start()
    recorder = Recorder()
    recorder.gate = asyncio.Event()
    handle = executor.submit(make_task(tmp_path, "Artifact"), recorder)
    await recorder.in_operation.wait()
    await executor.stop()
    assert handle.outcome.result() == Cancelled()


async def test_a_block_is_killed_before_its_process_is_there(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    handle = executor.submit(make_task(tmp_path, "Wait"), Recorder())
    assert handle.pid is None
    handle.kill()
    assert await finish(handle) == Cancelled()


async def test_a_block_is_killed_though_the_zygote_is_stopped(
    executor: LocalExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headrace_worker.executors.block_child._UNREPORTED_SECONDS", 0.1)
    recorder = Recorder()
    handle = executor.submit(make_task(tmp_path, "Wait", {"stubborn": True}), recorder)
    await recorder.heard_line("waiting")
    assert executor.zygote_pid is not None
    os.kill(executor.zygote_pid, signal.SIGSTOP)
    try:
        handle.kill()
        assert await finish(handle) == Cancelled()
    finally:
        os.kill(executor.zygote_pid, signal.SIGCONT)


async def test_a_killed_zygote_is_reported_and_replaced(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    recorder = Recorder()
    pid_file = tmp_path / "pid"
    config = {"subprocess_pid_file": str(pid_file)}
    handle = executor.submit(make_task(tmp_path, "Wait", config), recorder)
    await recorder.heard_line("waiting")
    first = executor.zygote_pid
    assert first is not None
    assert handle.pid is not None
    os.kill(first, signal.SIGKILL)
    outcome = await finish(handle)
    assert isinstance(outcome, Crashed)
    assert "process that makes block processes ended" in outcome.message
    await gone(handle.pid)
    await gone(int(pid_file.read_text(encoding="utf-8")))
    again, _ = await run(executor, tmp_path, "Echo")
    assert again == Succeeded(rows=1)
    assert executor.zygote_pid not in (first, None)


async def test_a_zygote_that_cannot_start_is_a_crash_in_words(
    executor: LocalExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headrace_worker.executors.launcher._MODULE", "no_such_module")
    outcome, _ = await run(executor, tmp_path, "Echo")
    assert isinstance(outcome, Crashed)
    assert "could not start" in outcome.message
    monkeypatch.undo()
    outcome, _ = await run(executor, tmp_path, "Echo")
    assert outcome == Succeeded(rows=1)


async def test_too_few_descriptors_are_a_crash_in_words(
    executor: LocalExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_descriptors()

    def fail() -> tuple[int, int]:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("headrace_worker.executors.block_child.socket.socketpair", fail)
    outcome, _ = await run(executor, tmp_path, "Echo")
    assert isinstance(outcome, Crashed)
    assert "Too many open files" in outcome.message
    monkeypatch.undo()
    outcome, _ = await run(executor, tmp_path, "Echo")
    assert outcome == Succeeded(rows=1)
    await executor.stop()
    assert open_descriptors() == before


async def test_idle_processes_leave_and_come_back(tmp_path: Path) -> None:
    before = open_descriptors()
    executor = make_executor(tmp_path, idle_seconds=0.05)
    await executor.start()
    for _ in range(2):
        handle = executor.submit(make_task(tmp_path, "Echo"), Recorder())
        zygote = executor.zygote_pid
        assert await finish(handle) == Succeeded(rows=1)
        assert handle.pid is not None
        assert zygote is not None
        await gone(handle.pid)
        await gone(zygote)
    await executor.stop()
    assert open_descriptors() == before


async def test_a_block_that_runs_is_not_idle(tmp_path: Path) -> None:
    executor = make_executor(tmp_path, idle_seconds=0.05)
    await executor.start()
    recorder = Recorder()
    running = executor.submit(make_task(tmp_path, "Wait", {"polls": True}), recorder)
    await recorder.heard_line("waiting")
    other = executor.submit(make_task(tmp_path, "Echo"), Recorder())
    assert await finish(other) == Succeeded(rows=1)
    assert other.pid is not None
    await gone(other.pid)
    assert not running.outcome.done()
    running.ask_cancel()
    assert await finish(running) == Cancelled()
    await executor.stop()


async def test_a_thousand_tasks_leave_no_descriptor_and_no_task(tmp_path: Path) -> None:
    before = open_descriptors()
    executor = make_executor(tmp_path)
    await executor.start()
    outcomes: set[Outcome] = set()
    for number in range(1_000):
        if number % 50 == 0:
            await run(executor, tmp_path, "Fail", {"how": "os_exit"})
        outcome, _ = await run(executor, tmp_path, "Echo")
        outcomes.add(outcome)
        if number == 100:
            warm = open_descriptors()
    assert outcomes == {Succeeded(rows=1)}
    assert open_descriptors() <= warm + 3  # a child that just crashed may not be buried yet
    assert len(asyncio.all_tasks()) == 1
    await executor.stop()
    assert open_descriptors() == before
    assert len(asyncio.all_tasks()) == 1


async def test_a_zygote_leaves_after_a_crash_too(tmp_path: Path) -> None:
    executor = make_executor(tmp_path, idle_seconds=0.05)
    await executor.start()
    handle = executor.submit(make_task(tmp_path, "Fail", {"how": "os_exit"}), Recorder())
    zygote = executor.zygote_pid
    assert isinstance(await finish(handle), Crashed)
    assert zygote is not None
    await gone(zygote)
    await executor.stop()


async def test_a_child_is_given_what_it_needs_and_no_more(
    executor: LocalExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@host/db")
    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setenv("KAFKA_SASL_PASSWORD", "secret")
    monkeypatch.setenv("KAFKA_SSL_KEY_PASSWORD", "secret")
    monkeypatch.setenv("PYTHONPATH", "/of/the/user")
    seen = []
    for _ in range(3):
        _, recorder = await run(executor, tmp_path, "Surroundings")
        seen += recorder.rows(tmp_path)
        await run(executor, tmp_path, "Fail", {"how": "os_exit"})  # the next one is a new child
    assert all(row == seen[0] for row in seen)
    (row,) = seen[:1]
    assert "DATABASE_URL" not in row["variables"]
    assert "SECRET_KEY" not in row["variables"]
    assert not [name for name in row["variables"] if "PASSWORD" in name]
    assert row["pythonpath"] == "/of/the/user"
    assert row["session"] != os.getsid(0)
    assert row["stdin"] == ""
    assert row["threads_of_zygote"] == 1
    assert row["descriptors"] == 5  # 0, 1, 2, the socket, and the one that lists them


def test_it_works_on_uvloop_as_well(tmp_path: Path) -> None:
    uvloop = pytest.importorskip("uvloop")

    async def use() -> list[Outcome]:
        executor = make_executor(tmp_path)
        await executor.start()
        outcomes = [(await run(executor, tmp_path, "Echo"))[0]]
        outcomes.append((await run(executor, tmp_path, "Fail", {"how": "segfault"}))[0])
        flood, counted = await run(executor, tmp_path, "Flood", {"megabytes": 2})
        assert len(counted.lines) == 2048
        recorder = Recorder()
        handle = executor.submit(make_task(tmp_path, "Wait"), recorder)
        await recorder.heard_line("waiting")
        await executor.stop()
        return [*outcomes, flood, await handle.outcome]

    async def main() -> list[Outcome]:
        await use()  # uvloop opens a descriptor of its own, once
        before = open_descriptors()
        outcomes = await use()
        assert open_descriptors() == before
        return outcomes

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        echo, crash, flood, killed = runner.run(main())
    assert (echo, flood, killed) == (Succeeded(rows=1), Succeeded(rows=None), Cancelled())
    assert isinstance(crash, Crashed)


OWNER = """
import asyncio, sys
from pathlib import Path
from headrace.artifacts.local_content import LocalContent
from headrace_worker.executors.local import LocalExecutor
from tests.executors.support import Recorder, make_task, target_of

async def main(root):
    executor = LocalExecutor(LocalContent(root / "artifacts"), target_of=target_of)
    await executor.start()
    pids = []
    for number, stubborn in enumerate((False, True, True)):
        recorder = Recorder()
        config = {"stubborn": stubborn, "escape": number == 2,
                  "subprocess_pid_file": str(root / f"grandchild-{number}")}
        handle = executor.submit(make_task(root, "Wait", config), recorder)
        await recorder.heard_line("waiting")
        pids.append(handle.pid)
    print(executor.zygote_pid, *pids, flush=True)
    await asyncio.Event().wait()

asyncio.run(main(Path(sys.argv[1])))
"""


async def test_nothing_outlives_a_worker_that_is_killed(tmp_path: Path) -> None:
    """Neither zygote nor child nor grandchild, not even one in a session of its own."""
    owner = await asyncio.create_subprocess_exec(
        sys.executable, "-c", OWNER, str(tmp_path), stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    pids = [int(text) for text in (await owner.stdout.readline()).split()]
    pids += [int(path.read_text(encoding="utf-8")) for path in tmp_path.glob("grandchild-*")]
    assert len(pids) == 7
    owner.kill()
    await owner.wait()
    for pid in pids:
        await gone(pid)
