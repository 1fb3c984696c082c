"""Identifiers: opaque, globally unique, prefixed by kind, and ordered by the time they were made.

An id is `<kind>_<26 characters>`: a ULID (48 bits of milliseconds, 80 random bits) in Crockford's
base 32, lower case. Ids of one process never go backwards, even within a millisecond: the random
part of the last id is incremented (the monotonic variant of https://github.com/ulid/spec).

The id of a block run is derived from its run and its position (`blk_<run>-<position>`), so that no
table needs a second key for it.
"""

import os
import threading
import time
from collections.abc import Callable
from typing import NewType

RunId = NewType("RunId", str)
PipelineId = NewType("PipelineId", str)
VersionId = NewType("VersionId", str)
ArtifactId = NewType("ArtifactId", str)
WorkerId = NewType("WorkerId", str)
ScheduleId = NewType("ScheduleId", str)

RUN, PIPELINE, VERSION, ARTIFACT, WORKER, BLOCK = "run", "pl", "pv", "art", "wk", "blk"
SCHEDULE = "sch"
TRIGGER, POISON = "trg", "psn"

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 26
_RANDOM_BITS = 80
_BODY = frozenset(_ALPHABET)


class IdFactory:
    """Makes ids; safe to call from several threads. `now` gives milliseconds since the epoch."""

    def __init__(self, now: Callable[[], int] | None = None) -> None:
        self._now = now or (lambda: time.time_ns() // 1_000_000)
        self._lock = threading.Lock()
        self._last = 0

    def make(self, kind: str) -> str:
        with self._lock:
            fresh = (self._now() << _RANDOM_BITS) | int.from_bytes(os.urandom(10), "big")
            # A clock that stands still or goes back must not reorder ids: count on from the last.
            self._last = fresh if fresh > self._last else self._last + 1
            return f"{kind}_{_encode(self._last)}"


def _encode(number: int) -> str:
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -5, -5))


_factory = IdFactory()
new_id = _factory.make


def kind_of(value: str) -> str | None:
    """The kind that an id claims to be (`run`, `pl`, …), or None when it is no id of ours."""
    kind, _, body = value.partition("_")
    if kind == BLOCK:
        return BLOCK if split_block_id(value) is not None else None
    known = kind in {RUN, PIPELINE, VERSION, ARTIFACT, WORKER, SCHEDULE, TRIGGER, POISON}
    return kind if known and len(body) == _LENGTH and _BODY.issuperset(body) else None


def block_id(run_id: str, position: int) -> str:
    """The id of the block run at `position` (from 0, in definition order) of a run."""
    return f"{BLOCK}_{run_id.removeprefix('run_')}-{position}"


def split_block_id(value: str) -> tuple[str, int] | None:
    """(run id, position) of a block run's id, or None when it is none."""
    body, dash, position = value.removeprefix(f"{BLOCK}_").partition("-")
    if not value.startswith(f"{BLOCK}_") or not dash or len(body) != _LENGTH:
        return None
    plain = position.isascii() and position.isdigit() and len(position) <= 6
    return (f"run_{body}", int(position)) if plain and _BODY.issuperset(body) else None
