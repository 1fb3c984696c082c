"""Bounds of a document that are checked before it is validated, because validation costs more.

Fragments are counted where they are spread and measured once each, so that a document cannot make
the counting itself expensive. A cycle of fragments counts as nothing here; validation names it.
"""

from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

MAX_TOKENS: Final = 1_000
MAX_DEPTH: Final = 16
MAX_ALIASES: Final = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """How large a document may be: lexical tokens, levels of fields, aliases in one operation."""

    tokens: int = MAX_TOKENS
    depth: int = MAX_DEPTH
    aliases: int = MAX_ALIASES


@dataclass(frozen=True, slots=True)
class _Measure:
    depth: int
    aliases: int


_NOTHING = _Measure(0, 0)


def excess(document: DocumentNode, bounds: Bounds) -> str | None:
    """In words, which bound a document goes over; None when it keeps them all."""
    ruler = _Ruler(document)
    for definition in document.definitions:
        if not isinstance(definition, OperationDefinitionNode):
            continue
        measure = ruler.measure(definition.selection_set)
        if measure.depth > bounds.depth:
            return f"The query is {measure.depth} levels deep; at most {bounds.depth} are allowed"
        if measure.aliases > bounds.aliases:
            return f"The query has {measure.aliases} aliases; at most {bounds.aliases} are allowed"
    return None


class _Ruler:
    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._measured: dict[str, _Measure] = {}

    def measure(self, selections: SelectionSetNode | None) -> _Measure:
        depth = aliases = 0
        for selection in selections.selections if selections else ():
            if isinstance(selection, FragmentSpreadNode):
                inner = self._fragment(selection.name.value)
            elif isinstance(selection, FieldNode):
                inner = self._field(selection)
            else:
                # An inline fragment; it adds no level of its own.
                inner = self.measure(getattr(selection, "selection_set", None))
            depth = max(depth, inner.depth)
            aliases += inner.aliases
        return _Measure(depth, aliases)

    def _field(self, field: FieldNode) -> _Measure:
        inner = self.measure(field.selection_set)
        # The tools' introspection query nests `ofType` deeply; graphql-core has a rule for it.
        level = 0 if field.name.value.startswith("__") else 1 + inner.depth
        return _Measure(level, inner.aliases + (field.alias is not None))

    def _fragment(self, name: str) -> _Measure:
        known = self._measured.get(name)
        if known is None:
            fragment = self._fragments.get(name)
            # Set before the descent: a fragment that spreads itself finds this and stops.
            self._measured[name] = _NOTHING
            known = self.measure(fragment.selection_set) if fragment else _NOTHING
            self._measured[name] = known
        return known
