"""What an operation can cost at most: the number of fields that its answer may hold.

Compiled once for a document; what stays open are the sizes of its pages, which variables may give.
Lists that no argument bounds count as LIST_SIZE items, fields that read files or parse documents
as more than one. Fragments count where they are spread, both arms of a union count, and a field
under @skip counts as if it were there: a cost is a bound, never a guess from below.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    is_list_type,
)

MAX_COST: Final = 50_000
LIST_SIZE: Final = 20
DEFAULT_PAGE: Final = 50
# Pages are smaller than this; a larger size is refused where it is read, not for its cost.
LARGEST_PAGE: Final = 1_000
PAGED: Final = frozenset({"edges", "nodes"})
DEAR: Final[Mapping[str, int]] = {
    "Artifact.preview": 50,
    "Dataset.preview": 50,
    "Dataset.rows": 50,
    "Pipeline.definition": 10,
    "PipelineVersion.definition": 10,
    "Query.consumeMessages": 50,
    "Query.checkCron": 50,
    "Query.validatePipeline": 50,
    "Schedule.nextFireTimes": 10,
}
_LARGEST_TOLD: Final = 2**53 - 1


@dataclass(frozen=True, slots=True)
class _Size:
    """How many items: a number, or what a variable says; None where its connection tells."""

    fixed: int | None = None
    variable: str | None = None
    default: int = DEFAULT_PAGE

    def value(self, variables: Mapping[str, Any], outer: int) -> int:
        if self.variable is not None:
            return _count(variables.get(self.variable), self.default)
        return outer if self.fixed is None else self.fixed


@dataclass(slots=True)
class _Part:
    """A selection set: fields of its own, and parts that come so many times in it."""

    own: int = 0
    inner: list[tuple[_Size, _Size, "_Part"]] = field(default_factory=list)

    def value(
        self, variables: Mapping[str, Any], outer: int, known: dict[tuple[int, int], int]
    ) -> int:
        """`outer` is the page of the connection around it; `known` spares shared fragments."""
        key = (id(self), outer)
        if (found := known.get(key)) is None:
            found = self.own
            for times, page, part in self.inner:
                inside = part.value(variables, page.value(variables, outer), known)
                found += times.value(variables, outer) * inside
            known[key] = found
        return found


_ONCE = _Size(fixed=1)
_OUTER = _Size()


class Cost:
    """The cost of one operation of a valid document, as a function of its variables."""

    def __init__(self, part: _Part) -> None:
        self._part = part

    def value(self, variables: Mapping[str, Any]) -> int:
        """The cost with these variables, which may be anything that a client sent."""
        return min(self._part.value(variables, DEFAULT_PAGE, {}), _LARGEST_TOLD)


def cost_of(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
) -> Cost:
    """Compiles the cost of an operation; its document must be valid."""
    root = schema.get_root_type(operation.operation)
    assert root is not None
    return Cost(_Compiler(schema, operation, fragments).part(operation.selection_set, root))


class _Compiler:
    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._compiled: dict[str, _Part] = {}
        self._defaults = {
            one.variable.name.value: one.default_value
            for one in operation.variable_definitions or ()
        }

    def part(self, selections: SelectionSetNode, parent: GraphQLNamedType) -> _Part:
        part = _Part()
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                self._add_field(part, selection, parent)
            elif isinstance(selection, FragmentSpreadNode):
                part.inner.append((_ONCE, _OUTER, self._fragment(selection.name.value)))
            elif isinstance(selection, InlineFragmentNode):
                named = selection.type_condition
                inside = self._schema.get_type(named.name.value) if named else parent
                assert inside is not None
                part.inner.append((_ONCE, _OUTER, self.part(selection.selection_set, inside)))
        return part

    def _fragment(self, name: str) -> _Part:
        known = self._compiled.get(name)
        if known is None:
            fragment = self._fragments[name]
            inside = self._schema.get_type(fragment.type_condition.name.value)
            assert inside is not None
            known = self._compiled[name] = self.part(fragment.selection_set, inside)
        return known

    def _add_field(self, part: _Part, node: FieldNode, parent: GraphQLNamedType) -> None:
        name = node.name.value
        defined: GraphQLField | None = getattr(parent, "fields", {}).get(name)
        if name.startswith("__") or defined is None:
            part.own += 1  # introspection has bounds of its own
            return
        part.own += DEAR.get(f"{parent.name}.{name}", 1)
        inside = get_named_type(defined.type)
        if node.selection_set is None or not is_composite_type(inside):
            return
        times = self._times(name, node, defined, parent)
        page = self._page(node)
        part.inner.append((times, page, self.part(node.selection_set, inside)))

    def _times(
        self, name: str, node: FieldNode, defined: GraphQLField, parent: GraphQLNamedType
    ) -> _Size:
        plain = defined.type.of_type if isinstance(defined.type, GraphQLNonNull) else defined.type
        if not is_list_type(plain):
            return _ONCE
        if name in PAGED and parent.name.endswith("Connection"):
            return _OUTER
        if (ids := _argument(node, "ids")) is not None:
            return self._size(ids)
        return _Size(fixed=LIST_SIZE)

    def _page(self, node: FieldNode) -> _Size:
        for name in ("first", "last"):
            given = _argument(node, name)
            if given is not None and not _is_null(given):
                return self._size(given)
        return _Size(fixed=DEFAULT_PAGE)

    def _size(self, value: ValueNode) -> _Size:
        if isinstance(value, VariableNode):
            name = value.name.value
            default = self._defaults.get(name)
            return _Size(
                variable=name, default=DEFAULT_PAGE if default is None else _fixed(default)
            )
        return _Size(fixed=_fixed(value))


def _argument(node: FieldNode, name: str) -> ValueNode | None:
    arguments: Sequence[ArgumentNode] = node.arguments or ()
    return next((one.value for one in arguments if one.name.value == name), None)


def _is_null(value: ValueNode) -> bool:
    return value.kind == "null_value"


def _fixed(value: ValueNode) -> int:
    if isinstance(value, IntValueNode):
        # Its digits may be too many for Python to read.
        return _count(int(value.value) if len(value.value) < 10 else LARGEST_PAGE, DEFAULT_PAGE)
    if isinstance(value, ListValueNode):
        return _count(value.values, DEFAULT_PAGE)
    return DEFAULT_PAGE


def _count(given: Any, default: int) -> int:
    if isinstance(given, list | tuple):
        given = len(given)
    if not isinstance(given, int) or isinstance(given, bool):
        return default
    return max(0, min(given, LARGEST_PAGE))
