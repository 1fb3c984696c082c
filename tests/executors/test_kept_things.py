"""Datasets, artifacts and memo records are kept before their block goes on, or not at all."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from headrace.artifacts.local_content import LocalContent
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.protocol import Cancelled, Failed, InputRef, Succeeded
from tests.executors.support import Recorder, finish, make_task, run, target_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


def files_below(root: Path) -> list[Path]:
    return sorted(path for path in (root / "artifacts").rglob("*") if path.is_file())


async def test_a_generator_streams_into_a_file_with_flat_memory(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    config = {"batches": 120, "rows": 4096}
    outcome, recorder = await run(executor, tmp_path, "Rows", config)
    assert outcome == Succeeded(rows=120 * 4096)
    output = recorder.data_set
    assert output is not None
    assert output.uri.startswith("local://sha256/")
    (path,) = files_below(tmp_path)
    assert path.stat().st_size == output.size_bytes
    assert hashlib.sha256(path.read_bytes()).hexdigest() == output.sha256
    _, memory = await run(executor, tmp_path, "PeakMemory")
    # A child at rest has some 30 MiB; all rows at once would be 60 MiB more.
    assert memory.rows(tmp_path)[0]["peak_mib"] < 60


async def test_a_file_is_the_next_blocks_input(executor: LocalExecutor, tmp_path: Path) -> None:
    _, first = await run(executor, tmp_path, "Rows", {"batches": 3}, inline_bytes=100)
    output = first.data_set
    assert output is not None
    path = tmp_path / "artifacts" / output.uri.removeprefix("local://")
    ref = InputRef(name="up", rows=output.rows, path=str(path))
    outcome, second = await run(executor, tmp_path, "Echo", inputs=(ref,))
    assert outcome == Succeeded(rows=3 * 4096)
    assert second.rows(tmp_path)[-1]["id"] == 3 * 4096 - 1


@pytest.mark.parametrize("fail_after", [0, 1, 60])
async def test_a_generator_that_fails_leaves_nothing(
    executor: LocalExecutor, tmp_path: Path, fail_after: int
) -> None:
    config = {"batches": 61, "fail_after": fail_after}
    outcome, recorder = await run(executor, tmp_path, "Rows", config)
    assert isinstance(outcome, Failed)
    assert outcome.message == "half-way"
    assert recorder.artifacts == []
    assert files_below(tmp_path) == []


async def test_an_artifact_is_kept_before_the_block_goes_on(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    recorder = Recorder()
    recorder.gate = asyncio.Event()
    handle = executor.submit(make_task(tmp_path, "Artifact"), recorder)
    await recorder.in_operation.wait()
    assert recorder.messages() == []
    recorder.gate.set()
    assert await finish(handle) == Succeeded(rows=None)
    assert recorder.messages() == ["the artifact is kept"]
    (artifact,) = recorder.artifacts
    assert (artifact.name, artifact.rows, artifact.output) == ("report.txt", 1, False)
    assert artifact.media_type == "text/plain; charset=utf-8"
    assert artifact.sha256 == hashlib.sha256(b"hello").hexdigest()
    (path,) = files_below(tmp_path)
    assert path.read_text(encoding="utf-8") == "hello"


async def test_an_artifact_that_fails_half_way_leaves_nothing(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    outcome, recorder = await run(executor, tmp_path, "Artifact", {"fail": True})
    assert isinstance(outcome, Failed)
    assert recorder.artifacts == []
    assert files_below(tmp_path) == []


@pytest.mark.parametrize("how", ["terminate", "kill"])
async def test_a_block_that_is_ended_in_mid_artifact_leaves_nothing(
    tmp_path: Path, how: str
) -> None:
    executor = LocalExecutor(LocalContent(tmp_path / "artifacts"), target_of=target_of)
    await executor.start()
    recorder = Recorder()
    handle = executor.submit(make_task(tmp_path, "HalfArtifact"), recorder)
    await recorder.heard_line("in the middle")
    assert len(files_below(tmp_path)) == 1
    getattr(handle, how)()
    assert await finish(handle) == Cancelled()
    await executor.stop()
    assert files_below(tmp_path) == []


async def test_a_refused_artifact_fails_the_block(executor: LocalExecutor, tmp_path: Path) -> None:
    recorder = Recorder()
    recorder.refuse = LookupError("the claim is lost")
    handle = executor.submit(make_task(tmp_path, "Artifact"), recorder)
    outcome = await finish(handle)
    assert isinstance(outcome, Failed)
    assert outcome.message == "The worker refused: LookupError: the claim is lost"


async def test_a_refused_dataset_is_the_outcomes_exception(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    recorder = Recorder()
    recorder.refuse = LookupError("the claim is lost")
    handle = executor.submit(make_task(tmp_path, "Echo"), recorder)
    with pytest.raises(LookupError, match="the claim is lost"):
        await finish(handle)


async def test_the_memo_is_found_by_the_next_attempt(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    first, second = Recorder(), Recorder()
    failing = make_task(tmp_path, "Memoize", {"items": 100, "fail": True})
    outcome = await finish(executor.submit(failing, first))
    assert isinstance(outcome, Failed)
    assert len(first.memo) == 100
    assert max(first.memo_batches) <= 16
    second.memo = first.memo
    retry = make_task(tmp_path, "Memoize", {"items": 120})
    assert await finish(executor.submit(retry, second)) == Succeeded(rows=1)
    assert second.rows(tmp_path) == [{"found": 100, "made": 20}]
    assert len(second.memo) == 120


async def test_no_more_than_a_batch_of_memo_records_is_ever_at_risk(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    """The promise on LLM answers: a crash repeats at most LEDGER_BATCH of them."""
    recorder = Recorder()
    recorder.gate = asyncio.Event()
    config = {"items": 100, "lookup": False, "tell": True}
    task = make_task(tmp_path, "Memoize", config, ledger_batch=5)
    handle = executor.submit(task, recorder)
    await recorder.in_operation.wait()
    await recorder.heard_line("recorded 5")
    other, _ = await run(executor, tmp_path, "Echo")  # time enough for a sixth
    assert other == Succeeded(rows=1)
    assert recorder.messages()[-1] == "recorded 5"
    assert recorder.memo_batches == [5]
    recorder.gate.set()
    assert await finish(handle) == Succeeded(rows=1)
    assert len(recorder.memo) == 100


async def test_a_memo_that_is_refused_fails_the_block(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    recorder = Recorder()
    recorder.refuse = LookupError("the claim is lost")
    task = make_task(tmp_path, "Memoize", {"items": 1, "lookup": False})
    outcome = await finish(executor.submit(task, recorder))
    assert isinstance(outcome, Failed)
    assert outcome.message == "Results could not be kept: LookupError: the claim is lost"


async def test_big_messages_in_both_directions_do_not_lock_each_other(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    """A socket holds some 200 KiB: two ends that both write before they read wait for ever."""
    recorder = Recorder()
    recorder.memo = {f"old-{n}": "o" * 100_000 for n in range(100)}
    config = {"megabytes": 10, "threads": 4}
    task = make_task(tmp_path, "Exchange", config, ledger_batch=1_000)
    outcome = await finish(executor.submit(task, recorder))
    assert outcome == Succeeded(rows=1)
    assert recorder.rows(tmp_path) == [{"found": 400}]
    assert len(recorder.memo) == 500


async def test_a_large_input_travels_inline(executor: LocalExecutor, tmp_path: Path) -> None:
    _, first = await run(executor, tmp_path, "Rows", {"batches": 200}, inline_bytes=100_000_000)
    output = first.data_set
    assert output is not None
    assert output.data is not None
    assert len(output.data) > 4_000_000
    ref = InputRef(name="up", rows=output.rows, data=output.data)
    outcome, _ = await run(executor, tmp_path, "Echo", inputs=(ref,), inline_bytes=100_000_000)
    assert outcome == Succeeded(rows=200 * 4096)
