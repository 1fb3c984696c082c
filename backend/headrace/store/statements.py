"""Core statements, compiled once.

`Connection.execute(stmt)` looks up a cache key per call; a statement of the hot path is compiled
once per dialect instead and goes to the driver as text (measured: twice the transitions a second).
Columns hold numbers and text only, so no value needs a conversion on the way.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.expression import ClauseElement


def one_of(column: ColumnElement[Any], words: Iterable[StrEnum]) -> ColumnElement[bool]:
    """`column IN (…)` with the words in the text: a list of parameters cannot be compiled once."""
    return column.in_([literal_column(f"'{word.value}'") for word in sorted(words)])


class Statement:
    """A Core statement with named bind parameters, ready for the driver."""

    def __init__(self, clause: ClauseElement) -> None:
        self._clause = clause
        self._dialect: Dialect | None = None
        self._text = ""
        self._names: tuple[str, ...] = ()
        self._constants: Mapping[str, Any] = {}

    def text(self, dialect: Dialect) -> str:
        if self._dialect is not dialect:
            compiled = self._clause.compile(dialect=dialect)
            self._text = str(compiled)
            self._names = tuple(getattr(compiled, "positiontup", None) or ())
            self._constants = {k: v for k, v in compiled.params.items() if v is not None}
            self._dialect = dialect
        return self._text

    def values(self, params: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values in the driver's order. A missing parameter is a KeyError: a bug of ours."""
        constants = self._constants
        return tuple(params[name] if name in params else constants[name] for name in self._names)

    def many(self, rows: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        return [self.values(row) for row in rows]
