"""The executor: Strawberry's, mended so that a subscription holds nothing of the events it sent.

graphql-core keeps, per executor, a memo of sub-selections by the identity of the field lists of
the level above. The executors of all events of one subscription share that memo, while each event
makes its field lists anew: every event would leave an entry of 0.9 to 1.9 KB behind until the
subscription ends. Here each event's executor starts with a memo of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeGuard, cast

from graphql.pyutils import RefMap
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

# Strawberry's test for awaitables knows the common types that are none, which most values are.
is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)


class OperationExecutor(StrawberryGraphQLCoreExecutionContext):
    """Runs one operation, or one event of a subscription."""

    def build_per_event_executor(
        self, payload: Any, context_value: Any = None
    ) -> OperationExecutor:
        """An executor for one event, whose resolvers see `context_value` where one is given."""
        executor = super().build_per_event_executor(payload)
        assert isinstance(executor, OperationExecutor)
        executor._relevant_sub_fields = {}
        executor._stream_usages = RefMap()
        if context_value is not None:
            executor.context_value = context_value
        return executor
