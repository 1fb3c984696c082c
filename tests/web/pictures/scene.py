"""What the blocks of the pictures do: they talk like real ones, and wait to be let go."""

import time
from pathlib import Path

from headrace.blocks import Context


def work(folder: str, says: list[str], rows: int, gate: str, ctx: Context) -> list[dict[str, int]]:
    """Says its lines, is as far as `rows` of 4,812, and ends once the gate is open."""
    for line in says:
        ctx.log.info(line)
    ctx.progress(rows, 4_812)
    Path(folder, f"{ctx.run_id}.{ctx.block}.here").touch()
    while not Path(folder, gate).exists():
        ctx.raise_if_cancelled()
        time.sleep(0.01)
    return [{"rows": rows}]


def fail(folder: str, says: list[str], gate: str, why: str, ctx: Context) -> None:
    """The same, but for its end."""
    work(folder, says, 2_113, gate, ctx)
    ctx.log.warning("reviews-2026-05.csv, line 2114: 3 cells, not 2")
    raise ValueError(why)
