"""What is measured, what is wanted, and what came out."""

from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


@dataclass(frozen=True, kw_only=True)
class Goal:
    """`limit` is in the figure's own unit."""

    limit: float
    at_least: bool = False

    def met_by(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table. `bare` holds what the bare loop needed in the same rounds: of work the
    loop that does the same by hand, of idleness one that only wakes ten times a second.
    """

    name: str
    title: str
    unit: str
    rounds: list[float]
    goal: Goal | None = None
    bare: list[float] = field(default_factory=list)
    note: str = ""

    @property
    def median(self) -> float:
        return median(self.rounds)

    @property
    def met(self) -> bool | None:
        """None where nothing is wanted."""
        return None if self.goal is None else self.goal.met_by(self.median)

    @property
    def bare_median(self) -> float | None:
        return median(self.bare) if self.bare else None

    @property
    def ratio(self) -> float | None:
        """How many times the bare loop's cost (never its speed)."""
        bare = self.bare_median
        if bare is None:
            return None
        is_speed = self.goal is not None and self.goal.at_least
        return bare / self.median if is_speed else self.median / bare


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is done. `folder` is where everything lies, a fresh folder each."""

    folder: Path
    wanted: frozenset[str]
    rounds: int
    runs: int  # small runs a round
    rows: int


def percentile(values: list[float], percent: float) -> float:
    """The nearest rank: a value that was really seen."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
