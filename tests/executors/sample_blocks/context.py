"""Blocks that use what their context gives."""

import io
from pathlib import Path

from headrace.blocks import Block, BlockError, Config, Context, Inputs, Output
from headrace.blocks.arrow import rows_to_batch


class PathConfig(Config):
    path: str


class ReadPath(Block[PathConfig]):
    """Reads a path of the user's."""

    def run(self, config: PathConfig, inputs: Inputs, ctx: Context) -> Output:
        return rows_to_batch([{"path": str(ctx.input_path(config.path))}])


class Everything(Block[Config]):
    """Uses every part of its context; its dataset tells what it saw."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        ctx.log.debug("one")
        ctx.log.info("two")
        ctx.log.warning("three")
        ctx.log.error("four")
        ctx.progress(5, 10)
        ctx.progress(3)
        ctx.memo.record({"new": {"value": [1, None, "x"]}})
        found = ctx.memo.lookup(["known", "new", "unknown"])
        with ctx.new_artifact("table.csv") as file:
            with io.TextIOWrapper(file, encoding="utf-8", newline="") as text:
                text.write("id\r\n1\r\n")
            file.rows = 1
        target = Path("/some/where.csv")
        before = ctx.written_by_headrace(target, "ab" * 32)
        ctx.record_written(target, "ab" * 32)
        after = ctx.written_by_headrace(target, "ab" * 32)
        refused = []
        for name in ("a/b", "output.arrow"):
            try:
                with ctx.new_artifact(name):
                    pass
            except BlockError as error:
                refused.append(error.message)
        return rows_to_batch(
            [
                {
                    "run_id": ctx.run_id,
                    "block": ctx.block,
                    "attempt": ctx.attempt,
                    "cancelled": ctx.cancelled,
                    "found": found,
                    "written": [before, after],
                    "refused": refused,
                    "input": str(ctx.input_path("in.csv")),
                    "output": str(ctx.output_path("out.csv")),
                }
            ]
        )
