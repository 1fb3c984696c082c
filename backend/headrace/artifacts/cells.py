"""Arrow cells as text or as JSON, for people: CSV files and previews.

Invariant: nothing is rounded away. What JSON or Python would cut short (nanoseconds, decimals,
integers beyond 2^53, NaN) comes as text.
"""

import base64
import json
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from headrace.domain.json import JSONValue

if TYPE_CHECKING:
    from arro3.core import Array, DataType

_NUMBERS = re.compile(r"u?int\d|float|bool")
_EXACT_IN_PYTHON = re.compile(
    rf"{_NUMBERS.pattern}|string|\w*binary|\w*list|struct|map|union", re.IGNORECASE
)
_SAFE_INTEGERS = range(-(2**53) + 1, 2**53)


def texts(column: "Array") -> list[str | None]:
    """Each cell as text, None for null: ISO 8601 for times, `true` and `false`, JSON for nested
    values, base64 for bytes.
    """
    kind = type_name(column.type)
    if kind == "string":
        return [None if value is None else str(value) for value in column.to_pylist()]
    if _EXACT_IN_PYTHON.match(kind) and not _NUMBERS.match(kind):
        return [_text(value) for value in values(column)]
    return [None if value is None else str(value) for value in _cast(column).to_pylist()]


def values(column: "Array") -> list[JSONValue]:
    """Each cell as JSON: what JSON has no exact word for comes as text, as in `texts`."""
    if _EXACT_IN_PYTHON.match(type_name(column.type)):
        return [_safe(value) for value in column.to_pylist()]
    return list(texts(column))


def type_name(kind: "DataType") -> str:
    """An Arrow type as people read it: `string`, `int64`, `timestamp(µs, UTC)`, `list(int64)`."""
    text = repr(kind).strip().removeprefix("arro3.core.DataType<").removesuffix(">")
    for arrow, plain in _PLAIN_NAMES:
        text = text.replace(arrow, plain)
    return text[:1].lower() + text[1:]


_PLAIN_NAMES = (
    ('"', ""),
    ("LargeUtf8", "string"),
    ("Utf8View", "string"),
    ("Utf8", "string"),
    ("Boolean", "bool"),
    ("UInt", "uint"),
    ("Int", "int"),
    ("Float", "float"),
    ("Timestamp", "timestamp"),
)


def _cast(column: "Array") -> "Array":
    from arro3.core import Array, DataType

    try:
        return column.cast(DataType.string())
    except Exception:
        # arro3 has no class of its own for a type that it does not cast.
        plain = [None if value is None else str(value) for value in column.to_pylist()]
        return Array(plain, type=DataType.string())


def _text(value: JSONValue) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _safe(value: Any) -> JSONValue:
    if isinstance(value, Mapping):
        return {str(key): _safe(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_safe(one) for one in value]
    exact = (
        value is None
        or isinstance(value, bool | str)
        or (isinstance(value, int) and value in _SAFE_INTEGERS)
        or (isinstance(value, float) and math.isfinite(value))
    )
    return value if exact else _spelled(value)


def _spelled(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat() if callable(isoformat) else value)
