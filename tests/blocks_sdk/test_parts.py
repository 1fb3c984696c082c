"""A range of an Arrow file, and what partitions made, put together."""

import io
import json
from pathlib import Path

import pytest
from arro3.core import Array, DataType, RecordBatch, RecordBatchReader
from arro3.io import write_ipc
from hypothesis import given
from hypothesis import strategies as st

from headrace.blocks import Permanent
from headrace.blocks.arrow import batch_to_rows, read_dataset
from headrace.blocks.ipc_ranges import ArrowRange, NotAnArrowFile
from headrace.blocks.parts import FoundArtifact, PartDataset, concatenated, numbered
from headrace.blocks.testing import RecordingContext, dataset_of, run_block
from headrace_worker.blocks.filter import Filter, FilterConfig
from headrace_worker.blocks.llm_sentiment import LlmSentiment, LlmSentimentConfig


def file_of(sizes: list[int], *, compression: str | None) -> bytes:
    """An Arrow file of one column `n`, from 0 on, in batches of these sizes."""
    batches, begin = [], 0
    for size in sizes:
        numbers = Array(list(range(begin, begin + size)), DataType.int64())
        texts = Array([f"text {n}" for n in range(begin, begin + size)], DataType.string())
        batches.append(RecordBatch.from_pydict({"n": numbers, "text": texts}))
        begin += size
    buffer = io.BytesIO()
    reader = RecordBatchReader.from_batches(batches[0].schema, iter(batches))
    write_ipc(reader, buffer, compression="zstd" if compression else None)
    return buffer.getvalue()


@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=6),
    st.sampled_from(["zstd", None]),
    st.data(),
)
def test_a_range_is_those_very_rows(
    sizes: list[int], compression: str | None, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, sum(sizes)))
    stop = data.draw(st.integers(start, sum(sizes)))
    part = read_dataset(file_of(sizes, compression=compression), sum(sizes), range(start, stop))
    rows = [row for batch in part.batches() for row in batch_to_rows(batch)]
    assert rows == [{"n": n, "text": f"text {n}"} for n in range(start, stop)]
    assert part.rows == stop - start
    assert part.schema.names == ["n", "text"]


def test_a_range_is_read_from_a_file_and_by_others(tmp_path: Path) -> None:
    """Within DuckDB, arro3 may call nothing of Python's: that ended the process."""
    path = tmp_path / "rows.arrow"
    path.write_bytes(file_of([10, 10, 10], compression="zstd"))
    ctx = RecordingContext(tmp_path)
    inputs = {"rows": read_dataset(path, 30, range(5, 25))}
    kept = run_block(Filter, {"where": "n % 2 = 0"}, ctx, inputs=inputs)
    assert kept is not None
    assert [row["n"] for row in kept] == list(range(6, 25, 2))


def test_what_is_no_arrow_file_says_so() -> None:
    with pytest.raises(NotAnArrowFile, match="does not begin as Arrow IPC files do"):
        ArrowRange(b"id,text\n" * 10, range(1))


def part_of(number: int, rows: list[dict[str, object]]) -> PartDataset:
    dataset = dataset_of(rows)
    data = io.BytesIO()
    write_ipc(RecordBatchReader.from_arrow(dataset), data)
    return PartDataset(partition=number, dataset=read_dataset(data.getvalue(), len(rows)))


def test_columns_that_differ_name_both_partitions() -> None:
    parts = [part_of(1, [{"a": 1}]), part_of(4, [{"a": "x"}])]
    rows = concatenated(parts)
    assert rows is not None
    with pytest.raises(Permanent, match=r"Partition 4 .* than partition 1: a: Utf8 instead of a:"):
        list(rows)
    assert concatenated([]) is None


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("report.html", "report-3.html"), ("README", "README-3"), (".env", ".env-3")],
)
def test_an_artifact_of_a_partition_has_its_number(name: str, wanted: str) -> None:
    assert numbered(name, 3) == wanted


def artifacts_of(folder: Path, name: str, *texts: str) -> list[FoundArtifact]:
    found = []
    for number, text in enumerate(texts, start=1):
        path = folder / f"bytes-{number}"
        path.write_text(text)
        found.append(
            FoundArtifact(partition=number, name=name, media_type="text/x", rows=1, content=path)
        )
    return found


def test_by_default_each_artifact_is_published_anew(tmp_path: Path) -> None:
    ctx = RecordingContext(tmp_path)
    Filter().combine(FilterConfig(where="true"), artifacts_of(tmp_path, "a.txt", "x", "y"), ctx)
    made = [(each.name, each.data, each.media_type, each.rows) for each in ctx.artifacts.values()]
    assert made == [("a-1.txt", b"x", "text/x", 1), ("a-2.txt", b"y", "text/x", 1)]


def test_the_summaries_of_sentiments_are_summed_up(tmp_path: Path) -> None:
    ctx = RecordingContext(tmp_path)
    ones = json.dumps({"rows": 3, "labels": {"POSITIVE": 1, "NEGATIVE": 2, "NEUTRAL": 0}})
    others = json.dumps({"rows": 4, "labels": {"POSITIVE": 1, "NEGATIVE": 0, "NEUTRAL": 3}})
    config = LlmSentimentConfig()
    LlmSentiment().combine(config, artifacts_of(tmp_path, "summary.json", ones, others), ctx)
    assert json.loads(ctx.artifacts["summary.json"].data) == {
        "rows": 7,
        "labels": {"POSITIVE": 2, "NEGATIVE": 2, "NEUTRAL": 3},
    }
    assert ctx.log.lines == [("INFO", "2 POSITIVE, 2 NEGATIVE, 3 NEUTRAL")]
