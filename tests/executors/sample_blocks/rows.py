"""Blocks that make rows and hand them on."""

from collections.abc import Iterator
from typing import Any

from headrace.blocks import Block, BlockError, Config, Context, Inputs, Output
from headrace.blocks.arrow import rows_to_batch


class Echo(Block[Config]):
    """Hands its input on; without one, makes one row."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        return inputs.one() if inputs else rows_to_batch([{"id": 1, "text": "hello"}])


class Nothing(Block[Config]):
    """Leaves no dataset."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        return None


class RowsConfig(Config):
    batches: int = 1
    rows: int = 4096
    fail_after: int | None = None


class Rows(Block[RowsConfig]):
    """Streams rows from a generator; remembers in the last row how much memory that took."""

    def run(self, config: RowsConfig, inputs: Inputs, ctx: Context) -> Iterator[Any]:
        for number in range(config.batches):
            if number == config.fail_after:
                raise BlockError("half-way")
            ctx.raise_if_cancelled()
            start = number * config.rows
            ids = range(start, start + config.rows)
            yield rows_to_batch([{"id": i, "text": f"row {i} {i * 7919 % 10007:x}"} for i in ids])
