"""What DuckDB says of a query, as a failure that its author can act on: what, and where in it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from headrace.blocks import BadInput, BlockError, Context, Permanent
from headrace_worker.blocks.duck import MEMORY_MB

_SAID = re.compile(r"(?:C Data interface error: )?(?:(\w[\w ]*) Error: )?(.*)", re.DOTALL)
_PLACE = re.compile(r"\n+LINE (\d+): (.*)\n( *)\^[\^ ]*$")
_OURS: Final = frozenset({"Fatal", "Internal", "IO"})
"""Not what the user wrote is at fault."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a user wrote: the config's key, its text, and the lines before it in the statement."""

    key: str
    text: str
    lines_before: int = 0

    def fault(self, message: str, offset: int | None = None) -> BadInput:
        """That something is wrong, at a character of the text where it is known which."""
        if offset is None:
            return BadInput(f"{self.key}: {message}", detail=self.text)
        before = self.text[:offset]
        line, column = before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
        marked = self.text.split("\n")
        marked.insert(line, " " * (column - 1) + "^")
        return BadInput(
            f"{self.key}, line {line}, column {column}: {message}", detail="\n".join(marked)
        )


@contextmanager
def understandable(
    ctx: Context, written: Written, hints: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Makes BlockErrors of DuckDB's errors, and of the plain ones that an Arrow reader makes of
    them; BlockCancelled where the run is cancelled.

    `hints` are sentences for messages that have certain words.
    """
    try:
        yield
    except BlockError:
        raise
    except Exception as error:
        # Whatever it is, an interrupted query is one of a cancelled run.
        ctx.raise_if_cancelled()
        raise _failure(str(error), written, hints or {}) from error


def _failure(said: str, written: Written, hints: Mapping[str, str]) -> BlockError:
    match = _SAID.fullmatch(said)
    kind, rest = (match[1], match[2]) if match else (None, said)
    if kind == "Out of Memory":
        return Permanent(
            f"{written.key}: it needs more than {MEMORY_MB} MB of memory even with what it may "
            "put on disk: sort, join or group fewer columns, or fewer rows.",
            detail=said,
        )
    if kind is None or kind in _OURS:
        return BlockError(f"{written.key}: {rest.strip()}")
    place = _PLACE.search(rest)
    message = (rest[: place.start()] if place else rest).strip()
    for words, hint in hints.items():
        if words in message:
            message = f"{message.splitlines()[0]} {hint}"
    message = " ".join(message.split("\n\n")[0].split())
    return written.fault(message, _offset(place, written) if place else None)


def _offset(place: re.Match[str], written: Written) -> int | None:
    """The character that DuckDB's arrow points at; it shows a part of a long line."""
    number, shown, space = int(place[1]), place[2], place[3]
    lines = written.text.split("\n")
    index = number - 1 - written.lines_before
    if index == len(lines):
        return len(written.text)  # the bracket that we put behind it
    if not 0 <= index < len(lines):
        return None
    cut = 3 if shown.startswith("...") else 0
    start = lines[index].find(shown[cut : len(shown) - (3 if shown.endswith("...") else 0)])
    if start < 0:
        return None
    column = _characters(shown[cut:], len(space) - len(f"LINE {number}: ") - cut)
    return sum(len(line) + 1 for line in lines[:index]) + start + column


def _characters(text: str, width: int) -> int:
    """How many characters are that wide on a screen: the arrow is placed by eye."""
    count = 0
    for character in text:
        width -= 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width < 0:
            break
        count += 1
    return count
