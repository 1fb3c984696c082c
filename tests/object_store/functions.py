"""What the PYTHON blocks of these tests call."""

import random
import resource
from collections.abc import Iterator

from headrace.blocks import Context
from tests.system.functions import hold


def lines(count: int) -> Iterator[dict[str, object]]:
    """Rows that do not pack well: 10,000 of them are about half a megabyte."""
    chance = random.Random(count)
    for number in range(count):
        yield {"n": number, "text": chance.randbytes(32).hex()}


def count_up(rows: Iterator[dict[str, object]], ctx: Context) -> list[dict[str, int]]:
    """How many rows came and what they add up to; an artifact says so too."""
    count = total = 0
    for row in rows:
        count, total = count + 1, total + int(str(row["n"]))
    with ctx.new_artifact("count.txt") as file:
        file.write(f"{count} {total}\n".encode())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return [{"count": count, "total": total, "peak_kib": peak}]


def much(folder: str, parts: int, ctx: Context) -> None:
    """Many parts of an artifact are on their way when it waits for `go`, and more come after."""
    chance = random.Random(parts)
    with ctx.new_artifact("much.bin") as file:
        for _ in range(parts):
            file.write(chance.randbytes(8 * 1024 * 1024))
        hold(folder, ctx)
        for _ in range(parts):
            file.write(chance.randbytes(8 * 1024 * 1024))
