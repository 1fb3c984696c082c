"""Why a block or a run does not move, in words and for programs.

Invariant: whoever waits is told what for. Only two have no reason: a block that a worker is about
to take up, and a run that moves in one of its blocks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

MOST_RUNS = 5
"""At most so many runs are named as those that are waited for."""
_MOST_NAMES = 5

BlockKey = tuple[str, int]
"""(run id, position)"""


class WaitingCode(StrEnum):
    """What is waited for."""

    UPSTREAM = "UPSTREAM"  # blocks that come before it
    RETRY = "RETRY"  # the time of its next attempt
    NO_WORKER = "NO_WORKER"  # nobody takes up blocks
    WORKERS_BUSY = "WORKERS_BUSY"  # every place for a block is taken
    QUEUE = "QUEUE"  # others go first


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One reason. `until` in ms since the epoch; `blocks` by name and `runs` by id are those that
    are waited for, of a run's own reason the blocks that wait.
    """

    code: WaitingCode
    message: str
    until: int | None = None
    blocks: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Line:
    """The blocks that wait for a worker, the next one first, and the workers.

    `front` may be cut: `whole` says that it is not. `running` counts the blocks that run on
    workers that take up more, by run; `capacity` is what those run at once at most.
    """

    front: Sequence[BlockKey]
    whole: bool
    workers: int
    draining: int
    capacity: int
    running: Mapping[str, int]

    @property
    def free(self) -> int:
        """How many blocks could be taken up now."""
        return self.capacity - sum(self.running.values())

    def place_of(self, key: BlockKey) -> int:
        """How many blocks go before one; all of the front where that one is not in it."""
        return self._places.get(key, len(self.front))

    @cached_property
    def _places(self) -> Mapping[BlockKey, int]:
        return {key: place for place, key in enumerate(self.front)}


def upstream(names: Sequence[str]) -> Waiting:
    """Blocks that come before it, and are not over."""
    shown = ", ".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    words = f"It waits for {shown}" + (f" and {more} more blocks" if more > 0 else "")
    return Waiting(code=WaitingCode.UPSTREAM, message=words, blocks=tuple(names))


def retry(attempt: int, until: int | None) -> Waiting:
    """The time (wall ms) at which a block is tried again after attempt `attempt` failed."""
    at = "" if until is None else f" at {datetime.fromtimestamp(until / 1000, UTC):%H:%M:%S} UTC"
    words = f"Attempt {attempt} failed; it is tried again{at}"
    return Waiting(code=WaitingCode.RETRY, message=words, until=until)


def in_line(line: Line, key: BlockKey) -> list[Waiting]:
    """What a READY block waits for; nothing if it is about to be taken up."""
    if not line.workers:
        return [_no_worker(line.draining)]
    place = line.place_of(key)
    if place < line.free:
        return []
    reasons = [_busy(line)] if line.free <= 0 else []
    if place:
        cut = place == len(line.front) and not line.whole
        reasons.append(_behind(line.front[:place], key[0], cut=cut))
    return reasons


def of_run(
    line: Line, run_id: str, *, ready: Mapping[str, int], retrying: Mapping[str, Waiting]
) -> list[Waiting]:
    """Why a run does not move in which no block runs.

    `ready` are its READY blocks by name, with their positions, `retrying` what its RETRYING ones
    wait for: told is what is over first, for all blocks that wait for the like.
    """
    found = []
    if ready:
        first = min(ready.values(), key=lambda position: line.place_of((run_id, position)))
        found = in_line(line, (run_id, first))
        if not found:
            return []
        found = [replace(each, blocks=tuple(ready)) for each in found]
    if retrying:
        soonest = min(retrying.values(), key=lambda each: each.until or 0)
        found.append(replace(soonest, blocks=tuple(retrying)))
    return found


def _no_worker(draining: int) -> Waiting:
    words = "No worker lives: `headrace worker` is one"
    if draining:
        words = "Every worker is stopping and takes up nothing more: `headrace worker` is another"
    return Waiting(code=WaitingCode.NO_WORKER, message=words)


def _busy(line: Line) -> Waiting:
    places = _count(line.capacity, "place")
    words = f"Every worker is busy: {places} of {_count(line.workers, 'worker')} taken"
    runs = tuple(sorted(line.running))[:MOST_RUNS]
    return Waiting(code=WaitingCode.WORKERS_BUSY, message=words, runs=runs)


def _behind(ahead: Sequence[BlockKey], run_id: str, *, cut: bool) -> Waiting:
    others = list(dict.fromkeys(run for run, _ in ahead if run != run_id))
    number = f"More than {len(ahead):,} blocks" if cut else _count(len(ahead), "block")
    of = "of this run"
    if others:
        own = len(others) < len({run for run, _ in ahead})
        of = f"of {_count(len(others), 'other run')}" + (" and of this one" if own else "")
    verb = "goes" if len(ahead) == 1 else "go"
    words = f"{number} {of} {verb} first"
    return Waiting(code=WaitingCode.QUEUE, message=words, runs=tuple(others[:MOST_RUNS]))


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")
