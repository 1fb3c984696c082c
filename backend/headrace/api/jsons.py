"""JSON in and out of the sockets: strict where it reads, quick where it writes.

Whatever bytes come in, the answer is a value or a JsonFault, never another exception: no depth,
length of number, encoding or lone surrogate gets further than this module.
"""

import json
import math
from typing import Any, Final

import orjson

from headrace.domain.errors import HeadraceError

MAX_DEPTH: Final = 128


class JsonFault(HeadraceError):
    """The text is no JSON that we take; the message says why, for the client."""


def decode(text: bytes | str) -> Any:
    """The value of a JSON text. Raises JsonFault."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise JsonFault("it is not UTF-8") from error
    try:
        # The standard library, not orjson: that one turns integers beyond 64 bits into floats.
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise JsonFault(f"{error.msg} (line {error.lineno}, column {error.colno})") from error
    except RecursionError as error:
        raise JsonFault("it is nested too deeply") from error
    except ValueError as error:
        # An integer of more digits than sys.set_int_max_str_digits allows.
        raise JsonFault("a number has too many digits") from error
    _check_depth(text, value)
    _check_surrogates(text, value)
    return value


def encode(value: Any) -> bytes:
    """The JSON text of an answer, in UTF-8."""
    try:
        return orjson.dumps(value)
    except TypeError:
        # Integers beyond 64 bits and lone surrogates, which JSON has and orjson has not.
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def _refuse_constant(name: str) -> Any:
    raise JsonFault(f"{name} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise JsonFault(f"the number {digits:.30} is too large")
    return number


def _check_depth(text: str, value: Any) -> None:
    # Everything that walks a value later does so by recursion. Few brackets cannot nest deeply, so
    # that an ordinary request pays for two counts and no walk.
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise JsonFault(f"it is nested more than {MAX_DEPTH} deep")


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _check_surrogates(text: str, value: Any) -> None:
    # "\ud800" is JSON and makes a string that neither SQLite nor UTF-8 can hold.
    if "\\ud" not in text and "\\uD" not in text:
        return
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise JsonFault("it holds half of a surrogate pair") from error
