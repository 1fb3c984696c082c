"""The built-in blocks as they really run: found by entry point, in a child process."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from headrace.artifacts.local_content import LocalContent
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.protocol import Failed, InputRef, Outcome, Succeeded
from tests.executors.support import Recorder, finish, make_task

DEMO = 'id,text\n1,good product and great support\n2,"bad service, terrible delays"\n'


@pytest.fixture
async def executor(folder: Path) -> AsyncIterator[LocalExecutor]:
    executor = LocalExecutor(LocalContent(folder / "artifacts"))
    await executor.start()
    yield executor
    await executor.stop()


async def run(
    executor: LocalExecutor,
    folder: Path,
    block_type: str,
    config: dict[str, Any],
    recorder: Recorder,
    **options: Any,
) -> Outcome:
    task = make_task(folder, block_type, config, **options)
    return await finish(executor.submit(task, recorder))


def input_from(folder: Path, recorder: Recorder) -> tuple[InputRef, ...]:
    output = recorder.data_set
    assert output is not None
    assert output.data is not None
    return (InputRef(name="upstream", rows=output.rows, path=None, data=output.data),)


async def test_the_demo_pipeline_goes_from_file_to_file(
    executor: LocalExecutor, folder: Path
) -> None:
    (folder / "input.csv").write_text(DEMO)
    read, classified, written = Recorder(), Recorder(), Recorder()
    config = {"input_path": "input.csv"}
    assert isinstance(await run(executor, folder, "CSV_READER", config, read), Succeeded)
    inputs = input_from(folder, read)
    outcome = await run(executor, folder, "LLM_SENTIMENT", {}, classified, inputs=inputs)
    assert outcome == Succeeded(rows=2)
    inputs = input_from(folder, classified)
    config = {"output_path": "out.csv"}
    outcome = await run(executor, folder, "CSV_WRITER", config, written, inputs=inputs)
    assert outcome == Succeeded(rows=2)
    assert (folder / "out.csv").read_text().splitlines() == [
        "id,text,label,score",
        "1,good product and great support,POSITIVE,0.8658",
        '2,"bad service, terrible delays",NEGATIVE,-0.765',
    ]
    assert [artifact.name for artifact in written.artifacts] == ["block.csv", "output.arrow"]


async def test_only_what_headrace_wrote_is_written_again(
    executor: LocalExecutor, folder: Path
) -> None:
    (folder / "input.csv").write_text(DEMO)
    read, written = Recorder(), Recorder()
    await run(executor, folder, "CSV_READER", {"input_path": "input.csv"}, read)
    inputs = input_from(folder, read)
    config = {"output_path": "out.csv"}
    for delimiter in (",", ";"):
        options = {**config, "delimiter": delimiter}
        outcome = await run(executor, folder, "CSV_WRITER", options, written, inputs=inputs)
        assert isinstance(outcome, Succeeded)
    (folder / "out.csv").write_text("edited by hand")
    outcome = await run(executor, folder, "CSV_WRITER", config, written, inputs=inputs)
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.retryable) == ("PATH_REFUSED", False)
    assert (folder / "out.csv").read_text() == "edited by hand"


async def test_a_broken_row_fails_the_block_and_leaves_nothing(
    executor: LocalExecutor, folder: Path
) -> None:
    (folder / "input.csv").write_text("id,text\n1\n")
    recorder = Recorder()
    outcome = await run(executor, folder, "CSV_READER", {"input_path": "input.csv"}, recorder)
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.retryable) == ("BAD_INPUT", False)
    assert "line 2" in outcome.message
    assert recorder.artifacts == []


async def test_a_function_beside_the_pipeline_is_called_as_it_is_now(
    executor: LocalExecutor, folder: Path
) -> None:
    """The same warm child serves both; the second call must see the edited file."""
    for text in ("first", "second one"):
        (folder / "beside.py").write_text(f"def rows():\n    yield {{'text': {text!r}}}\n")
        recorder = Recorder()
        outcome = await run(
            executor,
            folder,
            "PYTHON",
            {"function": "beside:rows"},
            recorder,
            sys_path=(str(folder),),
            python_modules=("beside",),
        )
        assert outcome == Succeeded(rows=1)
        assert recorder.rows(folder) == [{"text": text}]
