"""`Info`, as every resolver gets it: `info.context` is the operation's Context."""

from typing import TYPE_CHECKING, TypeAlias

import strawberry

if TYPE_CHECKING:
    from headrace.api.graphql.context import Context

Info: TypeAlias = strawberry.Info["Context", None]
