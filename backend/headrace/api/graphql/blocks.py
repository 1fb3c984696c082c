"""A block of a run and its attempts, as the API shows them."""

import strawberry
from strawberry import UNSET, Private

from headrace.api.graphql.connections import After, Connection, First
from headrace.api.graphql.described import object_type
from headrace.api.graphql.details import LlmUsage, RunError, WaitingReason
from headrace.api.graphql.enums import AttemptStatus, BlockStatus
from headrace.api.graphql.interfaces import Node
from headrace.api.graphql.operation import Info
from headrace.api.graphql.partitions import Partitions
from headrace.api.graphql.references import ArtifactRef, BlockRunRef, WorkerRef
from headrace.api.graphql.scalars import BigInt, DateTime, optional_big, optional_time
from headrace.api.graphql.waiting import waiting_of_block
from headrace.store.reads.blocks import AttemptRow, BlockKey, BlockRow


@object_type
class Attempt:
    """One try at a block."""

    number: int = strawberry.field(
        description="Counts from 1. One that a stopping worker gave back shares its number with "
        "the next."
    )
    status: AttemptStatus = strawberry.field(description="How it stands or ended.")
    started_at: DateTime = strawberry.field(description="When a worker took the block up.")
    finished_at: DateTime | None = strawberry.field(description="When it ended.")
    error: RunError | None = strawberry.field(description="Why it failed.")
    worker_id: Private[str | None]

    @classmethod
    def of(cls, row: AttemptRow) -> "Attempt":
        return cls(
            number=row.number,
            status=AttemptStatus(row.status),
            started_at=DateTime(row.started_at),
            finished_at=DateTime(row.finished_at),
            error=RunError.of(row.error),
            worker_id=row.worker_id,
        )

    @strawberry.field
    async def worker(self, info: Info) -> WorkerRef | None:
        """The worker that ran it."""
        return await info.context.load.worker.load(self.worker_id) if self.worker_id else None


@object_type
class FailedRow:
    """A row that a block could not deal with."""

    number: BigInt = strawberry.field(description="Counts from 1 within the block's input.")
    key: str | None = strawberry.field(description="What names the row, where something does.")
    kind: str = strawberry.field(description="The kind of fault.")
    message: str = strawberry.field(description="What is wrong with it.")


@object_type
class BlockRun(Node):
    """A block in a run."""

    name: str = strawberry.field(description="The block's name.")
    type: str = strawberry.field(description="The name of its block type.")
    status: BlockStatus = strawberry.field(description="Where it stands.")
    status_reason: str | None = strawberry.field(description="Why it stands there, in words.")
    attempt: int = strawberry.field(
        description="The number of the attempt that runs or ran last; 0 before the first claim."
    )
    ready_at: DateTime | None = strawberry.field(description="Since when it could be taken up.")
    started_at: DateTime | None = strawberry.field(description="When its attempt was taken up.")
    finished_at: DateTime | None = strawberry.field(description="When it became terminal.")
    rows_done: BigInt = strawberry.field(description="Rows that its attempt has dealt with.")
    rows_total: BigInt | None = strawberry.field(description="All its rows, where that is known.")
    error: RunError | None = strawberry.field(description="Why its last attempt failed.")
    run_id: Private[str]
    position: Private[int]
    retry_at: Private[int | None]
    worker_id: Private[str | None]
    output_id: Private[str | None]
    source_id: Private[str | None]
    partitions_total: Private[int | None]
    partitions_done: Private[int | None]

    @classmethod
    def of(cls, row: BlockRow) -> "BlockRun":
        return cls(
            id=strawberry.ID(row.id),
            name=row.name,
            type=row.type,
            status=BlockStatus(row.status),
            status_reason=row.status_reason,
            attempt=row.attempt,
            ready_at=optional_time(row.ready_at),
            started_at=optional_time(row.started_at),
            finished_at=optional_time(row.finished_at),
            rows_done=BigInt(row.rows_done),
            rows_total=optional_big(row.rows_total),
            error=RunError.of(row.error),
            run_id=row.run_id,
            position=row.position,
            retry_at=row.retry_at,
            worker_id=row.worker_id,
            output_id=row.output_id,
            source_id=row.reused_from,
            partitions_total=row.partitions_total,
            partitions_done=row.partitions_done,
        )

    @property
    def key(self) -> BlockKey:
        """Where loaders find what belongs to it."""
        return self.run_id, self.position

    @strawberry.field
    async def attempts(self, info: Info) -> list[Attempt]:
        """Every attempt, the first one first."""
        ended = await info.context.load.attempts.load(self.key)
        return [*ended, *self._running()]

    @strawberry.field
    async def reused_from(self, info: Info) -> BlockRunRef | None:
        """The block of another run whose result it took over."""
        return await info.context.load.block(self.source_id) if self.source_id else None

    @strawberry.field
    async def worker(self, info: Info) -> WorkerRef | None:
        """The worker that runs it now."""
        return await info.context.load.worker.load(self.worker_id) if self.worker_id else None

    @strawberry.field
    async def inputs(self, info: Info) -> list[ArtifactRef]:
        """The data sets of its upstream blocks, as far as they left one, in definition order."""
        return await info.context.load.inputs(self.run_id, self.name)

    @strawberry.field
    async def artifacts(self, info: Info) -> list[ArtifactRef]:
        """What it made, in order of creation; of a reused block the data set that it took over."""
        load = info.context.load
        if self.source_id is None:
            return await load.artifacts_of_block.load(self.key)
        linked = await load.artifact.load(self.output_id) if self.output_id else None
        return [] if linked is None else [linked]

    @strawberry.field
    async def usage(self, info: Info) -> LlmUsage:
        """What it asked of language models."""
        return LlmUsage.of(await info.context.load.usage_of_block.load(self.key))

    @strawberry.field
    def partitions(self) -> Partitions | None:
        """How far the parts of its input are; null where it is not split, or has not begun."""
        if self.partitions_total is None:
            return None
        done = self.partitions_done or 0
        return Partitions(total=self.partitions_total, done=done, block=self.key)

    @strawberry.field
    def failed_rows(
        self, info: Info, first: First = UNSET, after: After = UNSET
    ) -> Connection[FailedRow]:
        """Rows that it could not deal with, by number."""
        return info.context.lists.failed_rows(self.id, first=first, after=after)

    @strawberry.field
    async def waiting_reasons(self, info: Info) -> list[WaitingReason]:
        """Why it does not move; empty when it runs, is over, or is about to be taken up."""
        return await waiting_of_block(info.context.load, self)

    def _running(self) -> list[Attempt]:
        # An attempt has a row of its own once it ended; until then it stands on the block's.
        if self.status is not BlockStatus.RUNNING or self.started_at is None:
            return []
        running = Attempt(
            number=self.attempt,
            status=AttemptStatus.RUNNING,
            started_at=self.started_at,
            finished_at=None,
            error=None,
            worker_id=self.worker_id,
        )
        return [running]
