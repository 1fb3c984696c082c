"""The context for tests of blocks keeps the rules of the real one: same block, same result."""

from pathlib import Path
from typing import Any

import pytest

from headrace.blocks import BlockError
from headrace.blocks.testing import RecordingContext, RecordingMemo, run_block
from headrace.domain.events import LogStream
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.protocol import Failed
from tests.executors.sample_blocks import Everything, ReadPath
from tests.executors.support import Recorder, finish, make_task

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "in.csv").write_text("id\n1\n", encoding="utf-8")
    return tmp_path


async def test_a_block_sees_and_does_the_same_in_both(executor: LocalExecutor, root: Path) -> None:
    ctx = RecordingContext(root, memo=RecordingMemo({"known": 1}), run_id="run_test")
    rows = run_block(Everything, {}, ctx)

    recorder = Recorder()
    recorder.memo = {"known": 1}
    await finish(executor.submit(make_task(root, "Everything"), recorder))

    assert recorder.rows(root) == rows
    assert recorder.memo == ctx.memo.items
    assert recorder.progress_calls[-1] == (ctx.rows_done, ctx.rows_total)
    lines = [(line.level.name, line.message) for line in recorder.lines]
    assert lines == ctx.log.lines
    assert {line.stream for line in recorder.lines} == {LogStream.LOG}
    (made,) = [artifact for artifact in recorder.artifacts if not artifact.output]
    kept = ctx.artifacts["table.csv"]
    assert (made.name, made.media_type, made.rows) == (kept.name, kept.media_type, kept.rows)
    path = root / "artifacts" / made.uri.removeprefix("local://")
    assert path.read_bytes() == kept.data
    assert {(str(path), digest) for path, digest in ctx.written} == recorder.written


@pytest.mark.parametrize("path", ["/etc/passwd", "absent.csv", "in.cvs", ".", "../x"])
async def test_a_path_is_refused_in_the_same_words(
    executor: LocalExecutor, root: Path, path: str
) -> None:
    config: dict[str, Any] = {"path": path}
    with pytest.raises(BlockError) as caught:
        run_block(ReadPath, config, RecordingContext(root))
    outcome = await finish(executor.submit(make_task(root, "ReadPath", config), Recorder()))
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.message) == (caught.value.kind, caught.value.message)
