"""Triggers: messages of a topic that start runs, one each. Where the params of a run come from.

A source is a short text: `value` is all that the message says, `/a/b` a part of it (a JSON pointer,
RFC 6901), `key` its key, `header:NAME` a header, `topic`, `partition`, `offset` and `timestamp`
where it stands. A part that is not there counts as not given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from headrace.domain.errors import HeadraceError

HEADER: Final = "header:"
PLACES: Final = ("key", "offset", "partition", "timestamp", "topic", "value")
MOST_PARAMS: Final = 200
_ABSENT: Final = object()


class TriggerStatus(StrEnum):
    ACTIVE = "ACTIVE"  # it reads its topic
    PAUSED = "PAUSED"  # somebody said so
    STREAM_RESET = "STREAM_RESET"  # its topic is another one by now, or lost what was read of it


class TriggerStart(StrEnum):
    EARLIEST = "EARLIEST"
    LATEST = "LATEST"


class BadSource(HeadraceError):
    """A text that says no place in a message."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a message has to give: `value` is its JSON, text that is none counts as absent."""

    value: Any
    key: str | None
    headers: Mapping[str, str]
    topic: str
    partition: int
    offset: int
    timestamp: str | None


def check_source(source: str) -> None:
    """Raises BadSource."""
    if source.startswith("/"):
        _steps(source)
    elif source in PLACES or (source.startswith(HEADER) and len(source) > len(HEADER)):
        return
    else:
        raise BadSource(
            f"{source!r} is no place in a message: use {', '.join(PLACES)}, header:NAME or a JSON"
            " pointer such as /order/id"
        )


def params_of(sources: Mapping[str, str], given: Given) -> dict[str, Any]:
    """The params that a message gives, by the names that `sources` has; absent ones are left out.

    Raises BadSource for a source that `check_source` refuses.
    """
    found = {name: _picked(source, given) for name, source in sources.items()}
    return {name: value for name, value in found.items() if value is not _ABSENT}


def _picked(source: str, given: Given) -> Any:
    if source.startswith("/"):
        return _pointed(given.value, source)
    if source.startswith(HEADER):
        return given.headers.get(source.removeprefix(HEADER), _ABSENT)
    check_source(source)
    found = getattr(given, source)
    return _ABSENT if found is None and source != "value" else found


def _pointed(value: Any, pointer: str) -> Any:
    for step in _steps(pointer):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and _is_index(step) and int(step) < len(value):
            value = value[int(step)]
        else:
            return _ABSENT
    return value


def _steps(pointer: str) -> list[str]:
    steps = pointer.split("/")[1:]
    if any("~" in step.replace("~0", "").replace("~1", "") for step in steps):
        raise BadSource(f"{pointer!r} is no JSON pointer: ~ is written ~0 there, and / is ~1")
    return [step.replace("~1", "/").replace("~0", "~") for step in steps]


def _is_index(step: str) -> bool:
    return step.isascii() and step.isdigit() and len(step) <= 9 and (step == "0" or step[0] != "0")
