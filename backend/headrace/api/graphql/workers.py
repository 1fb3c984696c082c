"""Workers, as the API shows them."""

import strawberry

from headrace.api.graphql.blocks import BlockRun
from headrace.api.graphql.described import object_type
from headrace.api.graphql.enums import WorkerStatus
from headrace.api.graphql.interfaces import Node
from headrace.api.graphql.operation import Info
from headrace.api.graphql.scalars import DateTime
from headrace.store.reads.workers import WorkerRow


@object_type
class Worker(Node):
    """A process that runs blocks."""

    name: str = strawberry.field(description="Its name.")
    host: str = strawberry.field(description="The machine it runs on.")
    pid: int = strawberry.field(description="Its process id there.")
    version: str = strawberry.field(description="The version of Headrace that it runs.")
    status: WorkerStatus = strawberry.field(description="How it stands.")
    started_at: DateTime = strawberry.field(description="When it started.")
    last_seen_at: DateTime = strawberry.field(description="When its heart last beat.")
    capacity: int = strawberry.field(description="How many blocks it runs at once.")

    @classmethod
    def of(cls, row: WorkerRow) -> "Worker":
        return cls(
            id=strawberry.ID(row.id),
            name=row.name,
            host=row.host,
            pid=row.pid,
            version=row.version,
            status=WorkerStatus(row.status),
            started_at=DateTime(row.started_at),
            last_seen_at=DateTime(row.last_seen_at),
            capacity=row.capacity,
        )

    @strawberry.field
    async def running(self, info: Info) -> list[BlockRun]:
        """The blocks that it runs, the oldest run's first."""
        return await info.context.load.blocks_held_by.load(self.id)
