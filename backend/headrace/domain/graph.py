"""The graph of a pipeline's blocks: levels, neighbours, and cycles named in order.

Invariant: nothing here recurses, so a chain of as many blocks as a document may hold is fine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from headrace.domain.errors import HeadraceError

EdgePair = tuple[str, str]


class CyclicGraph(HeadraceError):
    """A graph with a cycle was asked for its levels."""

    def __init__(self, cycle: Sequence[str]) -> None:
        super().__init__(f"the blocks form a cycle: {describe_cycle(cycle)}")
        self.cycle = tuple(cycle)


@dataclass(frozen=True)
class Graph:
    """A graph without cycles. Every listing of blocks is in definition order."""

    names: tuple[str, ...]
    levels: Mapping[str, int]  # the longest way from a root; roots are 0
    _upstream: Mapping[str, tuple[str, ...]]
    _downstream: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, names: Iterable[str], edges: Iterable[EdgePair]) -> Self:
        """The graph of blocks and (source, target) pairs; ends that are no block are left out.

        Raises CyclicGraph.
        """
        order = tuple(dict.fromkeys(names))
        place = {name: position for position, name in enumerate(order)}
        down: dict[str, list[str]] = {name: [] for name in order}
        up: dict[str, list[str]] = {name: [] for name in order}
        for source, target in dict.fromkeys(edges):
            if source in place and target in place:
                down[source].append(target)
                up[target].append(source)
        levels = _levels(order, up, down)
        if len(levels) < len(order):
            pairs = [(source, target) for source in order for target in down[source]]
            raise CyclicGraph(find_cycle(order, pairs) or ())
        return cls(order, levels, _sorted(up, place), _sorted(down, place))

    @property
    def roots(self) -> tuple[str, ...]:
        """The blocks without upstream blocks."""
        return tuple(name for name in self.names if not self._upstream[name])

    def upstream(self, name: str) -> tuple[str, ...]:
        """The blocks with an edge to this one."""
        return self._upstream[name]

    def downstream(self, name: str) -> tuple[str, ...]:
        """The blocks with an edge from this one."""
        return self._downstream[name]


def find_cycle(names: Iterable[str], edges: Iterable[EdgePair]) -> list[str] | None:
    """The blocks of one cycle in the order of its edges (the last leads to the first), or None."""
    cycles = find_cycles(names, edges)
    return cycles[0] if cycles else None


def find_cycles(names: Iterable[str], edges: Iterable[EdgePair]) -> list[list[str]]:
    """One short cycle for each knot of blocks that reach each other, in definition order.

    Each begins with the first block of its knot and is the shortest cycle through that block.
    """
    down: dict[str, list[str]] = {name: [] for name in names}
    for source, target in dict.fromkeys(edges):
        if source in down and target in down:
            down[source].append(target)
    knot_of = _knots(down)
    cycles, seen = [], set()
    for name in down:
        if knot_of[name] not in seen:
            seen.add(knot_of[name])
            if cycle := _shortest_cycle(name, down, knot_of):
                cycles.append(cycle)
    return cycles


def describe_cycle(cycle: Sequence[str], limit: int = 12) -> str:
    """`a → b → a`, with the middle of a long cycle left out."""
    shown = [*cycle, cycle[0]] if cycle else []
    if len(shown) > limit:
        half = limit // 2
        shown = [*shown[:half], f"… ({len(shown) - 2 * half} more) …", *shown[-half:]]
    return " → ".join(shown)


def _sorted(
    neighbours: Mapping[str, list[str]], place: Mapping[str, int]
) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sorted(many, key=place.__getitem__)) for name, many in neighbours.items()}


def _levels(
    order: Sequence[str], up: Mapping[str, list[str]], down: Mapping[str, list[str]]
) -> dict[str, int]:
    """Kahn's way through the graph: blocks on a cycle, or behind one, get no level."""
    missing = {name: len(up[name]) for name in order}
    level = dict.fromkeys(order, 0)
    open_ = [name for name in order if not missing[name]]
    done: set[str] = set()
    while open_:
        name = open_.pop()
        done.add(name)
        for target in down[name]:
            level[target] = max(level[target], level[name] + 1)
            missing[target] -= 1
            if not missing[target]:
                open_.append(target)
    return {name: level[name] for name in order if name in done}


def _knots(down: Mapping[str, list[str]]) -> dict[str, int]:
    """The number of each block's strongly connected component (Tarjan's way, own stack)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    knot: dict[str, int] = {}
    trail: list[str] = []
    for root in down:
        work = [] if root in index else [(root, iter(down[root]))]
        if work:
            index[root] = low[root] = len(index)
            trail.append(root)
        while work:
            name, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    trail.append(target)
                    work.append((target, iter(down[target])))
                    break
                if target not in knot:
                    low[name] = min(low[name], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    _close_knot(name, trail, knot, index[name])
    return knot


def _close_knot(name: str, trail: list[str], knot: dict[str, int], number: int) -> None:
    while True:
        member = trail.pop()
        knot[member] = number
        if member == name:
            return


def _shortest_cycle(
    start: str, down: Mapping[str, list[str]], knot_of: Mapping[str, int]
) -> list[str] | None:
    """The shortest way from `start` back to it within its knot, breadth first."""
    came_from: dict[str, str] = {}
    front = [start]
    while front:
        following = []
        for name in front:
            for target in down[name]:
                if target == start:
                    return _way(start, name, came_from)
                if target not in came_from and knot_of[target] == knot_of[start]:
                    came_from[target] = name
                    following.append(target)
        front = following
    return None


def _way(start: str, end: str, came_from: Mapping[str, str]) -> list[str]:
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]
