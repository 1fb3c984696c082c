"""Templates in a block's config: plain substitution of `{{ params.x }}`, and no expressions.

A value that is only a placeholder takes the param's value with its type; inside longer text the
value is written out (nothing for null, JSON for what is neither text nor null). What is put in is
not looked at again, so a param's value can hold no template. Keys are never templates, and other
text in double braces (a prompt's, say) is left alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from headrace.domain.json import JSONValue, canonical_json

# Loose on purpose: `{{ params.x | upper }}` is found, and told as a param that does not exist,
# rather than passed to a block as text. The parts do not overlap (the name is stripped later), so
# that a megabyte of blanks costs no more than a megabyte of letters.
_PLACEHOLDER = re.compile(r"\{\{\s*+params(?:\s*\.|\b)([^{}]*+)\}\}")


@dataclass(frozen=True)
class Placeholder:
    """One placeholder: the path of its text within the config, and the param it names."""

    path: tuple[str, ...]
    param: str
    text: str


def occurrences(value: JSONValue, path: tuple[str, ...] = ()) -> Iterator[Placeholder]:
    """Every placeholder in a value, in order."""
    if isinstance(value, str):
        if "{{" in value:
            for match in _PLACEHOLDER.finditer(value):
                yield Placeholder(path, match[1].strip(), match[0])
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from occurrences(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from occurrences(item, (*path, str(position)))


def placeholders(value: JSONValue) -> set[str]:
    """The names of all params that a value refers to."""
    return {found.param for found in occurrences(value)}


def substitute(
    config: Mapping[str, JSONValue], params: Mapping[str, JSONValue]
) -> dict[str, JSONValue]:
    """The config with the params put in; a placeholder of a param that is not given stays."""
    return {key: _filled(value, params) for key, value in config.items()}


def _filled(value: JSONValue, params: Mapping[str, JSONValue]) -> JSONValue:
    if isinstance(value, str):
        return _text(value, params) if "{{" in value else value
    if isinstance(value, dict):
        return {key: _filled(item, params) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, params) for item in value]
    return value


def _text(text: str, params: Mapping[str, JSONValue]) -> JSONValue:
    alone = _PLACEHOLDER.fullmatch(text)
    if alone and alone[1].strip() in params:
        return params[alone[1].strip()]
    return _PLACEHOLDER.sub(lambda match: _written(match, params), text)


def _written(match: re.Match[str], params: Mapping[str, JSONValue]) -> str:
    if match[1].strip() not in params:
        return match[0]
    value = params[match[1].strip()]
    if value is None:
        return ""
    return value if isinstance(value, str) else canonical_json(value)
