"""What a CSV file says about itself: its encoding, delimiter and quotes, and its columns' names.

Invariant: nothing here loses or changes a cell, and all of it looks at a bounded sample only.
"""

import codecs
import contextlib
import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from headrace.artifacts.errors import UnreadableTable

if TYPE_CHECKING:
    from _csv import Reader

SAMPLE_BYTES = 65_536
DELIMITERS = (",", "\t", ";", "|")
QUOTES = ('"', "'")
_SAMPLE_ROWS = 500
# Longest first: the mark of UTF-32 opens with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_KINDS = (
    (b"PK\x03\x04", "a ZIP archive or spreadsheet (.xlsx, .ods); save it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet (.xls); save it as CSV"),
    (b"\x1f\x8b", "compressed with gzip; unpack it"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it"),
    (b"PAR1\x15", "a Parquet file, not CSV"),
    (b"ARROW1\0\0", "an Arrow file, not CSV"),
    (b"SQLite format 3\0", "a SQLite database, not CSV"),
)


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How cells are told apart; no `quote` means that quotes are plain characters.

    `skip_lines` counts lines before the header (a spreadsheet's `sep=;`).
    """

    delimiter: str = ","
    quote: str = '"'
    skip_lines: int = 0


@dataclass(frozen=True, kw_only=True)
class Names:
    """Unique column names, and one sentence for each that had to be made up."""

    names: tuple[str, ...]
    notes: tuple[str, ...]


def find_encoding(sample: bytes, given: str | None = None) -> str:
    """The name of the codec that decodes a file opening with `sample`.

    `given` wins; without it the byte-order mark decides, and without one it is UTF-8. Raises
    `UnreadableTable` for an unknown encoding, and for bytes that are some other kind of file.
    """
    for magic, kind in _OTHER_KINDS:
        if sample.startswith(magic):
            raise UnreadableTable(f"it is {kind}")
    if given is None:
        marks = (name for mark, name in _BYTE_ORDER_MARKS if sample.startswith(mark))
        return next(marks, "utf-8")
    try:
        name = codecs.lookup(given).name
        with contextlib.suppress(UnicodeError):
            # Codecs such as `hex` are known too, yet decode no text: LookupError.
            b"a".decode(given)
    except (LookupError, ValueError):
        raise UnreadableTable(
            f"{given!r} is no known text encoding; try utf-8, utf-16, cp1252 or latin-1"
        ) from None
    return "utf-8-sig" if name == "utf-8" else name


def sniff(
    sample: str, *, whole: bool, delimiter: str | None = None, quote: str | None = None
) -> Dialect:
    """How the text that opens with `sample` tells cells apart; what is given is taken as it is.

    `whole` says that nothing comes after the sample. The delimiter is the one by which most rows
    are as wide as the first; without any it is the comma, and quotes are double unless single
    ones explain the rows better.
    """
    first, ending, rest = sample.partition("\n")
    declared = first.rstrip("\r").lower()
    if ending and declared.startswith("sep=") and len(declared) == len("sep=") + 1:
        inner = sniff(rest, whole=whole, delimiter=delimiter or declared[-1], quote=quote)
        return Dialect(delimiter=inner.delimiter, quote=inner.quote, skip_lines=1)
    quotes = QUOTES if quote is None else (quote,)
    delimiters = DELIMITERS if delimiter is None else (delimiter,)
    best, best_score = Dialect(delimiter=delimiters[0], quote=quotes[0]), (0.0, 0, 0)
    for one_quote in quotes:
        for one in delimiters:
            score = _score(sample, one, one_quote, whole=whole)
            if score > best_score:
                best, best_score = Dialect(delimiter=one, quote=one_quote), score
    return best


def csv_reader(
    lines: Iterable[str], delimiter: str, quote: str, *, strict: bool = False
) -> "Reader":
    """The standard library's reader of such lines (their endings untouched)."""
    if not quote:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=strict)
    return csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=strict)


def unique_names(cells: Sequence[str]) -> Names:
    """Column names from a header row: trimmed, never empty, no two alike."""
    names: list[str] = []
    notes: list[str] = []
    trimmed = [cell.strip() for cell in cells]
    taken = set(trimmed)
    for position, name in enumerate(trimmed, start=1):
        if name and name not in names:
            names.append(name)
            continue
        made = _free_name(f"column_{position}" if not name else f"{name}_2", taken)
        taken.add(made)
        names.append(made)
        reason = f"is another {name!r}" if name else "has no name"
        notes.append(f"column {position} {reason}; it is called {made!r}")
    return Names(names=tuple(names), notes=tuple(notes))


def numbered_names(width: int) -> tuple[str, ...]:
    """Names for a file without a header: `column_1`, `column_2`, …"""
    return tuple(f"column_{position}" for position in range(1, width + 1))


def _free_name(name: str, taken: Iterable[str]) -> str:
    stem, _, number = name.rpartition("_")
    count = int(number)
    while f"{stem}_{count}" in taken:
        count += 1
    return f"{stem}_{count}"


def _score(sample: str, delimiter: str, quote: str, *, whole: bool) -> tuple[float, int, int]:
    """How well a dialect explains the sample: bigger is better, all zero is not at all."""
    reader = csv_reader(io.StringIO(sample, newline=""), delimiter, quote)
    try:
        rows = [row for row in islice(reader, _SAMPLE_ROWS) if row]
    except csv.Error:
        return (0.0, 0, 0)
    if not whole and len(rows) > 1:
        # The sample may end within its last row.
        rows.pop()
    if not rows or len(rows[0]) == 1:
        return (0.0, 0, 0)
    width = len(rows[0])
    alike = sum(len(row) == width for row in rows) / len(rows)
    # Between equals: the header's cells do not still wear quotes, then more columns.
    return (alike, -sum(map(_is_dressed, rows[0])), width)


def _is_dressed(cell: str) -> bool:
    return len(cell) > 1 and cell[0] == cell[-1] and cell[0] in "\"'"
