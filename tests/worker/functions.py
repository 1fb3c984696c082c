"""What the PYTHON blocks of these tests call. Files in `folder` are the signals between test and
block.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from headrace.blocks import Context


def nothing() -> None:
    """Returns at once."""


def numbers(count: int) -> list[dict[str, int]]:
    return [{"n": n} for n in range(count)]


def double(rows: Any) -> Any:
    for row in rows:
        yield {"n": row["n"] * 2}


def hold(folder: str, ctx: Context) -> None:
    """Says that it runs (a file with its pid), then waits until the file `go` is there."""
    Path(folder, f"{ctx.block}.pid").write_text(str(os.getpid()))
    while not Path(folder, "go").exists():
        ctx.raise_if_cancelled()
        time.sleep(0.01)


def stubborn(folder: str, ctx: Context) -> None:
    """Ignores everything but SIGKILL."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(folder, f"{ctx.block}.pid").write_text(str(os.getpid()))
    while True:
        time.sleep(0.01)


def fail(message: str = "as asked") -> None:
    raise ValueError(message)


def fail_until(folder: str, attempts: int, ctx: Context) -> None:
    """Fails before attempt number `attempts`."""
    if ctx.attempt < attempts:
        raise ValueError(f"attempt {ctx.attempt} fails")


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def talk(lines: int, ctx: Context) -> None:
    """One line each way, then many."""
    print("to stdout")  # noqa: T201 # printing is what is tested
    print("to stderr", file=sys.stderr)  # noqa: T201 # likewise
    ctx.log.warning("to the log")
    subprocess.run([sys.executable, "-c", "print('from a grandchild')"], check=True)
    for number in range(lines):
        ctx.log.info(long_line(number))


def long_line(number: int) -> str:
    return f"line {number} {'x' * 100}"


def tell_progress(folder: str, ctx: Context) -> None:
    ctx.progress(3, 10)
    hold(folder, ctx)
    ctx.progress(10, 10)


def remember(folder: str, keys: int, ctx: Context) -> dict[str, int]:
    """Makes each key that is not remembered, and counts what it made."""
    names = [f"key-{n}" for n in range(keys)]
    known = ctx.memo.lookup(names)
    fresh = {name: 1 for name in names if name not in known}
    ctx.memo.record(fresh)
    return {"made": len(fresh)}
