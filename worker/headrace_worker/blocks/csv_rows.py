"""The rows of a CSV text, and exactly which lines are not rows.

Invariants: memory holds a few hundred KiB of lines (more only inside one huge cell, up to the
bound); every row knows the line that it starts on; and a broken row costs its own first line only:
reading goes on with the next line, so a quote that never closes does not swallow the rest of the
file.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TextIO

from headrace.artifacts.csv_text import Dialect, csv_reader
from headrace.artifacts.errors import UnreadableTable

_CHUNK_CHARACTERS = 256 * 1024
_LINES_AT_ONCE = 4_096
_MOST_SHOWN = 200
_CELLS_A_LINE = 4
"""A line may be as long as four of the longest cells: a file without line ends must not be held."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A part of the file that is no row; `line` counts from 1, `raw` is the text as it stands."""

    line: int
    reason: str
    raw: str

    def __str__(self) -> str:
        raw = self.raw if len(self.raw) <= _MOST_SHOWN else f"{self.raw[:_MOST_SHOWN]}…"
        return f"line {self.line}: {self.reason}: {raw!r}"


class CsvRows:
    """Reads `file` (opened with `newline=""`, `errors="surrogateescape"`) as rows of one width.

    The first row decides the width. `max_cell_characters` bounds a cell, and four times as much a
    line: iterating raises `UnreadableTable` for a longer one, and UnicodeError as the file does.
    """

    def __init__(
        self, file: TextIO, dialect: Dialect, *, encoding: str, max_cell_characters: int
    ) -> None:
        self.width: int | None = None
        self._lines = _Lines(file, max_cell_characters * _CELLS_A_LINE)
        self._encoding = encoding
        self._skip_lines = dialect.skip_lines
        self._limit = max_cell_characters
        self._quote = dialect.quote
        self._delimiter = dialect.delimiter

    @property
    def pages(self) -> int:
        """Grows about every 256 KiB of text: a good moment to hand on what was read."""
        return self._lines.pages

    def __iter__(self) -> Iterator[list[str] | BadRow]:
        # Process-wide, but a block's process runs one block at a time.
        csv.field_size_limit(self._limit)
        lines, done, page = self._lines, self._skip_lines, 0
        while True:
            feed, before, failure = lines.starting_at(done + 1), done, ""
            reader = csv_reader(feed, self._delimiter, self._quote, strict=True)
            try:
                for row in reader:
                    first, done = done + 1, before + reader.line_num
                    if len(row) == self.width and not lines.suspicious:
                        yield row
                    elif row:
                        yield self._judged(row, first, done)
                    if lines.pages != page:
                        page = lines.pages
                        lines.forget(done)
            except csv.Error as error:
                failure = str(error)
            if not failure:
                return
            done += 1
            yield self._bad(done, done, self._explained(failure))

    def _judged(self, row: list[str], first: int, last: int) -> list[str] | BadRow:
        if self.width is None:
            self.width = len(row)
        if len(row) != self.width:
            cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
            return self._bad(first, last, f"{cells} where {self.width} belong")
        if self._lines.suspicious:
            text = self._lines.text(first, last)
            if "\0" in text:
                return self._bad(first, last, "a NUL byte")
            wrong = _undecoded(text, self._encoding)
            if wrong:
                return self._bad(first, last, wrong)
        return row

    def _bad(self, first: int, last: int, reason: str) -> BadRow:
        text = self._lines.text(first, last).rstrip("\r\n").replace("\0", "\\x00")
        shown = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        return BadRow(line=first, reason=reason, raw=shown)

    def _explained(self, failure: str) -> str:
        if failure == "unexpected end of data":
            return "a quote opens here and never closes"
        if failure.startswith("field larger than"):
            return (
                f"a cell of more than {self._limit:,} characters (max_cell_characters): "
                "does a quote never close?"
            )
        if failure.endswith(f"expected after '{self._quote}'"):
            return "text right after a closing quote (a quote inside a cell is written twice)"
        return failure


class _Lines:
    """The lines of a file, in pages, kept as long as a row may start in them again."""

    def __init__(self, file: TextIO, longest: int) -> None:
        self.pages = 0
        # Whether a NUL or an undecodable byte is somewhere in what is kept: then look closer.
        self.suspicious = False
        self._file = file
        self._longest = longest
        self._begun = ""
        self._kept: list[str] = []
        self._first = 1

    def starting_at(self, line: int) -> Iterator[str]:
        """The lines from this one (from 1; kept, or not read yet) to the last."""
        return chain.from_iterable(self._paged(line))

    def text(self, first: int, last: int) -> str:
        """The kept lines from `first` to `last`, endings included."""
        return "".join(self._kept[first - self._first : last + 1 - self._first])

    def forget(self, line: int) -> None:
        """Nothing up to this line will be asked for again."""
        del self._kept[: line + 1 - self._first]
        self._first = line + 1
        self.suspicious = self.suspicious and _is_suspicious(self._kept)

    def _paged(self, line: int) -> Iterator[list[str]]:
        while self._first + len(self._kept) <= line and self._read():
            pass
        while page := self._kept[line - self._first : line - self._first + _LINES_AT_ONCE]:
            line += len(page)
            self.pages += 1
            yield page
        while page := self._read():
            yield page

    def _read(self) -> list[str]:
        page: list[str] = []
        more = True
        while more and not page:
            chunk = self._file.read(_CHUNK_CHARACTERS)
            more = bool(chunk)
            page = io.StringIO(self._begun + chunk, newline="").readlines()
            # The last line may go on, and a "\r" at its end may be half of an ending.
            self._begun = page.pop() if more else ""
            if len(self._begun) > self._longest:
                line = self._first + len(self._kept) + len(page)
                raise UnreadableTable(f"line {line} has more than {self._longest:,} characters")
        self.suspicious = self.suspicious or _is_suspicious(page)
        self._kept += page
        self.pages += bool(page)
        return page


def _is_suspicious(lines: list[str]) -> bool:
    text = "".join(lines)
    if "\0" in text:
        return True
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _undecoded(text: str, encoding: str) -> str:
    """What is wrong with text that holds bytes which its encoding does not know, or ""."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        code = ord(text[error.start])
        if not 0xDC80 <= code <= 0xDCFF:
            return f"half a character (U+{code:04X})"
        name = encoding.removesuffix("-sig")
        before = text[: error.start].encode(name, "surrogateescape")
        return f"byte {len(before) + 1} of the row, 0x{code - 0xDC00:02X}, is not {name}"
    return ""
