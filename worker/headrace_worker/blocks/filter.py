"""FILTER: hands on the rows for which a condition holds.

Invariants: a row that is handed on is exactly as it came, with its types, and in its place; a row
for which the condition is false or unknown (null) is left out; memory holds a few batches.
"""

from bisect import bisect_left
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from headrace.blocks import Block, Config, Context, Dataset, Inputs, Output
from headrace_worker.blocks.batches import without_rows
from headrace_worker.blocks.duck import Scalar, database, result_of
from headrace_worker.blocks.duck_errors import Written, understandable
from headrace_worker.blocks.duck_syntax import check_condition

if TYPE_CHECKING:
    from arro3.core import RecordBatch


class FilterConfig(Config):
    """The condition, in SQL."""

    where: Annotated[str, StringConstraints(min_length=1, max_length=65_536)] = Field(
        description="A condition in DuckDB's SQL on the columns of a row; a name with other than "
        'letters, digits and _ stands in "double quotes".',
        examples=["label = 'NEGATIVE' AND score < -0.5", "try_cast(amount AS DOUBLE) > $least"],
    )
    values: dict[str, Scalar] = Field(
        default_factory=dict,
        description="Values for each $name in the condition: the safe way to put params in.",
    )


class Filter(Block[FilterConfig]):
    """Hands on the rows for which a condition holds."""

    name = "FILTER"
    min_inputs = 1
    max_inputs = 1
    maps = True

    def run(self, config: FilterConfig, inputs: Inputs, ctx: Context) -> Output:
        return _batches(config, inputs.one(), ctx)


def _batches(config: FilterConfig, dataset: Dataset, ctx: Context) -> "Iterator[RecordBatch]":
    from arro3.core import Array, DataType, RecordBatch

    seen = kept = 0
    with closing(_numbers_of_kept(config, dataset, ctx)) as numbers:
        left = _Rising(numbers)
        for each in dataset.batches():
            batch = RecordBatch.from_arrow(each)
            rows = [number - seen for number in left.below(seen + batch.num_rows)]
            seen, kept = seen + batch.num_rows, kept + len(rows)
            if rows:
                yield batch.take(Array(rows, type=DataType.uint32()))
            ctx.progress(seen, dataset.rows)
            ctx.raise_if_cancelled()
    if not kept:
        yield without_rows(dataset)
    told = f"Kept {kept:,} of {seen:,} rows"
    ctx.log.info(told)


def _numbers_of_kept(
    config: FilterConfig, dataset: Dataset, ctx: Context
) -> Generator[list[int], None, None]:
    """The numbers of the rows to keep, from 0 and rising, some at a time."""
    from arro3.core import Schema

    names = Schema.from_arrow(dataset.schema).names
    number = "row_number"
    while number in names:
        number += "_"
    query = (
        f'SELECT "{number}" FROM (SELECT row_number() OVER () - 1 AS "{number}", * FROM input)'
        f" AS rows WHERE (\n{config.where}\n)"
    )
    written = Written(key="where", text=config.where, lines_before=2)
    hints = {"Referenced column": f"The columns are: {', '.join(names)}."}
    # One thread: rows are numbered as they come.
    with database(ctx, threads=1) as connection, understandable(ctx, written, hints):
        check_condition(connection, written)
        connection.register("input", dataset)
        for batch in result_of(connection, query, config.values):
            yield batch.column(0).to_pylist()


class _Rising:
    """Rising numbers, taken from below."""

    def __init__(self, numbers: Iterator[list[int]]) -> None:
        self._numbers = numbers
        self._left: list[int] = []

    def below(self, end: int) -> list[int]:
        """Those that are less than `end` and were not taken before."""
        found: list[int] = []
        while True:
            place = bisect_left(self._left, end)
            found += self._left[:place]
            self._left = self._left[place:]
            if self._left:
                return found
            self._left = next(self._numbers, [])
            if not self._left:
                return found
