"""What can be wrong with the edges of a pipeline: ends that are no block, doubles, cycles."""

from collections import Counter

from headrace.domain.definition import Definition
from headrace.domain.graph import describe_cycle, find_cycles
from headrace.domain.json import show
from headrace.domain.notes import Notes
from headrace.domain.problems import ProblemCode
from headrace.domain.suggestions import Suggester


def check_edges(notes: Notes, definition: Definition) -> Counter[str]:
    """Notes every problem of the edges; gives the number of inputs that each block has.

    An end that is nearly the name of a block counts as that block, so that one typing error does
    not also read as a missing input.
    """
    checks = _EdgeChecks(notes, definition)
    inputs = checks.ends()
    checks.doubles()
    checks.input_names()
    checks.cycles()
    return inputs


class _EdgeChecks:
    def __init__(self, notes: Notes, definition: Definition) -> None:
        self._notes = notes
        # Of its own: many blocks and many edges must not use up what other suggestions may cost.
        self._suggester = Suggester()
        self._edges = definition.edges
        names = dict.fromkeys(block.name for block in definition.blocks if block.name)
        self._names, self._known = list(names), names.keys()
        # Where each (source, target) stands first; edges without an end are told of elsewhere.
        self._place: dict[tuple[str, str], int] = {}
        for place, edge in enumerate(self._edges):
            if edge.source and edge.target:
                self._place.setdefault((edge.source, edge.target), place)

    def ends(self) -> Counter[str]:
        inputs: Counter[str] = Counter()
        for place, edge in enumerate(self._edges):
            if edge.source and edge.source not in self._known:
                self._unknown(("edges", str(place), "from"), edge.source, edge.target)
            target: str | None = edge.target
            if edge.target and edge.target not in self._known:
                target = self._unknown(("edges", str(place), "to"), edge.target, edge.source)
            if target:
                inputs[target] += 1
        return inputs

    def doubles(self) -> None:
        for place, edge in enumerate(self._edges):
            pair = (edge.source, edge.target)
            if self._place.get(pair, place) != place:
                message = f"Edge {show(edge.source)} → {show(edge.target)} stands twice: remove one"
                blocks = tuple(name for name in pair if name in self._known)
                path = ("edges", str(place))
                self._notes.add(ProblemCode.DUPLICATE_EDGE, message, path, blocks=blocks)

    def input_names(self) -> None:
        """Two inputs of one block must not share a name: the block could see only one of them."""
        taken: dict[tuple[str, str], str] = {}
        for (source, target), place in self._place.items():
            edge = self._edges[place]
            earlier = taken.setdefault((target, edge.input_name), source)
            if earlier != source:
                message = (
                    f"Block {show(target)} would have two inputs named {show(edge.input_name)}, "
                    f"from {show(earlier)} and {show(source)}: give one another name with `as`"
                )
                path = ("edges", str(place), *(("as",) if edge.alias else ()))
                self._notes.add(ProblemCode.DUPLICATE_EDGE, message, path, blocks=(target,))

    def cycles(self) -> None:
        for cycle in find_cycles(self._names, self._place):
            message = f"The edges form a cycle: {describe_cycle(cycle)}; remove one of them"
            if len(cycle) == 1:
                message = f"Block {show(cycle[0])} has an edge to itself: remove it"
            path = ("edges", str(self._place[(cycle[-1], cycle[0])]))
            self._notes.add(ProblemCode.CYCLE, message, path, blocks=tuple(cycle))

    def _unknown(self, path: tuple[str, str, str], end: str, other: str) -> str | None:
        """Notes an end that is no block; gives the block that was probably meant."""
        meant = self._suggester.nearest(end, self._names)
        message = f"Edge {int(path[1]) + 1}: `{path[2]}` names {show(end)}, which is no block here"
        message += f"; did you mean {show(meant)}?" if meant else "; add it, or remove the edge"
        self._notes.add(
            ProblemCode.UNKNOWN_BLOCK,
            message,
            path,
            blocks=(other,) if other in self._known else (),
            suggestion=meant,
        )
        return meant
