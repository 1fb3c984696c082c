"""Core statements, compiled once, run by the driver.

`Connection.execute(stmt)` looks up a cache key, and describes its result anew, at each call: in a
profile of the hot path that was two thirds of the time. A statement of ours is compiled once per
dialect, goes to the driver's cursor as text, and gives named tuples whose type is made once.
Columns hold numbers and text only, so no value needs a conversion on the way.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeAlias, cast

from sqlalchemy import ColumnElement, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.expression import ClauseElement

Row: TypeAlias = Any
"""A named tuple of the columns that its statement selects or returns."""


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
        self._row: Callable[[Iterable[Any]], Row] | None = None

    def text(self, dialect: Dialect) -> str:
        """The SQL for one database."""
        if self._dialect is not dialect:
            compiled = self._clause.compile(dialect=dialect)
            self._text = str(compiled)
            self._names = tuple(getattr(compiled, "positiontup", None) or ())
            self._constants = {k: v for k, v in compiled.params.items() if v is not None}
            self._row = None
            self._dialect = dialect
        return self._text

    def values(self, params: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values in the driver's order. A missing parameter is a KeyError: a bug of ours."""
        constants = self._constants
        return tuple([params[n] if n in params else constants[n] for n in self._names])

    def many(self, rows: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """The same for each of `rows`."""
        return [self.values(row) for row in rows]

    def row(self, description: Sequence[Sequence[Any]]) -> Callable[[Iterable[Any]], Row]:
        """Makes a named tuple of a driver's row."""
        if self._row is None:
            columns = [column[0] for column in description]
            made: Any = namedtuple("Row", columns)  # type: ignore[misc] # known at run time only
            self._row = made._make
        return cast(Callable[[Iterable[Any]], Row], self._row)
