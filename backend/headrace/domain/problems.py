"""What can be wrong with a pipeline's document, a run's params or a schedule, and how it is said.

Invariant: a message says what is wrong, where, and what to do; a code is stable, for programs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from headrace.domain.suggestions import nearest, nearest_many

__all__ = ["Problem", "ProblemCode", "nearest", "nearest_many", "spell"]


class ProblemCode(StrEnum):
    YAML_SYNTAX = "YAML_SYNTAX"
    JSON_SYNTAX = "JSON_SYNTAX"
    TOO_LARGE = "TOO_LARGE"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    MISSING_KEY = "MISSING_KEY"
    WRONG_TYPE = "WRONG_TYPE"  # or a value out of its range
    INVALID_NAME = "INVALID_NAME"
    DUPLICATE_BLOCK = "DUPLICATE_BLOCK"
    UNKNOWN_BLOCK_TYPE = "UNKNOWN_BLOCK_TYPE"
    INVALID_CONFIG = "INVALID_CONFIG"
    UNKNOWN_BLOCK = "UNKNOWN_BLOCK"  # an edge's end
    DUPLICATE_EDGE = "DUPLICATE_EDGE"  # or two inputs of one block under one name
    CYCLE = "CYCLE"
    INPUT_COUNT = "INPUT_COUNT"
    UNKNOWN_PARAM = "UNKNOWN_PARAM"
    MISSING_PARAM = "MISSING_PARAM"
    INVALID_PARAM = "INVALID_PARAM"
    PYTHON_NOT_ALLOWED = "PYTHON_NOT_ALLOWED"
    INVALID_CRON = "INVALID_CRON"
    UNKNOWN_TIME_ZONE = "UNKNOWN_TIME_ZONE"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong.

    `path` leads to it through the document: keys, and positions in lists as digits from 0.
    `line` and `column` count from 1 in characters, and are None when there is no text.
    `blocks` are the blocks concerned; of a CYCLE, its blocks in order.
    `suggestion` is what should stand there instead, or, of a syntax error, what to do in short.
    """

    code: ProblemCode
    message: str
    path: tuple[str, ...] = ()
    line: int | None = None
    column: int | None = None
    blocks: tuple[str, ...] = ()
    suggestion: str | None = None


def spell(path: Iterable[str]) -> str:
    """A path as people write it: `blocks[0].config.input_path`."""
    spelled = ""
    for step in path:
        spelled += f"[{step}]" if step.isdecimal() else f".{step[:60]}"
    return spelled.removeprefix(".")
