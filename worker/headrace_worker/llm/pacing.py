"""How many calls are made at once: as many as the provider takes, found out by asking.

Invariants: never more than the limit at once, never one while the provider wants quiet. The limit
rises by one with each answer until the first refusal, from then on by one for each round of
answers, and is halved by a refusal; refusals of calls that were under way when it was halved say
nothing new. So several blocks and workers share a provider as connections share a line: each
gives way to the others when it is refused.
"""

import asyncio
import math
import random
import time
from typing import Final, Protocol

MOST_AT_ONCE: Final = 32
"""Calls of one block at once: what a worker's death can cost beside LEDGER_BATCH."""

FIRST_AT_ONCE: Final = 4
_SPREAD = 0.1
"""Whoever waited does not come back in the same instant as the others."""


class Quiet(Protocol):
    """Until when the provider wants no calls, by `time.monotonic`; 0 for now."""

    until: float


class OwnQuiet:
    """That of one process."""

    until = 0.0


class Pacing:
    """Turns to call; for one event loop."""

    def __init__(self, quiet: Quiet | None = None, most: int = MOST_AT_ONCE) -> None:
        self._quiet = OwnQuiet() if quiet is None else quiet
        self._most = most
        self._limit = float(min(FIRST_AT_ONCE, most))
        self._cut_at = -math.inf
        self._at_once = 0
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def limit(self) -> int:
        """How many calls there may be at once now."""
        return int(self._limit)

    async def enter(self) -> float:
        """Waits for a turn, which `leave` ends; returns when it began."""
        while True:
            pause = self._quiet.until - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause * random.uniform(1, 1 + _SPREAD))
            elif self._at_once < self.limit:
                self._at_once += 1
                return time.monotonic()
            else:
                waiter = asyncio.get_running_loop().create_future()
                self._waiting.append(waiter)
                await waiter

    def leave(self) -> None:
        """The call is over, however it ended."""
        self._at_once -= 1
        self._wake()

    def answered(self, since: float) -> None:
        """The call that began at `since` was answered."""
        if since > self._cut_at:
            step = 1.0 if self._cut_at == -math.inf else 1 / self._limit
            self._limit = min(self._limit + step, float(self._most))
            self._wake()

    def refused(self, since: float, quiet_seconds: float | None) -> None:
        """The call that began at `since` was refused; for how long, where the provider says so."""
        now = time.monotonic()
        if since > self._cut_at:
            self._limit = max(self._limit / 2, 1.0)
            self._cut_at = now
        if quiet_seconds is not None:
            self._quiet.until = max(self._quiet.until, now + quiet_seconds)

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)
