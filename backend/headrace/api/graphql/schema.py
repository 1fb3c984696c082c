"""The schema, put together; `schema.graphql` at the root of the repository is its export."""

from functools import cache
from typing import Final

from strawberry import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter
from strawberry.types.base import StrawberryObjectDefinition, StrawberryType

from headrace.api.execution import OperationExecutor
from headrace.api.graphql.events import EVENT_TYPES
from headrace.api.graphql.mutation import Mutation
from headrace.api.graphql.query import Query
from headrace.api.graphql.scalars import SCALARS
from headrace.api.graphql.snapshots import RESOLVERS
from headrace.api.graphql.subscription import Subscription

_SHORTER: Final = {"LogLineConnection": "LogConnection", "LogLineEdge": "LogEdge"}


class _Names(NameConverter):
    """Strawberry's names but for those of connections whose node has a longer name."""

    def from_generic(
        self, generic_type: StrawberryObjectDefinition, types: list[StrawberryType | type]
    ) -> str:
        name = super().from_generic(generic_type, types)
        return _SHORTER.get(name, name)


@cache
def build_schema() -> Schema:
    """The schema. It holds no state of a server, so one serves a whole process."""
    schema = Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=EVENT_TYPES,
        execution_context_class=OperationExecutor,
        config=StrawberryConfig(name_converter=_Names(), scalar_map=SCALARS, sort_schema=False),
    )
    root = schema._schema.subscription_type
    assert root is not None
    for name, resolve in RESOLVERS.items():
        root.fields[name].resolve = resolve
    return schema


def schema_text() -> str:
    """The schema in its own language, in an order of its own, ending with a line break."""
    return build_schema().as_str().rstrip() + "\n"
