"""Whatever a block says becomes lines; however much it says, memory stays bounded."""

import resource
from pathlib import Path
from typing import Any

import pytest

from headrace.domain.events import LogLevel, LogStream
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.protocol import LogRecord, Succeeded
from headrace_worker.lines import LINE_BYTES
from tests.executors.support import Recorder, finish, make_task, run

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_way_of_saying_something_is_heard_before_the_outcome(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    outcome, recorder = await run(executor, tmp_path, "Say", {"lines": 2})
    assert outcome == Succeeded(rows=None)
    assert recorder.messages(LogStream.LOG) == [
        "log 0",
        "some.library: logging 0",
        "log 1",
        "some.library: logging 1",
    ]
    assert recorder.messages(LogStream.STDOUT) == [
        "stdout 0",
        "stdout 1",
        "from a subprocess",
        "no newline at the end",
    ]
    assert recorder.messages(LogStream.STDERR) == ["stderr 0", "stderr 1"]


async def test_lines_have_levels_and_times(executor: LocalExecutor, tmp_path: Path) -> None:
    _, recorder = await run(executor, tmp_path, "Say")
    levels = {line.message: line.level for line in recorder.lines}
    assert levels["log 0"] == LogLevel.DEBUG
    assert levels["some.library: logging 0"] == LogLevel.WARNING
    assert levels["stdout 0"] == LogLevel.INFO
    assert levels["stderr 0"] == LogLevel.WARNING
    assert all(line.at > 1_700_000_000_000 for line in recorder.lines)


class Counter(Recorder):
    """Counts instead of keeping, so that memory tells of the executor alone."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.most_at_once = 0

    def log(self, lines: list[LogRecord]) -> None:
        self.count += len(lines)
        self.most_at_once = max(self.most_at_once, len(lines))


@pytest.mark.parametrize("through", ["stdout", "log"])
async def test_a_flood_is_read_in_small_portions(
    executor: LocalExecutor, tmp_path: Path, through: str
) -> None:
    counter = Counter()
    await run(executor, tmp_path, "Echo")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    config: dict[str, Any] = {"megabytes": 30, "through": through}
    handle = executor.submit(make_task(tmp_path, "Flood", config), counter)
    assert await finish(handle) == Succeeded(rows=None)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert counter.count == 30 * 1024
    assert counter.most_at_once <= 1024
    assert grown < 15_000  # KiB


@pytest.mark.parametrize("through", ["stdout", "log"])
async def test_a_paused_flood_waits_in_the_block(
    executor: LocalExecutor, tmp_path: Path, through: str
) -> None:
    recorder = Recorder()
    config: dict[str, Any] = {"megabytes": 4, "through": through}
    handle = executor.submit(make_task(tmp_path, "Flood", config), recorder)
    await recorder.heard(lambda: len(recorder.lines) > 0)
    handle.pause_output()
    heard = len(recorder.lines)
    other, _ = await run(executor, tmp_path, "Echo")
    assert other == Succeeded(rows=1)
    assert len(recorder.lines) == heard
    assert not handle.outcome.done()
    handle.resume_output()
    assert await finish(handle) == Succeeded(rows=None)
    assert len(recorder.lines) == 4 * 1024


async def test_a_paused_block_can_be_killed(executor: LocalExecutor, tmp_path: Path) -> None:
    recorder = Recorder()
    config: dict[str, Any] = {"megabytes": 100, "through": "log"}
    handle = executor.submit(make_task(tmp_path, "Flood", config), recorder)
    await recorder.heard(lambda: len(recorder.lines) > 0)
    handle.pause_output()
    handle.kill()
    await finish(handle)


async def test_a_listener_that_fails_ends_the_block_with_its_error(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    class Deaf(Recorder):
        def log(self, lines: list[LogRecord]) -> None:
            raise LookupError("the claim is lost")

    handle = executor.submit(make_task(tmp_path, "Wait"), Deaf())
    with pytest.raises(LookupError, match="the claim is lost"):
        await finish(handle)
    outcome, _ = await run(executor, tmp_path, "Echo")
    assert outcome == Succeeded(rows=1)


async def test_a_very_long_line_is_cut(executor: LocalExecutor, tmp_path: Path) -> None:
    module = tmp_path / "long_lines.py"
    text = "import os\nprint('y' * 300_000)\nos.write(2, b'z' * 70_000)\nVALUE = 'x'\n"
    module.write_text(text, encoding="utf-8")
    path = (str(tmp_path),)
    _, recorder = await run(executor, tmp_path, "Import", {"module": "long_lines"}, sys_path=path)
    (stdout,) = recorder.messages(LogStream.STDOUT)
    (stderr,) = recorder.messages(LogStream.STDERR)
    assert stdout == "y" * LINE_BYTES + f" … [cut: {300_000 - LINE_BYTES} more bytes]"
    assert stderr == "z" * LINE_BYTES + f" … [cut: {70_000 - LINE_BYTES} more bytes]"


async def test_a_block_that_closes_stdout_does_not_close_the_next_ones(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    module = tmp_path / "closes.py"
    module.write_text("import os\nos.close(1)\nos.close(2)\nVALUE = 'x'\n", encoding="utf-8")
    path = (str(tmp_path),)
    outcome, _ = await run(executor, tmp_path, "Import", {"module": "closes"}, sys_path=path)
    assert outcome == Succeeded(rows=1)
    _, recorder = await run(executor, tmp_path, "Say")
    assert {"log 0", "stdout 0", "stderr 0"} <= set(recorder.messages())
