"""The batches of an input, in pieces that a block can hold."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from headrace.blocks import Dataset

if TYPE_CHECKING:
    from arro3.core import RecordBatch

ROWS_AT_ONCE = 4_096


def pieces(dataset: Dataset) -> "Iterator[RecordBatch]":
    """The rows in order, at most 4,096 at a time; a dataset without rows gives one empty piece, so
    that its columns are handed on all the same.
    """
    from arro3.core import RecordBatch

    empty = True
    for whole in dataset.batches():
        batch = RecordBatch.from_arrow(whole)
        for start in range(0, batch.num_rows, ROWS_AT_ONCE):
            empty = False
            yield batch.slice(start, min(ROWS_AT_ONCE, batch.num_rows - start))
    if empty:
        yield without_rows(dataset)


def without_rows(dataset: Dataset) -> "RecordBatch":
    """An empty batch with the dataset's columns."""
    from arro3.core import Schema

    # Arrays of some types cannot be made from nothing; a table without chunks can.
    return Schema.from_arrow(dataset.schema).empty_table().combine_chunks().to_batches()[0]
