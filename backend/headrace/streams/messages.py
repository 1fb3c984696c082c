"""Messages of a topic, and places between them.

A place is, for each partition, the offset of the next message: whoever reads from there misses
nothing and sees nothing twice. A topic is more than its name: one that was deleted and made again
has another id, and its offsets start anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Places: TypeAlias = dict[int, int]
"""The next offset by partition."""

NO_JSON: Final = object()


@dataclass(frozen=True)
class Topic:
    """What a topic is by now. `id` is "" where the brokers give topics no ids."""

    name: str
    cluster: str
    id: str
    partitions: tuple[int, ...]

    def is_same(self, other: "Topic") -> bool:
        """Whether both are one topic, not just of one name."""
        return (self.name, self.cluster, self.id) == (other.name, other.cluster, other.id)


@dataclass(frozen=True)
class Message:
    """One message. `timestamp` is in ms since the epoch, None where it has none."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp: int | None = None

    @property
    def text(self) -> str | None:
        """What it says, or None where that is no text."""
        return as_text(self.value)

    def json(self) -> Any:
        """What it says, or NO_JSON."""
        text = self.text
        if text is None:
            return NO_JSON
        try:
            return json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            return NO_JSON


@dataclass(frozen=True)
class Published:
    """Where a message went."""

    partition: int
    offset: int


def as_text(data: bytes | None) -> str | None:
    """Bytes as UTF-8, or None where they are none."""
    if data is None:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def places_to_text(places: Mapping[int, int]) -> str:
    """A short text: `0=5,1=7`."""
    return ",".join(f"{partition}={offset}" for partition, offset in sorted(places.items()))


def places_from_text(text: str) -> Places:
    """What `places_to_text` wrote. Raises ValueError."""
    places = {}
    for part in text.split(",") if text else ():
        partition, equals, offset = part.partition("=")
        if not equals or not all(_is_number(each) for each in (partition, offset)):
            raise ValueError(f"{part!r} is no place")
        places[int(partition)] = int(offset)
    return places


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")
