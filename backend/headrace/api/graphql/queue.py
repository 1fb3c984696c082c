"""The queue, as the API shows it."""

from typing import Annotated

import strawberry
from strawberry import UNSET, Private

from headrace.api.graphql.connections import After, Connection, First
from headrace.api.graphql.described import object_type
from headrace.api.graphql.operation import Info
from headrace.api.graphql.references import RunRef
from headrace.api.graphql.run_inputs import given
from headrace.api.graphql.scalars import DateTime, optional_time
from headrace.store.reads.queue import QueueRow, ShareRow


@object_type
class QueueShare:
    """One run's part of the queue."""

    waiting: int = strawberry.field(
        description="Blocks that wait for upstream blocks or for their retry."
    )
    ready: int = strawberry.field(description="Blocks that wait for a worker.")
    running: int = strawberry.field(description="Blocks that run.")
    run_id: Private[str]

    @classmethod
    def of(cls, row: ShareRow) -> "QueueShare":
        return cls(waiting=row.waiting, ready=row.ready, running=row.running, run_id=row.run_id)

    @strawberry.field
    async def run(self, info: Info) -> RunRef:
        """The run."""
        return await info.context.load.run_there(self.run_id)


@object_type
class Queue:
    """The blocks of all runs that are not over."""

    depth: int = strawberry.field(description="Pending blocks: waiting + ready.")
    waiting: int = strawberry.field(
        description="Blocks that wait for upstream blocks or for their retry."
    )
    ready: int = strawberry.field(description="Blocks that wait for a worker.")
    running: int = strawberry.field(description="Blocks that run.")
    oldest_ready_at: DateTime | None = strawberry.field(
        description="Since when the longest of the ready blocks waits; null if none is ready."
    )

    @classmethod
    def of(cls, row: QueueRow) -> "Queue":
        return cls(
            depth=row.waiting + row.ready,
            waiting=row.waiting,
            ready=row.ready,
            running=row.running,
            oldest_ready_at=optional_time(row.oldest_ready_at),
        )

    @strawberry.field
    async def by_run(
        self,
        info: Info,
        run_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only the share of this run.")
        ] = UNSET,
        first: First = UNSET,
        after: After = UNSET,
    ) -> Connection[QueueShare]:
        """The queue by run, the oldest run first."""
        return await info.context.lists.shares(given(run_id), first=first, after=after)
