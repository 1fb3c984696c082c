"""Datasets on their way in and out of a block: Arrow IPC files, a batch at a time.

Invariant: neither writing nor reading holds more than a few batches, whatever the number of rows.
arro3 does the work because it is a fifth of pyarrow's size. This module imports it: a block's own
module, which the server's catalogue imports too, imports this one inside `run`.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Generic, TypeVar

from arro3.core import RecordBatch, RecordBatchReader, Schema
from arro3.io import read_ipc, write_ipc

from headrace.artifacts.content import Stored, fault_of
from headrace.blocks.datasets import Output
from headrace.blocks.ipc_ranges import ArrowRange
from headrace.blocks.outputs import output_batches
from headrace.blocks.rows import batch_to_rows, rows_to_batch

__all__ = [
    "DATASET_MEDIA_TYPE",
    "InlineDataset",
    "SpilledDataset",
    "StoredDataset",
    "batch_to_rows",
    "output_batches",
    "read_dataset",
    "rows_to_batch",
    "write_dataset",
]

DATASET_MEDIA_TYPE = "application/vnd.apache.arrow.file"
_HEAD_FACTOR = 4
"""zstd seldom does better on small data: what is this much larger than the bound is not tried."""
_COMPRESS_FROM_BYTES = 4_096
"""Below this, compressing costs more than the whole hand-over of a trivial block's dataset."""

F = TypeVar("F", bound=IO[bytes])


@dataclass(frozen=True)
class InlineDataset:
    """A dataset small enough to be kept without a file: the bytes of an Arrow IPC file."""

    rows: int
    data: bytes


@dataclass(frozen=True)
class SpilledDataset(Generic[F]):
    """A dataset that was written to `file`, which is still open."""

    rows: int
    file: F


class StoredDataset:
    """A dataset read from where it is kept or from bytes; see `headrace.blocks.Dataset`.

    With `part`, only these of its rows.
    """

    def __init__(
        self, source: Stored | bytes, rows: int | None = None, part: range | None = None
    ) -> None:
        self._source = source
        self._rows = rows
        self._part = part
        self._cut: ArrowRange | None = None

    @property
    def rows(self) -> int | None:
        return self._rows if self._part is None else len(self._part)

    @property
    def schema(self) -> Schema:
        return self._reader().schema

    def batches(self) -> Iterator[RecordBatch]:
        try:
            yield from self._reader()
        except Exception:
            if (fault := fault_of(self._source)) is not None:
                raise fault from None
            raise

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._reader().__arrow_c_stream__(requested_schema)

    def _reader(self) -> RecordBatchReader:
        source = self._source
        if self._part is None:
            # arro3 reads a file of this machine by itself, a third faster than through Python.
            return read_ipc(source if isinstance(source, bytes | Path) else source.open("rb"))
        if self._cut is None:
            self._cut = ArrowRange(source, self._part)
        return self._cut.reader()


def read_dataset(
    source: Stored | bytes, rows: int | None = None, part: range | None = None
) -> StoredDataset:
    """The dataset that `write_dataset` wrote; read lazily, as often as one likes."""
    return StoredDataset(source, rows, part)


def write_dataset(
    output: Output, *, inline_bytes: int, open_file: Callable[[], F]
) -> InlineDataset | SpilledDataset[F] | None:
    """Write what a block returned; None where it left no dataset.

    `open_file` is called only for a dataset of more than `inline_bytes` bytes. An error of the
    block's own generator comes through as it was raised.
    """
    if output is None:
        return None
    schema, batches = output_batches(output)
    head, complete = _take_head(batches, inline_bytes * _HEAD_FACTOR)
    if schema is None:
        if not head:
            return None
        schema = head[0].schema
    if not complete:
        file = open_file()
        return SpilledDataset(_stream(schema, chain(head, batches), file), file)
    rows = sum(batch.num_rows for batch in head)
    data = _pack(schema, head)
    if len(data) <= inline_bytes:
        return InlineDataset(rows, data)
    file = open_file()
    file.write(data)
    return SpilledDataset(rows, file)


def _take_head(batches: Iterator[RecordBatch], bound_bytes: int) -> tuple[list[RecordBatch], bool]:
    head: list[RecordBatch] = []
    size = 0
    for batch in batches:
        head.append(batch)
        size += batch.nbytes
        if size > bound_bytes:
            return head, False
    return head, True


def _pack(schema: Schema, batches: list[RecordBatch]) -> bytes:
    """An Arrow IPC file in memory, for what is small."""
    buffer = io.BytesIO()
    small = sum(batch.nbytes for batch in batches) < _COMPRESS_FROM_BYTES
    write_ipc(
        batches[0] if len(batches) == 1 else RecordBatchReader.from_batches(schema, batches),
        buffer,
        compression=None if small else "zstd",
    )
    return buffer.getvalue()


def _stream(schema: Schema, batches: Iterable[RecordBatch], file: IO[bytes]) -> int:
    """Write an Arrow IPC file as the batches come; returns how many rows came."""
    rows = 0
    failure: BaseException | None = None

    def counted() -> Iterator[RecordBatch]:
        nonlocal rows, failure
        try:
            for batch in batches:
                rows += batch.num_rows
                yield batch
        except GeneratorExit:
            raise  # arro3 lets go of us because of an error of its own
        except BaseException as error:
            failure = error
            raise

    try:
        # A generator, not a list: arro3 then asks for one batch at a time.
        write_ipc(RecordBatchReader.from_batches(schema, counted()), file, compression="zstd")
    except BaseException:
        # The block's own error, which arro3 makes a text of.
        if failure is not None:
            raise failure from None
        raise
    return rows
