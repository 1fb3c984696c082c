"""A mapping that is in memory already (GraphQL input) into nodes, bounded like any other document.

Its nodes carry no line: their column counts values, so that problems can be told in the order of
the document all the same.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from headrace.domain import nodes
from headrace.domain.json import scalar_fault
from headrace.domain.problems import ProblemCode


def read_mapping(value: Mapping[str, Any]) -> nodes.Node:
    """The nodes of a mapping. Raises Unreadable when it is over the bounds."""
    return _Reader().node(value, 1)


class _Reader:
    def __init__(self) -> None:
        self._budget = nodes.Budget()

    def node(self, value: object, depth: int) -> nodes.Node:
        if isinstance(value, str):
            return self._scalar(value, len(value))
        if isinstance(value, Mapping):
            place = self._enter(depth)
            return nodes.Mapping(0, place, list(self._entries(value, depth)))
        if isinstance(value, list | tuple):
            place = self._enter(depth)
            return nodes.Sequence(0, place, [self.node(item, depth + 1) for item in value])
        return self._scalar(value, 1)

    def _entries(
        self, value: Mapping[Any, Any], depth: int
    ) -> Iterable[tuple[nodes.Node, nodes.Node]]:
        for key, item in value.items():
            yield (
                self._scalar(key, len(key) if isinstance(key, str) else 1),
                self.node(item, depth + 1),
            )

    def _enter(self, depth: int) -> int:
        self._budget.check_depth(depth, 0, 0)
        self._budget.spend(0, 0)
        return self._budget.values

    def _scalar(self, value: Any, characters: int) -> nodes.Scalar:
        self._budget.spend(0, 0, characters)
        fault = scalar_fault(value)
        place = self._budget.values
        if fault is None:
            return nodes.Scalar(0, place, value)
        return nodes.Scalar(0, place, None, (ProblemCode.WRONG_TYPE, fault))
