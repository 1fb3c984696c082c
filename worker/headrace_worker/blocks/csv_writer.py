"""CSV_WRITER: makes a CSV file of a dataset, for people and for other programs.

Invariants: the file is UTF-8 and RFC 4180 (CRLF, quotes where they are needed, doubled inside); the
one at `output_path` holds the artifact's very bytes and is there whole or not at all; the rows are
handed on as they came.
"""

import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints, field_validator

from headrace.artifacts.cells import texts
from headrace.artifacts.errors import PathNotAllowed
from headrace.artifacts.outputs import OutputFile
from headrace.blocks import Block, Config, Context, Dataset, Inputs, Output, PathRefused
from headrace_worker.blocks.batches import pieces

if TYPE_CHECKING:
    from arro3.core import RecordBatch

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ENDINGS = (".csv", ".tsv")


class CsvWriterConfig(Config):
    """Where the file goes, beside the artifact, and what stands between its cells."""

    output_path: str | None = Field(
        default=None,
        description="Also put the file here (.csv or .tsv); a file of somebody else's stays.",
    )
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = Field(
        default=None, description="Between cells; by default a comma, for .tsv a tab."
    )
    header: bool = Field(default=True, description="Whether the first row names the columns.")
    byte_order_mark: bool = Field(
        default=False, description="Open with a mark, for spreadsheets that do not expect UTF-8."
    )

    @field_validator("output_path")
    @classmethod
    def _is_csv(cls, value: str | None) -> str | None:
        if value is not None and not value.lower().endswith(_ENDINGS):
            raise ValueError("CSV_WRITER writes CSV: the path ends in .csv or .tsv")
        return value

    @field_validator("delimiter")
    @classmethod
    def _separates(cls, value: str | None) -> str | None:
        if value is not None and value in '\r\n"':
            raise ValueError("a line's end or a quote cannot separate cells")
        return value


class CsvWriter(Block[CsvWriterConfig]):
    """Writes its rows to a CSV file, an artifact, and hands them on."""

    name = "CSV_WRITER"
    min_inputs = 1
    max_inputs = 1

    def run(self, config: CsvWriterConfig, inputs: Inputs, ctx: Context) -> Output:
        dataset = inputs.one()
        target = None if config.output_path is None else ctx.output_path(config.output_path)
        return _batches(config, dataset, target, ctx)


def _batches(
    config: CsvWriterConfig, dataset: Dataset, target: Path | None, ctx: Context
) -> "Iterator[RecordBatch]":
    delimiter = config.delimiter or ("\t" if target and target.suffix.lower() == ".tsv" else ",")
    written = 0
    try:
        with ExitStack() as stack:
            artifact = stack.enter_context(ctx.new_artifact(f"{ctx.block}.csv", "text/csv"))
            # Left first: a refused target leaves no artifact either.
            output = stack.enter_context(OutputFile(target, ctx)) if target else None
            head = _BYTE_ORDER_MARK if config.byte_order_mark else b""
            for piece in pieces(dataset):
                ctx.raise_if_cancelled()
                with_header = config.header and not written
                data = head + _csv(piece, delimiter, with_header=with_header)
                head = b""
                artifact.write(data)
                if output is not None:
                    output.write(data)
                written += piece.num_rows
                ctx.progress(written, dataset.rows)
                yield piece
            artifact.rows = written
    except PathNotAllowed as error:
        raise PathRefused(str(error)) from None
    if target is not None:
        told = f"{written:,} {'row' if written == 1 else 'rows'} written to {config.output_path}"
        ctx.log.info(told)


def _csv(batch: "RecordBatch", delimiter: str, *, with_header: bool) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    if with_header:
        writer.writerow(batch.column_names)
    writer.writerows(zip(*map(texts, batch.columns), strict=True))
    return text.getvalue().encode()
