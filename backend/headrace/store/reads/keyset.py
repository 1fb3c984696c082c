"""Keyset paging: cursors, windows, and the statement that reads one page of an ordered list.

A cursor names the key of a row, never an offset, so a page stays right while rows come and go. Each
cursor says which list it belongs to; one of another list is refused, not misread. A page is read
with one row more than asked for, which tells whether there is more without counting.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam

from headrace.domain.errors import HeadraceError
from headrace.store.database import Snapshot
from headrace.store.statements import Row

DEFAULT_PAGE: Final = 50
MAX_PAGE: Final = 200
MAX_LONG_PAGE: Final = 1_000
"""The most rows of a page; the long one is for timelines and logs."""

_MAX_CURSOR: Final = 8_192  # a path may be in it

Key = str | int
AnySelect = Select[*tuple[Any, ...]]
"""A SELECT of whatever columns."""


class BadCursor(HeadraceError):
    """A cursor that was not made by the list it was given to."""


class BadWindow(HeadraceError):
    """Paging arguments that contradict each other or are out of range."""


def encode_cursor(scope: str, key: Key) -> str:
    """The cursor of the row with this key in the list `scope` (its kind, and its owner's id)."""
    return base64.urlsafe_b64encode(f"{scope}:{key}".encode()).decode("ascii").rstrip("=")


def decode_text(cursor: str, scope: str) -> str:
    """The key in a cursor of the list `scope`. Raises BadCursor."""
    if len(cursor) <= _MAX_CURSOR:
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            text = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        except (binascii.Error, UnicodeError):
            text = ""
        if text.startswith(f"{scope}:"):
            return text[len(scope) + 1 :]
    raise BadCursor("This cursor does not belong to this list")


def decode_number(cursor: str, scope: str) -> int:
    """As `decode_text`, for a list whose keys are numbers from 0. Raises BadCursor."""
    text = decode_text(cursor, scope)
    if text.isascii() and text.isdigit() and len(text) <= 15:
        return int(text)
    raise BadCursor("This cursor does not belong to this list")


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Which rows of an ordered list are wanted: `limit` of those strictly between two keys.

    `backward` takes them from the end; the rows of a page come in the list's order either way.
    """

    limit: int = DEFAULT_PAGE
    backward: bool = False
    after: Key | None = None
    before: Key | None = None


def window(
    *,
    scope: str,
    numeric: bool,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    most: int = MAX_PAGE,
) -> Window:
    """The window that paging arguments ask for in the list `scope`.

    Raises BadWindow (`first` and `last` together, or not in 1..most) and BadCursor.
    """
    if first is not None and last is not None:
        raise BadWindow("`first` and `last` cannot be given together")
    for name, asked in (("first", first), ("last", last)):
        if asked is not None and not 1 <= asked <= most:
            raise BadWindow(f"`{name}` must be from 1 to {most}, not {asked}")
    decode = decode_number if numeric else decode_text
    return Window(
        limit=first or last or DEFAULT_PAGE,
        backward=last is not None,
        after=None if after is None else decode(after, scope),
        before=None if before is None else decode(before, scope),
    )


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of database rows in the list's order, and whether the list goes on around it."""

    rows: Sequence[Row]
    has_next: bool
    has_previous: bool


class Keyset:
    """A list in the order of one unique key. Its statements are built once per shape of window."""

    def __init__(
        self, base: AnySelect, key: ColumnElement[Any], *, descending: bool = False
    ) -> None:
        self._base = base
        self._key = key
        self._descending = descending
        self._statements: dict[tuple[bool, bool, bool], AnySelect] = {}

    async def page(self, snapshot: Snapshot, wanted: Window, **params: Any) -> Rows:
        """The rows that `wanted` asks for; `params` are those of the list's own conditions."""
        bounds = {"after": wanted.after, "before": wanted.before}
        given = {f"page_{name}": key for name, key in bounds.items() if key is not None}
        statement = self._statement(
            wanted.after is not None, wanted.before is not None, wanted.backward
        )
        found = await snapshot.all(statement, page_limit=wanted.limit + 1, **given, **params)
        more = len(found) > wanted.limit
        rows = found[: wanted.limit]
        if wanted.backward:
            return Rows(rows[::-1], has_next=wanted.before is not None, has_previous=more)
        return Rows(rows, has_next=more, has_previous=wanted.after is not None)

    def _statement(self, after: bool, before: bool, backward: bool) -> AnySelect:
        shape = (after, before, backward)
        if shape not in self._statements:
            statement, key = self._base, self._key
            bound: BindParameter[Any]
            if after:
                bound = bindparam("page_after")
                statement = statement.where(key < bound if self._descending else key > bound)
            if before:
                bound = bindparam("page_before")
                statement = statement.where(key > bound if self._descending else key < bound)
            falling = self._descending is not backward
            statement = statement.order_by(key.desc() if falling else key.asc())
            self._statements[shape] = statement.limit(bindparam("page_limit"))
        return self._statements[shape]
