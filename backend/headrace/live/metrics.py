"""What this process saw happen that no row of the database tells: latencies, as histograms.

Claims come with the hints of every process on the database, so that a server tells of workers
that have no port of their own; a lost hint is a claim that was not counted.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from headrace.store.hints import Hints

LATENCIES: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300)


class Histogram:
    """Counts observations by buckets, whose upper bounds are inclusive."""

    def __init__(self, bounds: Sequence[float] = LATENCIES) -> None:
        self.bounds = tuple(bounds)
        self.total = 0.0
        self._counts = [0] * (len(self.bounds) + 1)

    def observe(self, seconds: float) -> None:
        """Counts one; what a clock that was set back makes negative counts as nothing."""
        value = max(0.0, seconds)
        self._counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        """How many observations there were."""
        return sum(self._counts)

    def cumulative(self) -> list[tuple[float, int]]:
        """Each bound with how many observations were at most that."""
        so_far, found = 0, []
        for bound, count in zip(self.bounds, self._counts, strict=False):
            so_far += count
            found.append((bound, so_far))
        return found


class Metrics:
    """Of one process, from its start."""

    def __init__(self) -> None:
        self.claim_seconds = Histogram()
        self.event_lag_seconds = Histogram()

    def hinted(self, hints: Hints) -> None:
        """Listens to the hints of commits."""
        for milliseconds in hints.waits:
            self.claim_seconds.observe(milliseconds / 1000)
