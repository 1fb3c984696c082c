"""However a block ends, its worker lives and learns of it in words."""

import os
import signal
from pathlib import Path

import pytest

from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.protocol import Crashed, Failed, InputRef, Outcome, Succeeded
from tests.executors.support import Recorder, finish, make_task, run

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_block_succeeds_with_its_rows_inline(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    outcome, recorder = await run(executor, tmp_path, "Echo")
    assert outcome == Succeeded(rows=1)
    assert recorder.rows(tmp_path) == [{"id": 1, "text": "hello"}]
    output = recorder.data_set
    assert output is not None
    assert (output.name, output.uri, output.rows) == ("output.arrow", "inline:", 1)
    assert output.data is not None
    assert output.size_bytes == len(output.data)


async def test_a_block_without_a_dataset_leaves_none(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    outcome, recorder = await run(executor, tmp_path, "Nothing")
    assert outcome == Succeeded(rows=None)
    assert recorder.artifacts == []


async def test_datasets_go_from_block_to_block(executor: LocalExecutor, tmp_path: Path) -> None:
    _, first = await run(executor, tmp_path, "Echo")
    output = first.data_set
    assert output is not None
    ref = InputRef(name="up", rows=output.rows, data=output.data)
    outcome, second = await run(executor, tmp_path, "Echo", inputs=(ref,))
    assert outcome == Succeeded(rows=1)
    assert second.rows(tmp_path) == first.rows(tmp_path)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("bad_input", Failed("BAD_INPUT", "no column 'text'", "columns: id", retryable=False)),
        ("error", "ValueError: this went wrong"),
        ("system_exit", "The block called exit(3)."),
        ("unprintable", "Odd: [its text could not be had]"),
        ("surrogate", "ValueError: half a pair ? and a NUL \ufffd"),
    ],
)
async def test_what_a_block_raises_is_its_failure(
    executor: LocalExecutor, tmp_path: Path, how: str, expected: Outcome | str
) -> None:
    outcome, recorder = await run(executor, tmp_path, "Fail", {"how": how})
    assert isinstance(outcome, Failed)
    if isinstance(expected, str):
        assert (outcome.kind, outcome.message, outcome.retryable) == ("BLOCK_ERROR", expected, True)
        assert "sample_blocks/failing.py" in (outcome.detail or "")
        assert "perform.py" not in (outcome.detail or "")
    else:
        assert outcome == expected
    assert set(recorder.messages()) == {"about to fail", "printed before the end"}


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("os_exit", "exited with code 7 before the block returned"),
        ("os_exit_zero", "exited with code 0 before the block returned"),
        ("segfault", "died by SIGSEGV"),
        ("abort", "died by SIGABRT"),
        ("close_everything", "exited with code 70"),
    ],
)
async def test_a_crash_is_told_in_words_with_the_last_lines(
    executor: LocalExecutor, tmp_path: Path, how: str, words: str
) -> None:
    outcome, recorder = await run(executor, tmp_path, "Fail", {"how": how})
    assert isinstance(outcome, Crashed)
    assert words in outcome.message
    assert {"about to fail", "printed before the end"} <= set(recorder.messages())
    after, _ = await run(executor, tmp_path, "Echo")
    assert after == Succeeded(rows=1)


async def test_a_block_that_writes_into_our_socket_is_killed(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    outcome, _ = await run(executor, tmp_path, "Fail", {"how": "garbage"})
    assert isinstance(outcome, Crashed)
    assert "wrote into its connection" in outcome.message
    after, _ = await run(executor, tmp_path, "Echo")
    assert after == Succeeded(rows=1)


async def test_the_stack_of_a_segfault_is_in_the_log(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    _, recorder = await run(executor, tmp_path, "Fail", {"how": "segfault"})
    assert "Fatal Python error: Segmentation fault" in recorder.messages()
    assert any("sample_blocks/failing.py" in line for line in recorder.messages())


async def test_a_child_killed_from_outside_is_a_crash(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    recorder = Recorder()
    handle = executor.submit(make_task(tmp_path, "Wait"), recorder)
    await recorder.heard_line("waiting")
    assert handle.pid is not None
    os.kill(handle.pid, signal.SIGKILL)
    outcome = await finish(handle)
    assert isinstance(outcome, Crashed)
    assert "SIGKILL" in outcome.message
    assert "somebody, or the system" in outcome.message


async def test_a_config_that_does_not_fit_is_bad_input(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    outcome, _ = await run(executor, tmp_path, "Rows", {"batches": "many", "row": 1})
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.retryable) == ("BAD_INPUT", False)
    assert "batches: input should be a valid integer" in outcome.message
    assert "row: unknown key 'row'" in outcome.message


async def test_an_unknown_type_is_bad_input(executor: LocalExecutor, tmp_path: Path) -> None:
    outcome, _ = await run(executor, tmp_path, "Unknown")
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.retryable) == ("BAD_INPUT", False)
    assert "no block type 'Unknown'" in outcome.message


async def test_a_config_that_no_message_can_hold_is_bad_input(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    outcome, _ = await run(executor, tmp_path, "Rows", {"batches": 2**80})
    assert isinstance(outcome, Failed)
    assert outcome.kind == "BAD_INPUT"
    after, _ = await run(executor, tmp_path, "Echo")
    assert after == Succeeded(rows=1)


async def test_a_path_out_of_reach_is_refused_in_the_child(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    outcome, _ = await run(executor, tmp_path, "ReadPath", {"path": "/etc/passwd"})
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.retryable) == ("PATH_REFUSED", False)


async def test_a_path_within_reach_is_found(executor: LocalExecutor, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id\n1\n", encoding="utf-8")
    _, recorder = await run(executor, tmp_path, "ReadPath", {"path": "in.csv"})
    assert recorder.rows(tmp_path) == [{"path": str((tmp_path / "in.csv").resolve())}]
