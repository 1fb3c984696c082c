"""What many types have in common: Node for what has an id, Error for expected failures."""

from typing import ClassVar

import strawberry

from headrace.api.graphql.described import interface_type
from headrace.api.graphql.enums import ErrorCode


@interface_type
class Node:
    """Something with an id that `node(id:)` finds again."""

    id: strawberry.ID = strawberry.field(
        description="Opaque, globally unique, prefixed by kind and ordered by time."
    )


@interface_type
class Error:
    """An expected failure of a mutation."""

    error_code: ClassVar[ErrorCode]

    message: str = strawberry.field(description="What is wrong and what to do, for people.")

    @strawberry.field
    def code(self) -> ErrorCode:
        """What kind of failure this is, for programs."""
        return self.error_code
