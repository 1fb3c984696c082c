"""The first rows or the first text of an artifact, for people to look at.

Invariant: a preview is JSON-safe and never larger than about the bytes that were asked for, however
large the file, its rows or its cells are.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from headrace.artifacts.cells import type_name, values
from headrace.artifacts.content import Stored, fault_of
from headrace.artifacts.csv_text import csv_reader, find_encoding, sniff, unique_names
from headrace.artifacts.errors import UnreadableTable
from headrace.domain.json import JSONValue

if TYPE_CHECKING:
    from arro3.core import RecordBatchReader

ARROW_MEDIA_TYPE = "application/vnd.apache.arrow.file"
DEFAULT_ROWS = 50
DEFAULT_BYTES = 256 * 1024
_CSV_MEDIA_TYPES = frozenset({"text/csv", "text/tab-separated-values"})


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column's name and its type in people's words."""

    name: str
    type: str


@dataclass(frozen=True, kw_only=True)
class TablePreview:
    """The first rows, each a list of JSON values in column order; `total_rows` None if unknown."""

    columns: list[Column]
    rows: list[list[JSONValue]]
    total_rows: int | None
    truncated: bool


@dataclass(frozen=True, kw_only=True)
class TextPreview:
    """The first characters."""

    text: str
    truncated: bool


def preview(
    source: Stored | bytes,
    *,
    media_type: str,
    rows: int = DEFAULT_ROWS,
    max_bytes: int = DEFAULT_BYTES,
    total_rows: int | None = None,
) -> TablePreview | TextPreview | None:
    """What can be shown of a file, or of bytes in memory; None for bytes that are no text.

    Blocks on the disk: call it in a thread. Raises `UnreadableTable` for a damaged table, and
    OSError.
    """
    if media_type == ARROW_MEDIA_TYPE:
        return _arrow_preview(source, rows, max_bytes, total_rows)
    head, whole = _head(source, max_bytes)
    if media_type in _CSV_MEDIA_TYPES:
        return _csv_preview(head, whole, rows, total_rows)
    return _text_preview(head, whole)


def _arrow_preview(
    source: Stored | bytes, rows: int, max_bytes: int, total_rows: int | None
) -> TablePreview:
    try:
        reader = _open_arrow(source)
        schema = reader.schema
        columns = [
            Column(name=name, type=type_name(kind))
            for name, kind in zip(schema.names, schema.types, strict=True)
        ]
        # One row more than asked for tells whether there is more.
        found = _bounded(_arrow_rows(reader, rows + 1), max_bytes)
    except Exception as error:
        if isinstance(error, OSError):
            raise
        if (fault := fault_of(source)) is not None:
            raise fault from None
        # arro3 has no class of its own for a damaged file.
        raise UnreadableTable(f"it is no Arrow file: {error}") from error
    return found.table(columns, rows, total_rows)


def _csv_preview(head: bytes, whole: bool, rows: int, total_rows: int | None) -> TablePreview:
    """Every column is text; a broken row is shown as it is, cut or filled to the header's width."""
    text = head.decode(find_encoding(head), "replace").removeprefix("\ufeff")
    dialect = sniff(text, whole=whole)
    lines = io.StringIO(text, newline="").readlines()[dialect.skip_lines :]
    if not whole and len(lines) > 1:
        # The last line may go on behind the head.
        lines.pop()
    # Process-wide, so it is only ever raised; what is read here is bounded by the head anyway.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    try:
        reader = csv_reader(lines, dialect.delimiter, dialect.quote)
        header, *found = list(islice(filter(None, reader), rows + 2)) or [[]]
    except csv.Error as error:
        raise UnreadableTable(f"it is no CSV file: {error}") from error
    columns = [Column(name=name, type="string") for name in unique_names(header).names]
    fitted: list[list[JSONValue]] = [
        [*(row + [""] * len(columns))[: len(columns)]] for row in found
    ]
    return _Found(rows=fitted, complete=whole).table(columns, rows, total_rows)


def _text_preview(head: bytes, whole: bool) -> TextPreview | None:
    # The head may end within a character, so its last bytes do not count.
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        text = decoder.decode(head, final=whole)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else TextPreview(text=text, truncated=not whole)


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Rows that were read, up to one more than asked for; `complete` if none was left out."""

    rows: list[list[JSONValue]]
    complete: bool

    def table(self, columns: list[Column], rows: int, total_rows: int | None) -> TablePreview:
        shown = self.rows[:rows]
        more = not self.complete or len(self.rows) > rows
        if total_rows is not None:
            more = len(shown) < total_rows
        return TablePreview(columns=columns, rows=shown, total_rows=total_rows, truncated=more)


def _bounded(rows: Iterable[list[JSONValue]], max_bytes: int) -> _Found:
    """As many rows as fit; of a first row that does not fit, the beginning of each cell."""
    kept: list[list[JSONValue]] = []
    left = max_bytes
    for row in rows:
        left -= len(orjson.dumps(row))
        if left < 0 and kept:
            return _Found(rows=kept, complete=False)
        if left < 0:
            return _Found(rows=[_cut(row, max_bytes)], complete=False)
        kept.append(row)
    return _Found(rows=kept, complete=True)


def _cut(row: list[JSONValue], max_bytes: int) -> list[JSONValue]:
    share = max(max_bytes // max(len(row), 1) // 4, 1)
    texts = (cell if isinstance(cell, str) else orjson.dumps(cell).decode() for cell in row)
    return [
        cell if len(text) <= share else f"{text[:share]}…"
        for cell, text in zip(row, texts, strict=True)
    ]


def _open_arrow(source: Stored | bytes) -> "RecordBatchReader":
    from arro3.io import read_ipc

    return read_ipc(source if isinstance(source, bytes | Path) else source.open("rb"))


def _arrow_rows(reader: "RecordBatchReader", most: int) -> Iterator[list[JSONValue]]:
    for batch in reader:
        part = batch.slice(0, min(most, batch.num_rows))
        columns = [values(part.column(index)) for index in range(part.num_columns)]
        yield from map(list, zip(*columns, strict=True))
        most -= part.num_rows
        if most <= 0:
            return


def _head(source: Stored | bytes, max_bytes: int) -> tuple[bytes, bool]:
    if isinstance(source, bytes):
        return source[:max_bytes], len(source) <= max_bytes
    with source.open("rb") as file:
        head = file.read(max_bytes + 1)
    return head[:max_bytes], len(head) <= max_bytes
