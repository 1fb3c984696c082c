"""JSON as Headrace keeps it: one canonical text, and so one digest, for every value.

Invariant: two values that mean the same have the same canonical text, whatever way they came in
(YAML, JSON, GraphQL). Keys are sorted, nothing is indented, and a float that is a whole number is
written as one (`1.0` as `1`), because a browser would have sent it so.
"""

import hashlib
import json
import math
from typing import Any, TypeAlias

JSONValue: TypeAlias = bool | int | float | str | list[Any] | dict[str, Any] | None
JSON = JSONValue

MIN_INTEGER, MAX_INTEGER = -(2**63), 2**63 - 1
# Whole floats from here on may stand for several integers, so they stay floats.
_EXACT = 2.0**53


def canonical_json(value: JSONValue) -> str:
    """The one text of a JSON value. Raises ValueError or TypeError for what is no JSON value."""
    try:
        return json.dumps(
            _canonical(value),
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
            allow_nan=False,
        )
    except RecursionError:
        raise ValueError("this value is nested too deep") from None


def digest(value: JSONValue) -> str:
    """SHA-256 of the canonical text, in lower-case hex."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def scalar_fault(value: object) -> str | None:
    """Why a value without children is none that JSON can carry everywhere, or None if it is fine.

    Integers are bounded to 64 bits, because databases and other languages cannot hold longer ones.
    """
    if isinstance(value, str):
        return _text_fault(value)
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int):
        if MIN_INTEGER <= value <= MAX_INTEGER:
            return None
        return "this integer needs more than 64 bits: write it as text, in quotes"
    if isinstance(value, float):
        return None if math.isfinite(value) else "a number is finite: no NaN and no infinity"
    return f"a {type(value).__name__} is no JSON value"


def show(value: object, limit: int = 60) -> str:
    """A value as JSON text for a message, cut to about `limit` characters."""
    if isinstance(value, str):
        text = json.dumps(value[: limit + 1], ensure_ascii=False)
    elif isinstance(value, dict):
        return "a mapping"
    elif isinstance(value, list | tuple):
        return "a list"
    elif value is None:
        return "nothing (null)"
    elif isinstance(value, bool | int | float):
        text = json.dumps(value)
    else:
        text = f"a {type(value).__name__}"
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _text_fault(text: str) -> str | None:
    if text.isascii() and "\0" not in text:
        return None
    if "\0" in text:
        return "text cannot hold the character NUL, because not every database can keep it"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "this text holds half of a surrogate pair, which is no character"
    return None


def _canonical(value: JSONValue) -> JSONValue:
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _EXACT else value
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("the keys of a JSON object are text")
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    return value
