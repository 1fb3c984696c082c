"""What the PYTHON blocks of these tests call on each partition. Files in `folder` are signals."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from headrace.blocks import Context, Permanent

Rows = Iterator[dict[str, Any]]


def numbers(count: int) -> list[dict[str, int]]:
    return [{"n": n} for n in range(count)]


def double(rows: Any) -> Rows:
    for row in rows:
        yield {"n": row["n"] * 2}


def noted(rows: Any, folder: str, ctx: Context) -> Rows:
    """Doubles; appends a line `first-row` to the file `calls`, and makes an artifact."""
    rows = list(rows)
    _note(folder, rows)
    said = f"from {rows[0]['n']}"
    ctx.log.info(said)
    with ctx.new_artifact("first.txt", rows=1) as file:
        file.write(str(rows[0]["n"]).encode())
    yield from double(rows)


def crash_once(rows: Any, folder: str, at: int) -> Rows:
    """As `noted`, but the partition with row `at` kills its process the first time."""
    rows = list(rows)
    _note(folder, rows)
    crashed = Path(folder, "crashed")
    if any(row["n"] == at for row in rows) and not crashed.exists():
        crashed.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    yield from double(rows)


def refuse(rows: Any, folder: str, at: int) -> Rows:
    """Fails for good in the partition with row `at`."""
    rows = list(rows)
    _note(folder, rows)
    if any(row["n"] == at for row in rows):
        raise Permanent("not this one")
    yield from double(rows)


def hold_from(rows: Any, folder: str, at: int, ctx: Context) -> Rows:
    """Partitions from row `at` on wait for the file `go`; a file `held-N` says that they do."""
    rows = list(rows)
    first = rows[0]["n"]
    _note(folder, rows)
    if first >= at:
        Path(folder, f"held-{first}").write_text(str(os.getpid()))
        while not Path(folder, "go").exists():
            ctx.raise_if_cancelled()
            time.sleep(0.01)
    yield from double(rows)


def stubborn(rows: Any, folder: str) -> Rows:
    """Ignores everything but SIGKILL."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(folder, f"held-{next(iter(rows))['n']}").write_text(str(os.getpid()))
    while not Path(folder, "never").exists():
        time.sleep(0.01)
    yield {}


def evens(rows: Any) -> Rows:
    """Some partitions give nothing, with other columns than those of the rest."""
    for row in rows:
        if row["n"] < 5:
            yield {"even": row["n"] * 2}


def other_columns(rows: Any) -> Rows:
    for row in rows:
        yield {"big": row["n"]} if row["n"] >= 5 else {"small": row["n"]}


def _note(folder: str, rows: list[dict[str, Any]]) -> None:
    # One write of an O_APPEND file is whole, whoever writes at the same time.
    with Path(folder, "calls").open("a") as file:
        file.write(f"{rows[0]['n']}\n")
