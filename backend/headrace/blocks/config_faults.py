"""Everything that is wrong with a block's config, said for the person who wrote it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from headrace.blocks.config import Config
from headrace.domain.catalogue import ConfigFault
from headrace.domain.suggestions import nearest

_QUOTED = re.compile(r"'([^']*)'")
_HERE = ("missing", "extra_forbidden")
"""The kinds of error whose place ends with the key that is missing or too much."""


def config_faults(config_type: type[Config], config: Mapping[str, Any]) -> list[ConfigFault]:
    """Empty for a config that fits `config_type`; never raises."""
    try:
        config_type.model_validate(config)
    except ValidationError as error:
        return faults_of(error, config_type, config)
    except Exception as error:
        # A validator of a plugin's may raise anything.
        return [
            ConfigFault((), f"the config could not be checked: {type(error).__name__}: {error}")
        ]
    return []


def faults_of(
    error: ValidationError, config_type: type[Config], config: Mapping[str, Any]
) -> list[ConfigFault]:
    """The faults behind Pydantic's error."""
    details = error.errors(include_url=False)
    return [_fault(detail, config_type, config) for detail in details]


def _fault(detail: Any, config_type: type[Config], config: Mapping[str, Any]) -> ConfigFault:
    kind, place = detail["type"], detail["loc"]
    path = tuple(_path(place, config, keeps_last=kind in _HERE))
    if kind == "extra_forbidden":
        known = _known_keys(config_type, place)
        return ConfigFault(
            path, f"unknown key {place[-1]!r}", nearest(str(place[-1]), known), unknown_key=True
        )
    if kind == "missing":
        return ConfigFault(path, f"{path[-1] if path else 'a value'} is required")
    expected = _QUOTED.findall(str(detail.get("ctx", {}).get("expected", "")))
    given = detail.get("input")
    suggestion = nearest(given, expected) if isinstance(given, str) else None
    return ConfigFault(path, _lower(str(detail["msg"])), suggestion)


def _path(place: Sequence[Any], config: Any, *, keeps_last: bool) -> Iterator[str]:
    """The place as the author sees it: Pydantic names the branches of unions on the way too."""
    current = config
    for number, part in enumerate(place, start=1):
        try:
            current = current[part]
        except (KeyError, IndexError, TypeError):
            if not (keeps_last and number == len(place)):
                continue
        yield str(part)


def _known_keys(model: type[BaseModel], place: Sequence[Any]) -> list[str]:
    for part in place[:-1]:
        field = model.model_fields.get(part) if isinstance(part, str) else None
        if field is not None:
            inner = next(_models_in(field.annotation), None)
            if inner is None:
                return []
            model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
