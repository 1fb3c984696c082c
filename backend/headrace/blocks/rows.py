"""Rows as dicts, to and from Arrow batches: for blocks that work a row at a time.

A column's type is the narrowest that holds all its values: bool, int64, float64, string, binary,
timestamp[us], date. Only None: string. Anything else, nested values and mixtures among them,
becomes JSON text in a string column.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arro3.core import RecordBatch, Schema

    from headrace.blocks.datasets import Batch


def rows_to_batch(
    rows: Sequence[Mapping[str, Any]], *, schema: "Schema | None" = None
) -> "RecordBatch":
    """One batch of these rows; the columns are the union of their keys, in order of appearance.

    With `schema` (that of an earlier batch), its columns and types are kept, so that batches made
    one after the other fit together. Raises ValueError for a value or key that does not fit it,
    and where there are neither keys nor a schema.
    """
    from headrace.blocks.columns import batch_of_rows

    return batch_of_rows(rows, schema)


def batch_to_rows(batch: "Batch") -> Iterable[dict[str, Any]]:
    """The rows of a batch as dicts, None for null."""
    names = batch.column_names
    columns = [batch.column(name).to_pylist() for name in names]
    return (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))
