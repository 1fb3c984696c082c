"""Opens a CSV file as rows, having found out how it is written."""

import codecs
import io
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from headrace.artifacts.csv_text import SAMPLE_BYTES, find_encoding, sniff
from headrace.artifacts.errors import UnreadableTable
from headrace.blocks import Logger
from headrace_worker.blocks.csv_rows import CsvRows

_SAMPLE_CHARACTERS = SAMPLE_BYTES // 4
_BYTE_ORDER_MARK = "\ufeff"


class HowToRead(Protocol):
    """The part of the reader's config that says how the file is written; None is to be found."""

    @property
    def input_path(self) -> str: ...
    @property
    def encoding(self) -> str | None: ...
    @property
    def delimiter(self) -> str | None: ...
    @property
    def quote(self) -> str | None: ...
    @property
    def max_cell_characters(self) -> int: ...


def open_rows(path: Path, how: HowToRead, log: Logger, stack: ExitStack) -> CsvRows:
    """The file's rows; `stack` closes the file. Logs what was found out.

    Raises `UnreadableTable` for another kind of file or one that may not be read, and UnicodeError.
    """
    try:
        file = stack.enter_context(path.open("rb"))
    except OSError as error:
        raise UnreadableTable(str(error.strerror)) from error
    sample = file.read(SAMPLE_BYTES)
    encoding = find_encoding(sample, how.encoding)
    if encoding == "utf-8" and sample.count(0) > len(sample) / 5:
        raise UnreadableTable("it looks like UTF-16 without its mark; set encoding: utf-16-le")
    file.seek(0)
    # Undecodable bytes become rows that are reported with their line, as any broken row.
    text = stack.enter_context(
        io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline="")
    )
    start = text.read(_SAMPLE_CHARACTERS)
    text.seek(0)
    if start.startswith(_BYTE_ORDER_MARK):
        start = start.removeprefix(text.read(1))
    whole = len(sample) < SAMPLE_BYTES and len(start) < _SAMPLE_CHARACTERS - 1
    dialect = sniff(start, whole=whole, delimiter=how.delimiter, quote=how.quote)
    quotes = f"quotes {dialect.quote}" if dialect.quote else "no quotes"
    name = encoding.removesuffix("-sig")
    found = f"{how.input_path}: {name}, delimiter {dialect.delimiter!r}, {quotes}"
    log.info(found)
    return CsvRows(text, dialect, encoding=name, max_cell_characters=how.max_cell_characters)


def place_of_damage(path: Path, encoding: str | None) -> str:
    """Where the file stops being text of its encoding, and why; "" where it never does."""
    line, offset = 1, 0
    with path.open("rb") as file:
        name = find_encoding(file.read(SAMPLE_BYTES), encoding)
        file.seek(0)
        decoder = codecs.getincrementaldecoder(name)("surrogateescape")
        more = True
        while more:
            state = decoder.getstate()
            data = file.read(SAMPLE_BYTES)
            more = bool(data)
            try:
                line += decoder.decode(data, final=not more).count("\n")
            except UnicodeDecodeError as error:
                good = error.start - len(state[0])
                decoder.setstate(state)
                line += decoder.decode(data[: max(good, 0)]).count("\n")
                reason = error.reason
                return f"line {line}, byte {offset + good + 1} of the file, is not {name}: {reason}"
            offset += len(data)
    return ""
