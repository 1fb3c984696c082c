"""Which plain YAML words are not text: YAML 1.2's core schema, and nothing of YAML 1.1's surprises.

`null ~ true false 12 0o14 0xC 1.5 1e3` (and an empty value) mean what JSON has; `yes`, `no`, `on`,
`off`, `2024-01-01`, `12:30` and `1_000` are text. A whole number with leading zeros is refused,
because one half of its readers would take it for text and the other for a number.
Writing asks `is_ambiguous`, so that what we write means the same to YAML 1.1 and 1.2 alike.
"""

import re

from headrace.domain.json import JSONValue, scalar_fault
from headrace.domain.nodes import Fault
from headrace.domain.problems import ProblemCode

_WORDS: dict[str, JSONValue] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]++")
_OTHER_BASE = re.compile(r"0o[0-7]++|0x[0-9a-fA-F]++")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]++|[0-9]++(?:\.[0-9]*+)?)(?:[eE][-+]?[0-9]++)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]++")
_LONGEST_INTEGER = 20

# Words that one version of YAML or the other does not read as text.
_AMBIGUOUS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n", ""})


def resolve(text: str) -> tuple[JSONValue, Fault | None]:
    """What a plain scalar means, and why it cannot be read if so (the value is None then)."""
    if text in _WORDS:
        return _WORDS[text], None
    return _number(text) if text[0] in "+-.0123456789" else _checked(text)


def _number(text: str) -> tuple[JSONValue, Fault | None]:
    if _NOT_FINITE.fullmatch(text):
        return None, _wrong_type(f"{text} is not finite: write a number, or quote it as text")
    if _LEADING_ZERO.fullmatch(text):
        return None, _wrong_type(
            f"{text[:40]} begins with a zero: put it in quotes if it is text, else drop the zero"
        )
    if _INTEGER.fullmatch(text):
        return _integer(text, 10)
    if _OTHER_BASE.fullmatch(text):
        return _integer(text, 8 if text[1] == "o" else 16)
    return _checked(float(text) if _FLOAT.fullmatch(text) else text)


def checked_text(text: str) -> tuple[JSONValue, Fault | None]:
    """Quoted text, or why it cannot be kept."""
    return _checked(text)


def is_ambiguous(text: str) -> bool:
    """Whether some YAML reader would take this plain word for something other than text."""
    return text.casefold() in _AMBIGUOUS or text[0] in "~+-.0123456789=<"


def _integer(text: str, base: int) -> tuple[JSONValue, Fault | None]:
    # Python refuses to convert very long texts; anything this long is over 64 bits anyway.
    number = int(text, base) if len(text) <= (_LONGEST_INTEGER if base != 8 else 24) else 2**64
    return _checked(number)


def _checked(value: JSONValue) -> tuple[JSONValue, Fault | None]:
    fault = scalar_fault(value)
    return (value, None) if fault is None else (None, _wrong_type(fault))


def _wrong_type(message: str) -> Fault:
    return ProblemCode.WRONG_TYPE, message
