"""What values a param takes: its type, its choices, its bounds.

Text is taken for numbers and booleans too, as a command line gives it; nothing else is converted
but a whole float for an integer, as a browser may send it. Null counts as not given and never
comes here.
"""

import json
import re
from datetime import datetime

from headrace.domain.definition import Param, ParamType
from headrace.domain.errors import HeadraceError
from headrace.domain.json import JSONValue, canonical_json, show

_INTEGER = re.compile(r"[-+]?[0-9]{1,19}")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]++|[0-9]++(?:\.[0-9]*+)?)(?:[eE][-+]?[0-9]++)?")
_DATETIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}
_SHOULD = {
    ParamType.STRING: "text",
    ParamType.PATH: "a path, as text",
    ParamType.INTEGER: "a whole number",
    ParamType.NUMBER: "a number",
    ParamType.BOOLEAN: "true or false",
    ParamType.DATETIME: "a date and time with its offset, such as 2024-01-31T12:00:00Z",
    ParamType.JSON: "JSON",
}


class BadParam(HeadraceError):
    """A value that a param does not take; its text says what it should be."""


def accept(param: Param, value: JSONValue) -> JSONValue:
    """The value as a run gets it. Raises BadParam."""
    typed = of_type(param.type, value)
    if param.choices is not None:
        wanted = canonical_json(typed)
        if all(canonical_json(choice) != wanted for choice in param.choices):
            offered = ", ".join(show(choice) for choice in param.choices[:20])
            raise BadParam(f"should be one of {offered}, but is {show(typed)}")
    if isinstance(typed, int | float):
        if param.minimum is not None and typed < param.minimum:
            raise BadParam(f"should be at least {param.minimum:g}, but is {show(typed)}")
        if param.maximum is not None and typed > param.maximum:
            raise BadParam(f"should be at most {param.maximum:g}, but is {show(typed)}")
    return typed


def parse_text(param: Param, text: str) -> JSONValue:
    """The value that a text from a command line means for a param; the text itself if it is none.

    `params.bind` then tells what is wrong with it, together with everything else. Of a JSON param
    what is no JSON is text, so that quotes need no quoting.
    """
    try:
        return json.loads(text) if param.type is ParamType.JSON else of_type(param.type, text)
    except (ValueError, RecursionError, BadParam):
        return text


def of_type(type_: ParamType, value: JSONValue) -> JSONValue:
    """The value as its type has it. Raises BadParam."""
    taken = _taken(type_, value)
    if taken is None and type_ is not ParamType.JSON:
        raise BadParam(f"should be {_SHOULD[type_]}, but is {show(value)}")
    return taken


def _taken(type_: ParamType, value: JSONValue) -> JSONValue:
    """The value, or None when it is not of the type."""
    if type_ is ParamType.JSON:
        return value
    if type_ in {ParamType.STRING, ParamType.PATH}:
        return value if isinstance(value, str) else None
    if type_ is ParamType.DATETIME:
        return value if isinstance(value, str) and is_datetime(value) else None
    if type_ is ParamType.BOOLEAN:
        return _boolean(value)
    return _numeric(type_, value)


def _boolean(value: JSONValue) -> bool | None:
    if isinstance(value, str):
        return _BOOLEANS.get(value.strip().casefold())
    return value if isinstance(value, bool) else None


def _numeric(type_: ParamType, value: JSONValue) -> JSONValue:
    if isinstance(value, str):
        value = _number_of(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if type_ is ParamType.INTEGER and isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else None
    return value


def _number_of(text: str) -> int | float | None:
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text) if _NUMBER.fullmatch(text) else None
    return None if number is None or number in (float("inf"), -float("inf")) else number


def is_datetime(text: str) -> bool:
    """Whether a text is an RFC 3339 date and time: complete, with an offset, and a real one."""
    match = _DATETIME.fullmatch(text)
    if match is None:
        return False
    try:
        datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3].upper().replace('Z', '+00:00')}")
    except ValueError:
        return False
    return True
