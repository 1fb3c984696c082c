"""Where the problems of one document are collected.

Invariant: problems come out in the order of the document, and a value whose problem is told
already (it could not be read) raises no second one.
"""

from headrace.domain.nodes import Path, Positions
from headrace.domain.problems import Problem, ProblemCode


class Notes:
    """The problems found so far, with the places where they stand."""

    def __init__(
        self,
        positions: Positions,
        problems: tuple[Problem, ...] = (),
        broken: frozenset[Path] = frozenset(),
    ) -> None:
        self._positions = positions
        self._broken = broken
        self._found = [(self._place(told), told) for told in problems]

    def add(
        self,
        code: ProblemCode,
        message: str,
        path: Path,
        *,
        at_key: bool = False,
        blocks: tuple[str, ...] = (),
        suggestion: str | None = None,
    ) -> None:
        """Notes one problem; `at_key` points at the key that leads to the value, not at it."""
        if self._broken and any(path[:end] in self._broken for end in range(len(path) + 1)):
            return
        line, column = self._positions.of(path, key=at_key)
        problem = Problem(
            code=code,
            message=message,
            path=path,
            line=line,
            column=column,
            blocks=blocks,
            suggestion=suggestion,
        )
        self._found.append((self._positions.order(path, key=at_key), problem))

    def _place(self, told: Problem) -> tuple[int, int]:
        if told.line is not None and told.column is not None:
            return told.line, told.column
        return self._positions.order(told.path)

    def __bool__(self) -> bool:
        return bool(self._found)

    def in_order(self) -> tuple[Problem, ...]:
        """All problems in the order of the document; those of one place as they were found."""
        return tuple(problem for _, problem in sorted(self._found, key=lambda found: found[0]))
