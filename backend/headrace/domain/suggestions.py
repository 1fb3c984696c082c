"""What a name that is nearly right was meant to be.

Invariant: a suggestion is always one of the candidates, and looking for suggestions stays cheap
however many names are wrong (`Suggester` stops after a fixed number of comparisons).
"""

import re
from collections.abc import Iterable, Sequence

# Longer names are no typing errors; comparing them would cost time for nothing.
_LONGEST = 100
_CAMEL_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PREFIX = 3


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` was probably meant to be, or None when none is near."""
    found = nearest_many(name, candidates, n=1)
    return found[0] if found else None


def nearest_many(name: str, candidates: Iterable[str], n: int = 3) -> list[str]:
    """At most `n` candidates that are near to `name`, the nearest first."""
    if not name or len(name) > _LONGEST:
        return []
    folded = _fold(name)
    scored = (
        (score, position, candidate)
        for position, candidate in enumerate(candidates)
        if (score := _score(folded, _fold(candidate))) is not None
    )
    return [candidate for _, _, candidate in sorted(scored)[:n]]


class Suggester:
    """`nearest`, remembering its answers and giving none once `budget` comparisons were made."""

    def __init__(self, budget: int = 10_000) -> None:
        self._budget = budget
        self._known: dict[tuple[str, int], str | None] = {}
        # Held, so that no other object can take the id that stands in the keys above.
        self._held: dict[int, Sequence[str]] = {}

    def nearest(self, name: str, candidates: Sequence[str]) -> str | None:
        """As `nearest`; `candidates` of one object are taken to stay as they are."""
        key = (name, id(candidates))
        if key not in self._known:
            if len(candidates) > self._budget:
                return None
            self._budget -= len(candidates)
            self._held[id(candidates)] = candidates
            self._known[key] = nearest(name, candidates)
        return self._known[key]


def _fold(name: str) -> str:
    return _CAMEL_HUMP.sub("_", name).casefold().replace("-", "_").replace(" ", "_")


def _score(name: str, candidate: str) -> float | None:
    """0 for names that differ in case or punctuation only; None for names that are not near."""
    if name == candidate:
        return 0
    shorter, longer = sorted((name, candidate), key=len)
    allowed = 0 if len(shorter) < 3 else min(3, 1 + (len(longer) - 3) // 3)
    distance = _distance(name, candidate, allowed)
    if distance is not None:
        return distance
    return 3.5 if len(shorter) >= _PREFIX and longer.startswith(shorter) else None


def _distance(one: str, two: str, allowed: int) -> int | None:
    """Edits (insert, delete, replace, swap neighbours) from one to two, None if over `allowed`."""
    if abs(len(one) - len(two)) > allowed:
        return None
    one, two = _differing(one, two)
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, char in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(two, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != other))
            if i > 1 and j > 1 and char == two[j - 2] and one[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > allowed:
            return None
    return row[-1] if row[-1] <= allowed else None


def _differing(one: str, two: str) -> tuple[str, str]:
    """Two names without what they begin and end with in common: it costs no edit, but time."""
    start = _shared(one, two)
    one, two = one[start:], two[start:]
    end = _shared(one[::-1], two[::-1])
    return one[: len(one) - end], two[: len(two) - end]


def _shared(one: str, two: str) -> int:
    pairs = enumerate(zip(one, two, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(two)))
