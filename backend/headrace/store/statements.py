"""Core statements, compiled once, run by the driver.

`Connection.execute(stmt)` looks up a cache key, and describes its result anew, at each call: in a
profile of the hot path that was two thirds of the time. A statement of ours is compiled once per
dialect, goes to the driver's cursor as text, and gives named tuples whose type is made once.
Columns hold numbers and text only, so no value needs a conversion on the way.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any, Final, TypeAlias, cast

from sqlalchemy import BindParameter, ColumnElement, Delete, Table, Update, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.sql.visitors import iterate, replacement_traverse

_KEPT: Final = 512
"""Compiled reads. Far fewer are written down, so a statement that is made anew each time can only
push out others of its kind."""
_LENGTHS_KEPT: Final = 64

Row: TypeAlias = Any
"""A named tuple of the columns that its statement selects or returns."""


def one_of(column: ColumnElement[Any], words: Iterable[StrEnum]) -> ColumnElement[bool]:
    """`column IN (…)` with the words in the text: a list of parameters cannot be compiled once.

    A single word is `column = word`: only by that does SQLite know the index that is of it alone.
    """
    written: list[ColumnElement[str]]
    written = [literal_column(f"'{word.value}'") for word in sorted(words)]
    return column.in_(written) if len(written) > 1 else column == written[0]


@dataclass(frozen=True, slots=True)
class _Expanded:
    """The text for lists of certain lengths, and where each of their values goes."""

    text: str
    names: tuple[str, ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]


UNLESS_THERE: Final = " ON CONFLICT DO NOTHING"
"""The ending of an INSERT that leaves a row of the same key as it is, on every database of ours."""


class Statement:
    """A Core statement with named bind parameters, ready for the driver; `ending` ends its text.

    `blind`: tables of which it does not mind to see rows that are about to be changed.
    """

    def __init__(
        self, clause: ClauseElement, ending: str = "", *, blind: Iterable[str] = ()
    ) -> None:
        self._clause = clause
        self._ending = ending
        self._blind = frozenset(blind)
        self._dialect: Dialect | None = None
        self._text = ""
        self._names: tuple[str, ...] = ()
        self._pick: Callable[[Mapping[str, Any]], tuple[Any, ...]] = _nothing
        self._constants: Mapping[str, Any] = {}
        self._row: Callable[[Iterable[Any]], Row] | None = None
        self._compiled: SQLCompiler | None = None
        self._lists: tuple[str, ...] = ()
        self._expanded: dict[tuple[int, ...], _Expanded] = {}
        self._tables: frozenset[str] | None = None

    @property
    def tables(self) -> frozenset[str]:
        """The names of all tables that it reads or writes, but those it is blind to."""
        if self._tables is None:
            found = (each.name for each in iterate(self._clause) if isinstance(each, Table))
            self._tables = frozenset(found) - self._blind
        return self._tables

    @property
    def changes(self) -> str | None:
        """The table of an UPDATE; None for any other statement."""
        return str(self._clause.table) if isinstance(self._clause, Update) else None

    @property
    def sets(self) -> frozenset[str]:
        """The parameters by which it is run."""
        return frozenset(self._names)

    @property
    def deletes(self) -> bool:
        return isinstance(self._clause, Delete)

    def text(self, dialect: Dialect) -> str:
        """The SQL for one database."""
        if self._dialect is not dialect:
            compiled = _with_constants_written_out(self._clause, dialect).compile(dialect=dialect)
            self._text = str(compiled) + self._ending
            self._names = tuple(getattr(compiled, "positiontup", None) or ())
            self._pick = _picker(self._names)
            self._constants = {k: v for k, v in compiled.params.items() if v is not None}
            self._row = None
            assert isinstance(compiled, SQLCompiler)
            self._compiled = compiled
            self._lists = tuple(
                name for bound, name in compiled.bind_names.items() if bound.expanding
            )
            self._expanded.clear()
            self._dialect = dialect
        return self._text

    def values(self, params: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values in the driver's order. A missing parameter is a KeyError: a bug of ours."""
        return self._pick({**self._constants, **params} if self._constants else params)

    def prepared(self, dialect: Dialect, params: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """The text and the values; `IN` lists may have any length, which the text depends on."""
        text = self.text(dialect)
        if not self._lists:
            return text, self.values(params)
        given = {**self._constants, **params}
        expanded = self._expand(given)
        for name, places in expanded.lists:
            given.update(zip(places, _flat(given[name]), strict=True))
        return expanded.text, tuple([given[name] for name in expanded.names])

    def _expand(self, params: Mapping[str, Any]) -> _Expanded:
        lengths = tuple([len(params[name]) for name in self._lists])
        if (known := self._expanded.get(lengths)) is not None:
            return known
        assert self._compiled is not None
        state = self._compiled.construct_expanded_state(dict(params))
        if len(self._expanded) >= _LENGTHS_KEPT:
            self._expanded.clear()
        made = _Expanded(
            state.statement,
            tuple(state.positiontup or ()),
            tuple((name, tuple(state.parameter_expansion[name])) for name in self._lists),
        )
        return self._expanded.setdefault(lengths, made)

    def many(self, rows: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """The same for each of `rows`."""
        return [self.values(row) for row in rows]

    def row(self, description: Sequence[Sequence[Any]]) -> Callable[[Iterable[Any]], Row]:
        """Makes a named tuple of a driver's row."""
        if self._row is None:
            columns = [column[0] for column in description]
            made: Any = namedtuple("Row", columns)  # type: ignore[misc] # known at run time only
            make: Callable[[Iterable[Any]], Row] = made._make
            self._row = make
        return self._row


def _with_constants_written_out(clause: ClauseElement, dialect: Dialect) -> ClauseElement:
    """The clause with each constant of its conditions as a literal.

    SQLite plans a statement anew, at every call, where a parameter is held against the condition of
    a partial index: that cost more than the statement. PostgreSQL proves such an index from a
    literal only.
    """

    def literal(element: Any, **_: Any) -> Any:
        if not isinstance(element, BindParameter) or element.required or element.expanding:
            return None
        write = element.type.literal_processor(dialect)
        return literal_column(write(element.effective_value)) if write else None

    return cast(ClauseElement, replacement_traverse(clause, {}, literal))


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Gives the values of these names, in their order; at the speed of C where there are some."""
    if len(names) > 1:
        return itemgetter(*names)
    return (lambda params: (params[names[0]],)) if names else _nothing


def _nothing(_: Mapping[str, Any]) -> tuple[Any, ...]:
    return ()


def _flat(values: Sequence[Any]) -> Iterable[Any]:
    """Those of a list of tuples one after the other, as its text has them."""
    if values and isinstance(values[0], tuple):
        return chain.from_iterable(values)
    return values


@lru_cache(maxsize=_KEPT)
def statement_of(clause: ClauseElement) -> Statement:
    """The Statement of a clause that is kept somewhere, compiled at its first use."""
    return Statement(clause)
