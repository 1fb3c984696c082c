"""The problems of a definition or of params, as lines that an editor can jump to."""

from collections.abc import Iterable, Mapping
from typing import Any

from headrace.cli.console import failure, notice


def show_problems(problems: Iterable[Mapping[str, Any]], source: str = "") -> None:
    """Every problem on stderr, `FILE:LINE:COLUMN: CODE message`, and what is suggested below."""
    for problem in problems:
        failure(f"{_place(problem, source)}{problem['code']} {problem['message']}")
        suggestion = problem["suggestion"]
        if suggestion and suggestion not in problem["message"]:
            notice(f"    → {suggestion}")


def _place(problem: Mapping[str, Any], source: str) -> str:
    if problem["line"] is not None:
        return f"{source or 'line '}{':' if source else ''}{problem['line']}:{problem['column']}: "
    path = ".".join(problem["path"])
    return "".join(f"{part}: " for part in (source, path) if part)
