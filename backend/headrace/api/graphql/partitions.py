"""How far the partitions of a block are."""

import strawberry
from strawberry import Private

from headrace.api.graphql.described import object_type
from headrace.api.graphql.operation import Info
from headrace.store.reads.blocks import BlockKey


@object_type
class Partitions:
    """The parts that a block's input is split into, each of which is run and retried by itself."""

    total: int = strawberry.field(description="All of them.")
    done: int = strawberry.field(description="Those that succeeded, in whichever attempt.")
    block: Private[BlockKey]

    @strawberry.field
    async def running(self, info: Info) -> int:
        """Those that run now."""
        return (await info.context.load.partitions_of_block.load(self.block)).running

    @strawberry.field
    async def failed(self, info: Info) -> int:
        """Those that failed in the attempt that runs or ran last."""
        return (await info.context.load.partitions_of_block.load(self.block)).failed
