"""How the command line speaks: tables and colours on a terminal, plain lines in a pipe.

stdout carries what was asked for and stderr everything else, so a pipe never holds a notice.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


@cache
def _console(*, stderr: bool) -> "Console":
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True, emoji=False)


def out() -> "Console":
    """The console for what was asked for."""
    return _console(stderr=False)


def err() -> "Console":
    """The console for notices and failures."""
    return _console(stderr=True)


def say(text: str, style: str | None = None) -> None:
    """A line on stdout, as it is: brackets in it are no markup."""
    out().print(text, style=style, markup=False)


def notice(text: str, style: str | None = "dim") -> None:
    """A line on stderr."""
    err().print(text, style=style, markup=False)


def failure(text: str) -> None:
    """What went wrong, on stderr."""
    notice(text, style="red")


def as_json(value: Any) -> None:
    """A JSON value on stdout, for scripts."""
    print(json.dumps(value, indent=2, ensure_ascii=False), flush=True)  # noqa: T201 # its output


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows under headers; in a pipe aligned by spaces and never cut."""
    listed = [tuple(row) for row in rows]
    if not sys.stdout.isatty():
        lines = [tuple(headers), *listed]
        widths = [max(len(line[column]) for line in lines) for column in range(len(headers))]
        for line in lines:
            padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            say("  ".join(padded).rstrip())
        return
    from rich.table import Table
    from rich.text import Text

    drawn = Table(*headers, box=None, header_style="dim", pad_edge=False)
    for row in listed:
        drawn.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    out().print(drawn)


STYLES = {
    "SUCCEEDED": "green",
    "FAILED": "red",
    "CANCELLED": "yellow",
    "CANCELLING": "yellow",
    "RUNNING": "cyan",
    "RETRYING": "magenta",
    "SKIPPED": "dim",
    "WAITING": "dim",
    "QUEUED": "dim",
    "ACTIVE": "green",
    "PAUSED": "yellow",
    "STREAM_RESET": "red",
}
