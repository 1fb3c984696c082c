"""What every read module does: columns that follow a row class, and dictionaries by id."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Table, bindparam, func

from headrace.store.reads.keyset import Key, Rows
from headrace.store.statements import Row

T = TypeVar("T")
U = TypeVar("U")
K = TypeVar("K")


def columns_of(row_class: type[Any], table: Table) -> list[ColumnElement[Any]]:
    """The table's columns in the order of a row class's fields, so that `row_class(*row)` fits."""
    return [table.c[name] for name in row_class.__match_args__]


def made(make: Callable[..., T], rows: Iterable[Row]) -> list[T]:
    """What `make` makes of the columns of each row."""
    return [make(*row) for row in rows]


def grouped(rows: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Rows by key, in the order they came; a key without rows gives an empty list."""
    groups: defaultdict[K, list[T]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: `keys` are those of `items`, for cursors."""

    items: list[T]
    keys: list[Key]
    has_next: bool = False
    has_previous: bool = False

    @classmethod
    def of(cls, rows: Rows, make: Callable[..., T], key: Callable[[T], Key]) -> "Page[T]":
        items = made(make, rows.rows)
        return cls(items, [key(item) for item in items], rows.has_next, rows.has_previous)

    def map(self, make: Callable[[T], U]) -> "Page[U]":
        """The same page of what `make` turns its items into."""
        items = [make(item) for item in self.items]
        return Page(items, self.keys, self.has_next, self.has_previous)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows a list has; an estimate where `exact` is false."""

    value: int
    exact: bool = True


def distinct(ids: Iterable[K]) -> Sequence[K]:
    """The ids without repeats, in the order they came."""
    return list(dict.fromkeys(ids))


def like_pattern(text: str) -> str:
    r"""The LIKE pattern, with `\` as its escape, of what contains a text."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def contains(column: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
    r"""That a column is LIKE the parameter `pattern`, letter case aside as the database sees it."""
    return func.lower(column).like(func.lower(bindparam(pattern, type_=column.type)), escape="\\")
