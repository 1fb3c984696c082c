"""What a block returns becomes a dataset, whatever Arrow library it comes from."""

import io
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from arro3.core import Array, DataType, RecordBatch, Table

from headrace.blocks import BlockCancelled, Output, Permanent
from headrace.blocks.arrow import (
    InlineDataset,
    SpilledDataset,
    batch_to_rows,
    read_dataset,
    rows_to_batch,
    write_dataset,
)
from headrace.blocks.outputs import MAX_BATCH_ROWS


def batch(start: int = 0, rows: int = 3) -> RecordBatch:
    return rows_to_batch([{"id": n, "text": f"text {n}"} for n in range(start, start + rows)])


def written(output: Output, inline_bytes: int = 65_536) -> list[dict[str, Any]]:
    result = write_dataset(output, inline_bytes=inline_bytes, open_file=io.BytesIO)
    assert result is not None
    data = result.data if isinstance(result, InlineDataset) else result.file.getvalue()
    rows = [row for part in read_dataset(data).batches() for row in batch_to_rows(part)]
    assert result.rows == len(rows)
    return rows


def as_generator() -> Iterator[RecordBatch]:
    yield batch(0)
    yield batch(3)


@pytest.mark.parametrize(
    ("output", "ids"),
    [
        pytest.param(batch(), [0, 1, 2], id="a batch"),
        pytest.param(Table.from_batches([batch(0), batch(3)]), [0, 1, 2, 3, 4, 5], id="a table"),
        pytest.param([batch(0), batch(3)], [0, 1, 2, 3, 4, 5], id="a list"),
        pytest.param(as_generator(), [0, 1, 2, 3, 4, 5], id="a generator"),
        pytest.param(
            [Table.from_batches([batch(0)]), batch(3)], [0, 1, 2, 3, 4, 5], id="tables and batches"
        ),
        pytest.param(
            Table.from_batches([], schema=batch().schema),
            [],
            id="no rows",
        ),
        pytest.param(
            [Table.from_batches([], schema=batch().schema)], [], id="a table of no rows in a list"
        ),
    ],
)
def test_every_kind_of_arrow_data_is_taken(output: Output, ids: list[int]) -> None:
    assert [row["id"] for row in written(output)] == ids


@pytest.mark.parametrize("output", [None, [], iter(())])
def test_nothing_leaves_no_dataset(output: Output) -> None:
    assert write_dataset(output, inline_bytes=1, open_file=io.BytesIO) is None


@pytest.mark.parametrize("output", [{"a": 1}, "text", 7, [1], [{"a": 1}]])
def test_what_is_no_arrow_data_is_refused_by_name(output: Any) -> None:
    with pytest.raises(Permanent, match=r"not a (dict|str|int)"):
        write_dataset(output, inline_bytes=1, open_file=io.BytesIO)


def test_a_small_dataset_needs_no_file() -> None:
    def open_file() -> io.BytesIO:
        raise AssertionError("opened")

    result = write_dataset(batch(), inline_bytes=65_536, open_file=open_file)
    assert isinstance(result, InlineDataset)
    assert result.data.startswith(b"ARROW1")


@pytest.mark.parametrize("rows", [3, 60_000])
def test_a_larger_dataset_goes_to_the_file(rows: int) -> None:
    result = write_dataset(batch(rows=rows), inline_bytes=100, open_file=io.BytesIO)
    assert isinstance(result, SpilledDataset)
    assert result.file.getvalue().startswith(b"ARROW1")


def test_data_that_compresses_below_the_bound_stays_inline() -> None:
    rows = [{"text": "the same again"} for _ in range(5_000)]
    result = write_dataset(rows_to_batch(rows), inline_bytes=65_536, open_file=io.BytesIO)
    assert isinstance(result, InlineDataset)
    assert len(result.data) < 20_000


def test_big_batches_are_cut_so_that_readers_stay_small() -> None:
    rows = 2 * MAX_BATCH_ROWS + 7
    ids = RecordBatch.from_pydict({"id": Array(list(range(rows)), DataType.int64())})
    result = write_dataset(ids, inline_bytes=0, open_file=io.BytesIO)
    assert isinstance(result, SpilledDataset)
    sizes = [part.num_rows for part in read_dataset(result.file.getvalue()).batches()]
    assert sizes == [MAX_BATCH_ROWS, MAX_BATCH_ROWS, 7]


def test_a_million_rows_stream_with_flat_memory(tmp_path: Path) -> None:
    parts = 250
    one = batch(rows=4096)

    def generate() -> Iterator[RecordBatch]:
        for number in range(parts):
            yield one if number == 0 else batch(number * 4096, 4096)

    path = tmp_path / "out.arrow"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with path.open("wb") as file:
        result = write_dataset(generate(), inline_bytes=65_536, open_file=lambda: file)
    assert result is not None
    assert result.rows == parts * 4096
    total = sum(part.num_rows for part in read_dataset(path).batches())
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert total == parts * 4096
    assert grown < 30_000  # KiB; all of it at once would be 60 MiB and more


@pytest.mark.parametrize("error", [ValueError("mine"), BlockCancelled("stop"), KeyError("k")])
@pytest.mark.parametrize("good", [0, 1, 400])
def test_the_blocks_own_error_comes_through(error: BaseException, good: int) -> None:
    def generate() -> Iterator[RecordBatch]:
        for number in range(good):
            yield batch(number, 100)
        raise error

    with pytest.raises(type(error)) as caught:
        write_dataset(generate(), inline_bytes=1_000, open_file=io.BytesIO)
    assert caught.value is error


def test_an_error_of_the_file_comes_through() -> None:
    class Full(io.BytesIO):
        def write(self, data: Any, /) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(Exception, match="No space left"):
        write_dataset((batch(n, 1000) for n in range(50)), inline_bytes=10, open_file=Full)


def test_batches_with_other_columns_are_refused_with_both_named() -> None:
    with pytest.raises(Permanent, match=r"Batch 2 .*other: Int64.* instead of id: Int64, text"):
        written([batch(), rows_to_batch([{"other": 1}])])


def test_dictionary_columns_become_plain_ones() -> None:
    words = DataType.dictionary(DataType.int32(), DataType.string())

    def encoded(*values: str) -> RecordBatch:
        return RecordBatch.from_arrays(
            [Array(list(values), DataType.string()).cast(words)], names=["w"]
        )

    assert written([encoded("a", "b"), encoded("z")]) == [{"w": "a"}, {"w": "b"}, {"w": "z"}]


def test_metadata_of_later_batches_does_not_matter() -> None:
    other = batch(3).with_schema(batch().schema.with_metadata({"pandas": "{}"}))
    assert [row["id"] for row in written([batch(0), other])] == [0, 1, 2, 3, 4, 5]


def test_a_dataset_can_be_read_again_and_again() -> None:
    result = write_dataset(batch(), inline_bytes=65_536, open_file=io.BytesIO)
    assert isinstance(result, InlineDataset)
    dataset = read_dataset(result.data, result.rows)
    assert dataset.rows == 3
    assert dataset.schema.names == ["id", "text"]
    for _ in range(2):
        assert sum(part.num_rows for part in dataset.batches()) == 3
        assert Table.from_arrow(dataset).num_rows == 3
