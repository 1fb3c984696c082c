"""The Ray executor keeps the promises of the local one; what Ray loses is begun anew, once."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from headrace import __version__
from headrace.domain.events import LogStream
from headrace_worker.executors.protocol import (
    Cancelled,
    Crashed,
    ExecutorStopped,
    Failed,
    Handle,
    Succeeded,
)
from headrace_worker.executors.ray_executor import RayExecutor
from headrace_worker.wire import pack
from tests.executors.support import PATIENCE_SECONDS, Recorder, finish, make_task, target_of
from tests.ray.conftest import Nodes

pytestmark = pytest.mark.asyncio(loop_scope="module")


def find_target(name: str) -> str | None:
    return "tests.ray.blocks:Hold" if name == "Hold" else target_of(name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def executor(two_nodes: Nodes) -> AsyncIterator[RayExecutor]:
    made = RayExecutor(two_nodes.address, target_of=find_target)
    await made.start()
    yield made
    await made.stop()
    with pytest.raises(ExecutorStopped):
        made.submit(make_task(Path("/nowhere"), "Nothing"), Recorder())


async def hold(executor: RayExecutor, folder: Path, **config: object) -> tuple[Handle, Recorder]:
    """A block that runs and waits for the file `go`."""
    recorder = Recorder()
    task = make_task(folder, "Hold", {"folder": str(folder), **config})  # type: ignore[dict-item] # JSON
    handle = executor.submit(task, recorder)
    await recorder.heard(lambda: bool(agents(recorder)))
    return handle, recorder


def agents(recorder: Recorder) -> list[int]:
    """The Ray workers that it ran below."""
    told = [line.split() for line in recorder.messages(LogStream.LOG)]
    return [int(words[1]) for words in told if words[0] == "below"]


async def test_everything_that_a_block_may_ask_is_answered_by_the_driver(
    executor: RayExecutor, tmp_path: Path
) -> None:
    (tmp_path / "in.csv").write_text("id\n1\n")
    recorder = Recorder()
    recorder.memo["known"] = "before"
    handle = executor.submit(make_task(tmp_path, "Everything"), recorder)
    assert await finish(handle) == Succeeded(1)
    (row,) = recorder.rows(tmp_path)
    assert row["input"] == str(tmp_path / "in.csv")
    assert '"known": "before"' in row["found"]
    assert row["written"] == "[false, true]"
    assert recorder.memo["new"] == {"value": [1, None, "x"]}
    assert [each.name for each in recorder.artifacts] == ["table.csv", "output.arrow"]
    assert recorder.progress_calls[-1] == (5, 10)


@pytest.mark.parametrize(
    "said",
    [
        pack("hello", "0" * 64, 1, __version__, "a stranger"),
        pack("lines", []),
        pack("hello", None, "x"),
        b"\xff\xff\xff\xff",
        b"\0\0\xff\xff" + b"x" * 5_000,
    ],
    ids=["token", "no hello", "garbled", "too long", "too much"],
)
async def test_a_stranger_is_sent_away(executor: RayExecutor, said: bytes) -> None:
    reader, writer = await asyncio.open_connection(*executor.address)
    writer.write(said)
    async with asyncio.timeout(PATIENCE_SECONDS):
        with contextlib.suppress(ConnectionResetError):  # what came late was not read any more
            assert await reader.read() == b""
    writer.close()


async def test_what_a_block_prints_is_there_before_its_end(
    executor: RayExecutor, tmp_path: Path
) -> None:
    recorder = Recorder()
    handle = executor.submit(make_task(tmp_path, "Say"), recorder)
    assert await finish(handle) == Succeeded(None)
    assert "stdout 0" in recorder.messages(LogStream.STDOUT)
    assert "from a subprocess" in recorder.messages(LogStream.STDOUT)
    assert "stderr 0" in recorder.messages(LogStream.STDERR)
    assert "log 0" in recorder.messages(LogStream.LOG)


async def test_failures_and_crashes_are_told_in_the_words_of_one_machine(
    executor: RayExecutor, tmp_path: Path
) -> None:
    for how, kind, words in (
        ("bad_input", Failed, "no column 'text'"),
        ("error", Failed, "ValueError: this went wrong"),
        ("segfault", Crashed, "The block's process died by SIGSEGV"),
    ):
        recorder = Recorder()
        handle = executor.submit(make_task(tmp_path, "Fail", {"how": how}), recorder)
        outcome = await finish(handle)
        assert isinstance(outcome, kind)
        assert outcome.message.startswith(words)
        assert "printed before the end" in recorder.messages(LogStream.STDOUT)
    unknown = executor.submit(make_task(tmp_path, "Unknown"), Recorder())
    assert isinstance(await finish(unknown), Failed)


@pytest.mark.parametrize("way", ["ask_cancel", "terminate", "kill"])
async def test_a_running_block_is_ended_in_each_way(
    executor: RayExecutor, tmp_path: Path, way: str
) -> None:
    recorder = Recorder()
    config = {"polls": way == "ask_cancel", "stubborn": way == "kill"}
    handle = executor.submit(make_task(tmp_path, "Wait", config), recorder)
    await recorder.heard_line("waiting")
    getattr(handle, way)()
    assert await finish(handle) == Cancelled()


@pytest.mark.parametrize("way", ["ask_cancel", "terminate", "kill"])
async def test_what_waits_in_rays_queue_is_taken_out_of_it(
    executor: RayExecutor, tmp_path: Path, way: str
) -> None:
    held = [await hold(executor, tmp_path) for _ in range(2)]  # both processors
    recorder = Recorder()
    handle = executor.submit(make_task(tmp_path, "Say"), recorder)
    getattr(handle, way)()
    assert await finish(handle) == Cancelled()
    (tmp_path / "go").touch()
    for each, _ in held:
        assert await finish(each) == Succeeded(1)
    assert recorder.lines == []


async def test_a_killed_ray_worker_is_replaced_once(executor: RayExecutor, tmp_path: Path) -> None:
    handle, recorder = await hold(executor, tmp_path)
    os.kill(agents(recorder)[0], signal.SIGKILL)
    await recorder.heard(lambda: len(agents(recorder)) == 2)
    (tmp_path / "go").touch()
    assert await finish(handle) == Succeeded(1)
    assert [each.output for each in recorder.artifacts] == [True]
    assert any("It is begun anew on another." in line for line in recorder.messages())


async def test_a_block_whose_worker_is_lost_twice_has_crashed(
    executor: RayExecutor, tmp_path: Path
) -> None:
    handle, recorder = await hold(executor, tmp_path)
    for times in (1, 2):
        await recorder.heard(lambda times=times: len(agents(recorder)) == times)  # type: ignore[misc] # bound now
        os.kill(agents(recorder)[-1], signal.SIGKILL)
    outcome = await finish(handle)
    assert isinstance(outcome, Crashed)
    # Ray and the connection may tell of it in either order, each in its own words.
    assert "lost" in outcome.message


async def test_what_has_made_an_artifact_is_not_begun_anew(
    executor: RayExecutor, tmp_path: Path
) -> None:
    handle, recorder = await hold(executor, tmp_path, artifact=True)
    os.kill(agents(recorder)[0], signal.SIGKILL)
    assert isinstance(await finish(handle), Crashed)
    assert [each.name for each in recorder.artifacts] == ["early.txt"]
