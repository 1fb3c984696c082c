"""What the PYTHON blocks of these tests call. Files in `folder` are signals to and from tests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from headrace.blocks import Context


def nothing() -> None:
    """Returns at once."""


def numbers(count: int) -> list[dict[str, int]]:
    return [{"n": n} for n in range(count)]


def here(folder: str, ctx: Context) -> None:
    """Says that this attempt runs: a file with its process's id, whole as soon as it is there."""
    said = Path(folder, f"{ctx.run_id}.{ctx.block}.{ctx.attempt}.pid")
    written = said.with_suffix(".tmp")
    written.write_text(str(os.getpid()))
    written.rename(said)


def hold(folder: str, ctx: Context, gate: str = "go") -> list[dict[str, str]]:
    """Runs until the file `gate` is there."""
    here(folder, ctx)
    while not Path(folder, gate).exists():
        ctx.raise_if_cancelled()
        time.sleep(0.005)
    return [{"block": ctx.block}]


def tell_and_hold(folder: str, done: int, total: int, ctx: Context) -> None:
    ctx.progress(done, total)
    hold(folder, ctx)


def stubborn(folder: str, ctx: Context) -> None:
    """Ignores everything but SIGKILL, and so does a process that it starts."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    here(folder, ctx)
    while True:
        time.sleep(0.01)


def slow_rows(rows: Iterator[dict[str, int]], seconds: float, ctx: Context) -> Iterator[object]:
    """Its rows, one by one, and an artifact that tells them."""
    seen = []
    for row in rows:
        time.sleep(seconds)
        seen.append(row["n"])
        yield {"n": row["n"] + 1}
    with ctx.new_artifact("seen.txt", "text/plain") as file:
        file.write(f"{ctx.run_id} {ctx.block} {seen}".encode())


def add_up(rows: Iterator[dict[str, int]]) -> list[dict[str, int]]:
    return [{"sum": sum(row["n"] for row in rows)}]


def talk(folder: str, lines: int, pauses: int, ctx: Context) -> None:
    """So many lines in parts; after each part it waits for its gate: `gate-0`, `gate-1`, …"""
    for part in range(pauses):
        for number in range(lines // pauses):
            level = "warning" if number % 10 == 0 else "info"
            getattr(ctx.log, level)(f"{ctx.block} {part} {number}")
        while not Path(folder, f"gate-{part}").exists():
            ctx.raise_if_cancelled()
            time.sleep(0.005)


def say_and_make(lines: int, ctx: Context) -> list[dict[str, int]]:
    """Lines to the very end, a file, and rows."""
    with ctx.new_artifact("made.txt", "text/plain") as file:
        file.write(ctx.block.encode())
    for number in range(lines):
        line = f"line {number}"
        ctx.log.info(line)
    return [{"n": 1}]


def say_and_fail(lines: int, ctx: Context) -> None:
    for number in range(lines):
        line = f"line {number}"
        ctx.log.info(line)
    raise ValueError(f"Row {lines} has no column text")


def if_there(folder: str, gate: str) -> None:
    """Fails until the file is there."""
    if not Path(folder, gate).exists():
        raise ValueError(f"there is no {gate} yet")


def half_an_artifact(folder: str, ctx: Context) -> None:
    """Is caught, again and again, in the middle of writing an artifact."""
    with ctx.new_artifact("half.bin", "application/octet-stream") as file:
        file.write(b"x" * 1_000_000)
        file.flush()
        hold(folder, ctx)
