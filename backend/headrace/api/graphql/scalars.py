"""The scalars, and how values of the store become them without a conversion on the way.

Rows hold times as milliseconds and JSON as text; attributes of GraphQL types hold the same, and the
scalar writes them out when, and only when, a client asked for the field.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

DateTime = NewType("DateTime", int)
"""Milliseconds since the epoch."""
BigInt = NewType("BigInt", int)
Cursor = NewType("Cursor", str)
JSON = NewType("JSON", object)
"""A JSON value, or a JsonText that holds one."""


class JsonText(str):
    """JSON that is still text, as the database has it."""

    __slots__ = ()


_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - naive, so that what is added to it prints without an offset
_EPOCH_UTC: Final = datetime(1970, 1, 1, tzinfo=UTC)
_RFC_3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DECIMAL: Final = re.compile(r"-?\d{1,19}", re.ASCII)
_SAFE: Final = 2**53 - 1
_LARGEST: Final = 2**63 - 1


def optional_time(at: int | None) -> DateTime | None:
    """A time of the store that may be missing."""
    return None if at is None else DateTime(at)


def optional_big(number: int | None) -> BigInt | None:
    """A number of the store that may be missing."""
    return None if number is None else BigInt(number)


def write_time(at: int) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return (_EPOCH + timedelta(milliseconds=at)).isoformat(timespec="milliseconds") + "Z"


def read_time(value: Any) -> DateTime:
    """Milliseconds since the epoch, of an RFC 3339 date and time with its offset."""
    match = _RFC_3339.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise GraphQLError("DateTime is a date and time with its offset, as 2026-01-31T12:00:00Z")
    day, time, fraction, offset = match.groups()
    offset = "+00:00" if offset in "Zz" else offset
    try:
        found = datetime.fromisoformat(f"{day}T{time}{(fraction or '')[:7]}{offset}")
        return DateTime((found - _EPOCH_UTC) // timedelta(milliseconds=1))
    except (ValueError, OverflowError) as error:
        raise GraphQLError(f"DateTime {value!r} does not exist: {error}") from error


def write_big(number: int) -> int | str:
    """A JSON number where every client reads it exactly, else its decimal digits as text."""
    return number if -_SAFE <= number <= _SAFE else str(number)


def read_big(value: Any) -> BigInt:
    """A whole number of at most 64 bits, given as a number or as decimal digits."""
    digits = isinstance(value, str) and _DECIMAL.fullmatch(value)
    whole = isinstance(value, float) and value.is_integer() and abs(value) <= _SAFE
    number = int(value) if digits or whole else value
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) > _LARGEST:
        raise GraphQLError("BigInt is a whole number of at most 64 bits, or its digits as text")
    return BigInt(number)


def read_cursor(value: Any) -> Cursor:
    """The text of a cursor; whose it is, the list decides that it is given to."""
    if not isinstance(value, str):
        raise GraphQLError("Cursor is text")
    return Cursor(value)


def write_json(value: Any) -> Any:
    """The value, read from its text if it still is text."""
    return json.loads(value) if type(value) is JsonText else value


SCALARS: Final[dict[object, ScalarDefinition]] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="A moment: RFC 3339, in UTC, with milliseconds (2026-01-31T12:00:00.000Z). "
        "Any offset is understood where one is given.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=write_time,
        parse_value=read_time,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number of up to 64 bits: a JSON number within ±(2^53 − 1), which "
        "every client reads exactly, and beyond that its decimal digits as a string. Both forms "
        "are understood where one is given.",
        serialize=write_big,
        parse_value=read_big,
    ),
    Cursor: strawberry.scalar(
        name="Cursor",
        description="A place in one list, opaque. A cursor of another list is refused "
        "with BAD_CURSOR.",
        serialize=str,
        parse_value=read_cursor,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=write_json,
        parse_value=lambda value: value,
    ),
}
