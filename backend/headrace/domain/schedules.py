"""Schedules: when a tick fires, and which of the ticks that are due may still be made good.

Pure, without a clock. Invariant: every process that looks at the same schedule at the same moment
comes to the same ticks in the same order, so that they only have to agree on who records them.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from headrace.domain.cron import Cron

PUNCTUAL_MS: Final = 10_000
"""A tick that fires within this time is on time: no catch-up window is shorter."""
MOST_AT_ONCE: Final = 20
"""Due ticks that are handled together; the others come right after."""
MOST_COUNTED: Final = 1_000
"""Missed ticks that are counted one by one; beyond it there are "more"."""


@dataclass(frozen=True, kw_only=True)
class Timing:
    """When the ticks of one schedule fire; times in ms."""

    schedule_id: str
    cron: Cron
    catch_up_ms: int
    jitter_ms: int

    def fires_at(self, tick: int) -> int:
        """When a tick fires: up to `jitter_ms` after it, the same wherever it is worked out."""
        if not self.jitter_ms:
            return tick
        told = f"{self.schedule_id}:{tick}".encode()
        drawn = int.from_bytes(hashlib.blake2b(told, digest_size=8).digest())
        return tick + drawn % (self.jitter_ms + 1)

    def fire_times(self, after: int) -> Iterator[int]:
        """When the ticks after an instant fire."""
        return map(self.fires_at, self.cron.ticks(after))


@dataclass(frozen=True)
class Missed:
    """Ticks that came too late: how many (or `more` than that), the first and the last of them.

    Where there were more, `last` is the last one that was looked at.
    """

    count: int
    first: int
    last: int
    more: bool = False


@dataclass(frozen=True)
class Due:
    """What a schedule has to do at a moment, in this order, and the tick that is to come then."""

    missed: Missed | None
    ticks: tuple[int, ...]
    next_tick: int | None


def due_ticks(timing: Timing, next_tick: int, now: int) -> Due:
    """The ticks from `next_tick` on that are due at `now`.

    A tick that should have fired longer ago than the catch-up window is missed; the first one that
    is not ends that: those after it are due however long their own jitter.
    """
    window = max(timing.catch_up_ms, PUNCTUAL_MS)
    missed: Missed | None = None
    ticks: list[int] = []
    coming: Iterator[int] = chain([next_tick], timing.cron.ticks(next_tick))
    while (tick := next(coming, None)) is not None:
        fires_at = timing.fires_at(tick)
        if fires_at > now or len(ticks) == MOST_AT_ONCE:
            break
        if ticks or fires_at >= now - window:
            ticks.append(tick)
        elif missed is not None and missed.count == MOST_COUNTED:
            # Years of ticks are not worth a look each: on with those that may be due.
            missed = Missed(MOST_COUNTED, missed.first, tick, more=True)
            coming = timing.cron.ticks(max(tick, now - window - timing.jitter_ms - 1))
        else:
            missed = (
                Missed(missed.count + 1, missed.first, tick) if missed else Missed(1, tick, tick)
            )
    return Due(missed, tuple(ticks), tick)
