"""SQL: a query over the inputs, by their names.

Invariants: the inputs are all that the query can read; its result is handed on as it is made, so
memory does not grow with it; every column of the result has a name of its own.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, StringConstraints

from headrace.blocks import BadInput, Block, Config, Context, Inputs, Output
from headrace_worker.blocks.duck import Scalar, database, result_of
from headrace_worker.blocks.duck_errors import Written, understandable
from headrace_worker.blocks.duck_syntax import check_query

if TYPE_CHECKING:
    from arro3.core import RecordBatch, Schema

THREADS: Final = 2


class SqlConfig(Config):
    """The query."""

    query: Annotated[str, StringConstraints(min_length=1, max_length=262_144)] = Field(
        description="One SELECT in DuckDB's SQL. A table is an input: the upstream block's name or "
        'the edge\'s `as`; a name with other than letters, digits and _ stands in "double quotes".',
        examples=["SELECT label, count(*) AS messages FROM sent GROUP BY label ORDER BY label"],
    )
    values: dict[str, Scalar] = Field(
        default_factory=dict,
        description="Values for each $name in the query: the safe way to put params in.",
    )


class Sql(Block[SqlConfig]):
    """Asks its inputs a question in SQL: joins, groups, sorts, computes."""

    name = "SQL"

    def run(self, config: SqlConfig, inputs: Inputs, ctx: Context) -> Output:
        _check_inputs(inputs)
        return _batches(config, inputs, ctx)


def _batches(config: SqlConfig, inputs: Inputs, ctx: Context) -> "Iterator[RecordBatch]":
    from headrace.blocks.outputs import empty_batch

    written = Written(key="query", text=config.query, lines_before=1)
    hints = {"Table with name": f"The inputs are: {', '.join(inputs) or 'none'}."}
    rows = 0
    with database(ctx, threads=THREADS) as connection, understandable(ctx, written, hints):
        check_query(connection, written)
        for name, dataset in inputs.items():
            connection.register(name, dataset)
        result = result_of(connection, config.query, config.values)
        _check_columns(result.schema, written)
        for batch in result:
            ctx.raise_if_cancelled()
            rows += batch.num_rows
            yield batch
            ctx.progress(rows)
        if not rows:
            yield empty_batch(result.schema)
    ctx.progress(rows, rows)
    told = f"The result has {rows:,} {'row' if rows == 1 else 'rows'}"
    ctx.log.info(told)


def _check_inputs(inputs: Mapping[str, object]) -> None:
    for name, count in Counter(name.lower() for name in inputs).items():
        if count > 1:
            raise BadInput(
                f"{count} inputs are called {name!r} in SQL, where letter case means nothing: "
                "give their edges different names with `as`."
            )


def _check_columns(schema: "Schema", written: Written) -> None:
    from headrace.blocks.outputs import type_name

    for name, count in Counter(schema.names).items():
        if count > 1:
            raise written.fault(
                f"the result has {count} columns {name!r}: give each a name of its own with AS"
            )
    for name in schema.names:
        # The Arrow library cannot read one back.
        if "Interval" in type_name(schema.field(name).type):
            raise written.fault(
                f"column {name!r} is an interval: make seconds of it with epoch({name}), or a text"
            )
