"""CSV_READER: a CSV file becomes a dataset, every cell as the text that it is.

Invariants: memory does not grow with the file; a row is handed on whole and unchanged or reported
with its line, never half; nothing is guessed silently: encoding, delimiter and made-up column names
are in the log.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from headrace.artifacts.csv_text import find_encoding, numbered_names, unique_names
from headrace.artifacts.errors import UnreadableTable
from headrace.blocks import BadInput, Block, Config, Context, Inputs, Output
from headrace_worker.blocks.csv_bad_rows import BadRows
from headrace_worker.blocks.csv_file import open_rows, place_of_damage
from headrace_worker.blocks.csv_rows import BadRow, CsvRows

if TYPE_CHECKING:
    from arro3.core import RecordBatch

OneCharacter = Annotated[str, StringConstraints(min_length=1, max_length=1)]


class CsvReaderConfig(Config):
    """Where the file is and how to read it; what is left out is found out from the file."""

    input_path: str = Field(
        description="The file: a path in the data folder or another allowed root, or file://…"
    )
    encoding: str | None = Field(
        default=None,
        description="utf-8, utf-16, cp1252, …; by default the byte-order mark decides, else UTF-8.",
    )
    delimiter: OneCharacter | None = Field(
        default=None, description="What stands between cells; found out by default."
    )
    quote: Annotated[str, StringConstraints(max_length=1)] | None = Field(
        default=None, description='What encloses cells; found out by default; "" means nothing.'
    )
    header: bool = Field(default=True, description="Whether the first row names the columns.")
    columns: tuple[str, ...] | None = Field(
        default=None, description="Names for the columns, in place of the header's."
    )
    on_bad_row: Literal["fail", "skip", "collect"] = Field(
        default="fail",
        description="A broken row: fail with its line, skip it, or collect it in bad_rows.csv.",
    )
    max_cell_characters: int = Field(
        default=16 * 1024 * 1024,
        ge=1_024,
        le=256 * 1024 * 1024,
        description="A longer cell is a broken row: most likely a quote that never closes.",
    )

    @field_validator("encoding")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                find_encoding(b"", value)
            except UnreadableTable as error:
                raise ValueError(str(error)) from None
        return value

    @field_validator("columns")
    @classmethod
    def _distinct(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if value is not None and (not value or "" in value or len(set(value)) < len(value)):
            raise ValueError("give each column a name of its own")
        return value

    @model_validator(mode="after")
    def _tellable(self) -> "CsvReaderConfig":
        if {self.delimiter, self.quote} & {"\r", "\n"}:
            raise ValueError("a line's end can be neither delimiter nor quote")
        if self.delimiter is not None and self.delimiter == self.quote:
            raise ValueError("delimiter and quote must differ")
        return self


class CsvReader(Block[CsvReaderConfig]):
    """Reads a CSV file; every cell is text. Inputs only order: the file is read after them."""

    name = "CSV_READER"

    def run(self, config: CsvReaderConfig, inputs: Inputs, ctx: Context) -> Output:
        path = ctx.input_path(config.input_path)
        return _batches(path, config, ctx)


def _batches(path: Path, config: CsvReaderConfig, ctx: Context) -> "Iterator[RecordBatch]":
    with ExitStack() as stack:
        try:
            yield from _read(path, config, ctx, stack)
        except UnicodeError as error:
            reason = f"cannot be decoded: {place_of_damage(path, config.encoding) or error}"
        except UnreadableTable as error:
            reason = f"cannot be read as CSV: {error}"
        else:
            return
        raise BadInput(f"{config.input_path} {reason}")


def _read(
    path: Path, config: CsvReaderConfig, ctx: Context, stack: ExitStack
) -> "Iterator[RecordBatch]":
    rows = open_rows(path, config, ctx.log, stack)
    stream = iter(rows)
    columns, held = _columns(stream, rows, config, ctx)
    bad = stack.enter_context(BadRows(config.input_path, config.on_bad_row, ctx))
    page, total = rows.pages, 0
    for row in stream:
        if isinstance(row, BadRow):
            bad.take(row)
        else:
            held.append(row)
        if rows.pages != page:
            page, total = rows.pages, total + len(held)
            ctx.raise_if_cancelled()
            yield _batch(columns, held)
            ctx.progress(total)
            held = []
    total += len(held)
    # Always one batch at the end, so that a file without rows still hands on its columns.
    yield _batch(columns, held)
    ctx.progress(total, total)
    summary = f"{config.input_path}: {total:,} {'row' if total == 1 else 'rows'}{bad.summary()}"
    ctx.log.info(summary)


def _columns(
    stream: Iterator[list[str] | BadRow], rows: CsvRows, config: CsvReaderConfig, ctx: Context
) -> tuple[tuple[str, ...], list[list[str]]]:
    """The columns' names, and the rows that had to be read to know them."""
    first = next(stream, None)
    if isinstance(first, BadRow):
        raise BadInput(f"{config.input_path}, {first}")
    if first is None:
        if config.columns is not None and not config.header:
            return config.columns, []
        raise BadInput(f"{config.input_path} is empty: there is not even a header")
    if config.columns is not None:
        if len(config.columns) != rows.width:
            raise BadInput(
                f"{config.input_path} has {rows.width} columns, but `columns` names "
                f"{len(config.columns)}"
            )
        return config.columns, [] if config.header else [first]
    if not config.header:
        return numbered_names(len(first)), [first]
    found = unique_names(first)
    for note in found.notes:
        told = f"{config.input_path}: {note}"
        ctx.log.warning(told)
    return found.names, []


def _batch(columns: Sequence[str], rows: list[list[str]]) -> "RecordBatch":
    from arro3.core import Array, DataType, RecordBatch

    cells: Sequence[Sequence[str]] = list(zip(*rows, strict=True)) or [()] * len(columns)
    text = DataType.string()
    return RecordBatch.from_arrays([Array(one, type=text) for one in cells], names=columns)
