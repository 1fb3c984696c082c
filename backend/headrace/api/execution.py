"""The executor: Strawberry's, with a short way for plain fields, and holding nothing of old events.

graphql-core resolves every field alike: a resolve info, arguments, a path, three calls to complete
the value. Most of our fields are attributes that hold a scalar or an enum. Those are read here in
one step; whatever is not as it should be (no such attribute, null where none may be, a value that
its type refuses) takes the long way, whose errors are thereby the same. A test holds both executors
to the same answers.

graphql-core also keeps, per executor, a memo of sub-selections by the identity of the field lists
of the level above. The executors of a subscription's events share that memo, while each event makes
its field lists anew: every event would leave an entry of 0.9 to 1.9 KB behind until the
subscription ends. Here all events of a subscription have the field lists of the first one.
"""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable, Sequence
from operator import attrgetter
from typing import Any, Final, TypeGuard, cast

from graphql import (
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
)
from graphql.pyutils import RefMap, Undefined
from graphql.type import get_nullable_type, is_leaf_type, is_non_null_type
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types.field import StrawberryField

# Strawberry's test for awaitables knows the common types that are none, which most values are.
is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)

_UNSURE: Final = object()
"""Instead of a value: the long way must tell."""

_Read = Callable[[Any], Any]


def expect_dropped_resolvers() -> None:
    """Take a resolver that was never begun for what it is, and not for a forgotten `await`.

    A client that leaves in the very turn of the loop that made the coroutines of an operation's
    fields cancels them before their first step: nothing was done, so nothing is lost.
    """
    dropped = r"coroutine '.*_async_resolver' was never awaited"
    warnings.filterwarnings("ignore", dropped, RuntimeWarning)


class Plans:
    """What an executor can know of a schema's types before any value is there. One per schema."""

    def __init__(self) -> None:
        self._plain: dict[str, dict[str, _Read]] = {}
        self.kinds: dict[tuple[str, type], GraphQLObjectType] = {}
        """The object type that values of a Python class have as values of an abstract type."""

    def plain(self, parent: GraphQLObjectType) -> dict[str, _Read]:
        """How plain fields of a type are read, by name."""
        found = self._plain.get(parent.name)
        if found is None:
            found = self._plain[parent.name] = {
                name: read
                for name, field in parent.fields.items()
                if (read := _plain_read(field)) is not None
            }
            found["__typename"] = _constant(parent.name)
        return found


class OperationExecutor(StrawberryGraphQLCoreExecutionContext):
    """Runs one operation, or one event of a subscription."""

    def __init__(self, *args: Any, plans: Plans, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans = plans
        self._first_event: list[Any] = []  # the root field lists, shared with the events' executors

    def build_per_event_executor(
        self, payload: Any, context_value: Any = None
    ) -> OperationExecutor:
        """An executor for one event, whose resolvers see `context_value` where one is given."""
        executor = super().build_per_event_executor(payload)
        assert isinstance(executor, OperationExecutor)
        executor._stream_usages = RefMap()
        if context_value is not None:
            executor.context_value = context_value
        return executor

    def execute_collected_root_fields(
        self,
        root_type: GraphQLObjectType,
        root_value: Any,
        grouped_field_set: Any,
        serially: bool,
        new_defer_usages: Sequence[Any],
    ) -> Any:
        """Executes the root fields, with the field lists that the first event had."""
        # Variables are those of the subscription, so what @skip and @include say never changes.
        if not self._first_event:
            self._first_event.append(grouped_field_set)
        return super().execute_collected_root_fields(
            root_type, root_value, self._first_event[0], serially, new_defer_usages
        )

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """Executes a selection set: plain fields in one step, the others as graphql-core does."""
        plain = self._plans.plain(parent_type)
        results: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for response_name, details in grouped_field_set.items():
            read = plain.get(details[0].node.name.value)
            value = _UNSURE if read is None else read(source_value)
            if value is _UNSURE:
                others[response_name] = details
            results[response_name] = value  # `_UNSURE` keeps the place in the order asked for
        if not others:
            return results
        found: Any = super().execute_fields(
            parent_type, source_value, path, others, position_context
        )
        if is_awaitable(found):
            return _filled_in_time(results, others, found)
        return _filled(results, others, found)

    def complete_abstract_value(  # noqa: PLR0917 - graphql-core's signature
        self,
        return_type: GraphQLAbstractType,
        field_details_list: Any,
        info: GraphQLResolveInfo[Any],
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Completes a value of an interface or a union; its class tells its type, once known."""
        key = (return_type.name, type(result))
        kind = self._plans.kinds.get(key)
        if kind is None:
            kind = self._kind_of(return_type, field_details_list, info, result)
            if kind is None:
                return super().complete_abstract_value(
                    return_type, field_details_list, info, path, result, position_context
                )
            self._plans.kinds[key] = kind
        return self.collect_and_execute_subfields(
            kind, field_details_list, path, result, position_context
        )

    def _kind_of(
        self,
        return_type: GraphQLAbstractType,
        field_details_list: Any,
        info: GraphQLResolveInfo[Any],
        result: Any,
    ) -> GraphQLObjectType | None:
        """The type of an instance of a Strawberry type; None for any other value."""
        if not hasattr(type(result), "__strawberry_definition__"):
            return None
        name = (return_type.resolve_type or self.type_resolver)(result, info, return_type)
        if not isinstance(name, str):
            return None
        kind = self.ensure_valid_runtime_type(name, return_type, field_details_list, info, result)
        if kind.is_type_of is not None and kind.is_type_of(result, info) is not True:
            return None
        return kind


def _constant(name: str) -> _Read:
    return lambda _source: name


def _plain_read(field: GraphQLField) -> _Read | None:
    """How to read a field that is an attribute holding a scalar or an enum; None for others."""
    definition = field.extensions.get("strawberry-definition")
    kind = get_nullable_type(field.type)
    if (
        not isinstance(definition, StrawberryField)
        or not definition.is_basic_field
        or field.args
        or not is_leaf_type(kind)
    ):
        return None
    get: Callable[[Any], Any] = attrgetter(definition.python_name)
    coerce: Callable[[Any], Any] = kind.coerce_output_value
    if isinstance(kind, GraphQLEnumType):
        # Our enums are of text, so a member is found as its value is; graphql-core tries each.
        coerce = {value.value: name for name, value in kind.values.items()}.get
    missing = _UNSURE if is_non_null_type(field.type) else None

    def read(source: Any) -> Any:
        try:
            value = get(source)
            if value is None:
                return missing
            if isinstance(value, Exception) or is_awaitable(value):
                return _UNSURE
            found = coerce(value)
        except Exception:
            return _UNSURE
        return _UNSURE if found is None or found is Undefined else found

    return read


def _filled(
    results: dict[str, Any], others: dict[str, Any], found: dict[str, Any]
) -> dict[str, Any]:
    """The results with those found the long way in their places; some fields give none."""
    results.update(found)
    for name in others.keys() - found.keys():
        del results[name]
    return results


async def _filled_in_time(
    results: dict[str, Any], others: dict[str, Any], found: Awaitable[dict[str, Any]]
) -> dict[str, Any]:
    return _filled(results, others, await found)
