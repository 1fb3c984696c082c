"""A document as YAML that people like to read, and that means the same to every YAML reader.

Invariant: what is written here reads back as the same value in YAML 1.1 and 1.2 alike. Text is
plain only where no reader could take it for anything else; several lines become a literal block
where that keeps every character; all other text is in double quotes with escapes.
"""

import json
import re
from collections.abc import Iterator

from headrace.domain.json import JSONValue
from headrace.domain.yaml_scalars import is_ambiguous

_PLAIN = re.compile(r"(?:[^\W\d]|[/]|\.{1,2}/)(?:[\w./@%+=(),;!' -]|:(?=[\w/.@]))*+(?<! )")
_LITERAL_LINE = re.compile("[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*+")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
# A key that is longer has to be announced with `? `.
_LONGEST_KEY = 120


def write_yaml(document: dict[str, JSONValue]) -> str:
    """The YAML text of a document; ends with a line break."""
    return "\n".join(_mapping(document, 0)) + "\n" if document else "{}\n"


def _mapping(value: dict[str, JSONValue], indent: int) -> Iterator[str]:
    pad = " " * indent
    for key, item in value.items():
        written = _text(key)
        if len(written) > _LONGEST_KEY:
            yield f"{pad}? {written}"
            written = ""
        yield from _entry(f"{pad}{written}:", item, indent + 2)


def _sequence(value: list[JSONValue], indent: int) -> Iterator[str]:
    pad = " " * indent
    for item in value:
        if isinstance(item, dict | list) and item:
            lines = _collection(item, indent + 2)
            yield f"{pad}- {next(lines)[indent + 2 :]}"
            yield from lines
        else:
            yield from _entry(f"{pad}-", item, indent + 2)


def _collection(value: dict[str, JSONValue] | list[JSONValue], indent: int) -> Iterator[str]:
    return _mapping(value, indent) if isinstance(value, dict) else _sequence(value, indent)


def _entry(start: str, value: JSONValue, indent: int) -> Iterator[str]:
    if isinstance(value, dict | list):
        if value:
            yield start
            yield from _collection(value, indent)
        else:
            yield f"{start} {'{}' if isinstance(value, dict) else '[]'}"
    elif isinstance(value, str) and _is_block(value):
        yield f"{start} {'|' if value.endswith(chr(10)) else '|-'}"
        pad = " " * indent
        for line in value.removesuffix("\n").split("\n"):
            yield f"{pad}{line}" if line else ""
    else:
        yield f"{start} {_scalar(value)}"


def _scalar(value: JSONValue) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        written = json.dumps(value, allow_nan=False)
        # YAML 1.1 knows a float with an exponent only by its dot.
        return written if "." in written else written.replace("e", ".0e")
    return json.dumps(value)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and not is_ambiguous(text.strip()):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _is_block(text: str) -> bool:
    """Whether a literal block keeps this text to the character."""
    if "\n" not in text.removesuffix("\n") or text[0] in " \n" or text.endswith("\n\n"):
        return False
    lines = text.removesuffix("\n").split("\n")
    return all(_LITERAL_LINE.fullmatch(line) and line == line.rstrip() for line in lines)
