"""What a block returned, as record batches of one schema.

Invariant: every batch that comes out has exactly the first one's schema, no dictionary-encoded
column, and at most `MAX_BATCH_ROWS` rows; nothing is computed before it is asked for.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from arro3.core import DataType, Field, RecordBatch, RecordBatchReader, Schema

from headrace.blocks.datasets import Output, is_array, is_stream
from headrace.blocks.errors import Permanent

MAX_BATCH_ROWS = 65_536
"""Batches are cut to this, so that whoever reads the dataset back holds no more at a time."""


def output_batches(output: Output) -> tuple[Schema | None, Iterator[RecordBatch]]:
    """What a block returned as record batches of one schema, made as they are asked for.

    The schema is None where only the first batch can tell it.
    """
    if is_stream(output):
        reader = RecordBatchReader.from_arrow(output)
        schema = _without_dictionaries(reader.schema)
        return schema, _uniform(reader, schema)
    if is_array(output):
        return None, _uniform([RecordBatch.from_arrow(output)], None)
    if isinstance(output, Iterable) and not isinstance(output, str | bytes | dict):
        return None, _uniform(_flatten(output), None)
    raise Permanent(
        f"A block returns Arrow data, an iterable of Arrow batches or None, not {_kind(output)}."
    )


def type_name(data_type: DataType) -> str:
    """`Int64`, `Timestamp(µs, "UTC")`: as Arrow calls it."""
    return repr(data_type).strip().removeprefix("arro3.core.DataType<").removesuffix(">")


def empty_batch(schema: Schema) -> RecordBatch:
    """A batch of no rows that has these columns."""
    return schema.empty_table().combine_chunks().to_batches()[0]


def _flatten(items: Iterable[Any]) -> Iterator[RecordBatch]:
    for item in items:
        if is_array(item):
            yield RecordBatch.from_arrow(item)
        elif is_stream(item):
            yield from _batches_of(RecordBatchReader.from_arrow(item))
        else:
            raise Permanent(f"A block's iterable gives Arrow batches, not {_kind(item)}.")


def _batches_of(reader: RecordBatchReader) -> Iterator[RecordBatch]:
    """A stream within an iterable: at least one batch, so that its columns are not lost."""
    empty = True
    for batch in reader:
        empty = False
        yield batch
    if empty:
        yield empty_batch(reader.schema)


def _uniform(batches: Iterable[RecordBatch], schema: Schema | None) -> Iterator[RecordBatch]:
    for number, batch in enumerate(batches, start=1):
        if schema is None:
            schema = _without_dictionaries(batch.schema)
        if batch.schema != schema:
            batch = _conform(batch, schema, number)  # noqa: PLW2901 - the same rows in the first batch's types
        for start in range(0, max(batch.num_rows, 1), MAX_BATCH_ROWS):
            length = min(MAX_BATCH_ROWS, batch.num_rows - start)
            yield batch if length == batch.num_rows else batch.slice(start, length)


def _conform(batch: RecordBatch, schema: Schema, number: int) -> RecordBatch:
    if batch.column_names == schema.names:
        types = [field.type for field in _fields(schema)]
        columns = [
            column.cast(wanted) if _is_dictionary(column.type) else column
            for column, wanted in zip(batch.columns, types, strict=True)
        ]
        if all(column.type == wanted for column, wanted in zip(columns, types, strict=True)):
            return RecordBatch.from_arrays(columns, schema=schema)
    raise Permanent(
        f"Batch {number} has other columns than the first: "
        f"{describe_columns(batch.schema)} instead of {describe_columns(schema)}."
    )


def _without_dictionaries(schema: Schema) -> Schema:
    # The IPC file format has one dictionary a column for the whole file; a stream has one a batch.
    fields = _fields(schema)
    if not any(_is_dictionary(field.type) for field in fields):
        return schema
    return Schema(
        [
            field.with_type(field.type.value_type)
            if _is_dictionary(field.type) and field.type.value_type is not None
            else field
            for field in fields
        ]
    )


def _fields(schema: Schema) -> list[Field]:
    return [schema.field(index) for index in range(len(schema))]


def _is_dictionary(data_type: Any) -> bool:
    return DataType.is_dictionary(data_type)


def describe_columns(schema: Schema) -> str:
    """`id: Int64, text: Utf8`."""
    return ", ".join(f"{field.name}: {type_name(field.type)}" for field in _fields(schema))


def _kind(value: object) -> str:
    return f"a {type(value).__module__}.{type(value).__qualname__}".replace("builtins.", "")
