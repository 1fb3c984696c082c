"""A run, as the API shows it."""

from typing import Annotated

import strawberry
from strawberry import UNSET, Private

from headrace.api.graphql.blocks import BlockRun
from headrace.api.graphql.cancellations import Cancellation, cancellation_of
from headrace.api.graphql.connections import (
    After,
    Before,
    Connection,
    CountedConnection,
    First,
    LongFirst,
    LongLast,
)
from headrace.api.graphql.described import object_type
from headrace.api.graphql.details import LlmUsage, RunError, WaitingReason
from headrace.api.graphql.enums import RunStatus, RunTrigger
from headrace.api.graphql.events import RunEvent
from headrace.api.graphql.graphs import Graph
from headrace.api.graphql.interfaces import Node
from headrace.api.graphql.logs import (
    LinesFrom,
    LinesOfAttempt,
    LinesOfBlock,
    LinesOfLevel,
    LinesTo,
    LinesWith,
    LogLine,
)
from headrace.api.graphql.operation import Info
from headrace.api.graphql.pipelines import Pipeline, PipelineVersion
from headrace.api.graphql.progress import Progress
from headrace.api.graphql.references import ArtifactRef, RunRef, ScheduleRef
from headrace.api.graphql.run_inputs import log_filter
from headrace.api.graphql.scalars import (
    JSON,
    BigInt,
    Cursor,
    DateTime,
    JsonText,
    optional_time,
)
from headrace.api.graphql.waiting import waiting_of_run
from headrace.store.reads.events import event_cursor
from headrace.store.reads.runs import RunRow


@object_type
class Label:
    """A label of a run."""

    key: str = strawberry.field(description="Unique within the run.")
    value: str = strawberry.field(description="Its value.")


@object_type
class RunStatusCount:
    """How many runs stand somewhere."""

    status: RunStatus = strawberry.field(description="Where they stand.")
    count: int = strawberry.field(description="How many.")


@object_type
class Budget:
    """What a run may spend on language models."""

    cost_usd: float | None = strawberry.field(description="At most so many US dollars.")
    tokens: BigInt | None = strawberry.field(description="At most so many tokens.")


@object_type
class Run(Node):
    """One execution of a pipeline version. All that one operation shows of it is of one moment."""

    status: RunStatus = strawberry.field(description="Where it stands.")
    status_reason: str | None = strawberry.field(description="Why it stands there, in words.")
    trigger: RunTrigger = strawberry.field(description="Who started it.")
    params: JSON = strawberry.field(description="The values of its params, defaults filled in.")
    priority: int = strawberry.field(description="-100..100; higher goes first.")
    created_at: DateTime = strawberry.field(description="When it was queued.")
    started_at: DateTime | None = strawberry.field(description="When its first block was taken up.")
    finished_at: DateTime | None = strawberry.field(description="When it ended.")
    error: RunError | None = strawberry.field(description="Why it failed: its first error.")
    cancellation: Cancellation | None = strawberry.field(
        resolver=cancellation_of, description="Its cancellation, once that was asked for."
    )
    cursor: Cursor = strawberry.field(
        description="The event that this snapshot reflects: subscribe to runEvents after it."
    )
    budget: Budget | None = strawberry.field(
        default=None, description="What it may spend; null: no limit."
    )
    pipeline_id: Private[str]
    version_id: Private[str]
    parent_id: Private[str | None]
    schedule_id: Private[str | None]
    last_seq: Private[int]
    cancelled: Private[RunRow | None]

    @classmethod
    def of(cls, row: RunRow) -> "Run":
        return cls(
            id=strawberry.ID(row.id),
            status=RunStatus(row.status),
            status_reason=row.status_reason,
            trigger=RunTrigger(row.trigger),
            params=JSON(JsonText(row.params)),
            priority=row.priority,
            created_at=DateTime(row.created_at),
            started_at=optional_time(row.started_at),
            finished_at=optional_time(row.finished_at),
            error=RunError.of(row.error),
            cursor=Cursor(event_cursor(row.id, row.last_seq)),
            pipeline_id=row.pipeline_id,
            version_id=row.version_id,
            parent_id=row.parent_id,
            schedule_id=row.schedule_id,
            last_seq=row.last_seq,
            cancelled=None if row.cancel_requested_at is None else row,
        )

    @strawberry.field
    async def pipeline(self, info: Info) -> Pipeline:
        """The pipeline that it runs."""
        return await info.context.load.pipeline_there(self.pipeline_id)

    @strawberry.field
    async def version(self, info: Info) -> PipelineVersion:
        """The version of the pipeline that it runs."""
        return await info.context.load.version_there(self.version_id)

    @strawberry.field
    async def schedule(self, info: Info) -> ScheduleRef | None:
        """The schedule that started it; null where none did, or once it is deleted."""
        if self.schedule_id is None:
            return None
        return await info.context.load.schedule.load(self.schedule_id)

    @strawberry.field
    async def labels(self, info: Info) -> list[Label]:
        """Its labels, by key."""
        pairs = await info.context.load.labels.load(self.id)
        return [Label(key=key, value=value) for key, value in pairs]

    @strawberry.field
    async def progress(self, info: Info) -> Progress:
        """How far it is."""
        return Progress.of(await info.context.load.progress.load(self.id))

    @strawberry.field
    async def graph(self, info: Info) -> Graph:
        """The graph of its version, each node with its block in this run."""
        load = info.context.load
        blocks = await load.blocks_of_run.load(self.id)
        return Graph.of(await load.definition.load(self.version_id), blocks)

    @strawberry.field
    async def blocks(self, info: Info) -> list[BlockRun]:
        """Its blocks in definition order."""
        return await info.context.load.blocks_of_run.load(self.id)

    @strawberry.field
    async def block(
        self,
        info: Info,
        name: Annotated[str, strawberry.argument(description="The block's name.")],
    ) -> BlockRun | None:
        """The block of this name."""
        blocks = await info.context.load.blocks_of_run.load(self.id)
        return next((block for block in blocks if block.name == name), None)

    @strawberry.field
    async def timeline(
        self,
        info: Info,
        first: LongFirst = UNSET,
        after: After = UNSET,
        last: LongLast = UNSET,
        before: Before = UNSET,
    ) -> CountedConnection[RunEvent]:
        """Its events of record, by seq. Cursors are those of runEvents too."""
        return await info.context.lists.timeline(
            self.id, self.last_seq, first=first, after=after, last=last, before=before
        )

    @strawberry.field
    async def logs(
        self,
        info: Info,
        *,
        first: LongFirst = UNSET,
        after: After = UNSET,
        last: LongLast = UNSET,
        before: Before = UNSET,
        block: LinesOfBlock = UNSET,
        attempt: LinesOfAttempt = UNSET,
        min_level: LinesOfLevel = UNSET,
        search: LinesWith = UNSET,
        from_seq: LinesFrom = UNSET,
        to_seq: LinesTo = UNSET,
    ) -> Connection[LogLine]:
        """Its log lines, by seq. Cursors are those of the logs subscription too."""
        condition = log_filter(
            block=block,
            attempt=attempt,
            min_level=min_level,
            search=search,
            from_seq=from_seq,
            to_seq=to_seq,
        )
        return await info.context.lists.logs(
            self.id, condition, first=first, after=after, last=last, before=before
        )

    @strawberry.field
    async def artifacts(
        self, info: Info, first: First = UNSET, after: After = UNSET
    ) -> CountedConnection[ArtifactRef]:
        """What its blocks made, in order of creation."""
        return await info.context.lists.artifacts(self.id, first=first, after=after)

    @strawberry.field
    async def usage(self, info: Info) -> LlmUsage:
        """What its blocks asked of language models."""
        return LlmUsage.of(await info.context.load.usage_of_run.load(self.id))

    @strawberry.field
    async def waiting_reasons(self, info: Info) -> list[WaitingReason]:
        """Why it does not move; empty when a block of it runs or is about to, or it is over."""
        return await waiting_of_run(info.context.load, self)

    @strawberry.field
    async def parent(self, info: Info) -> RunRef | None:
        """The run that it is a rerun of."""
        return await info.context.load.run.load(self.parent_id) if self.parent_id else None

    @strawberry.field
    async def reruns(
        self, info: Info, first: First = UNSET, after: After = UNSET
    ) -> CountedConnection[RunRef]:
        """The reruns of this run, newest first."""
        return await info.context.lists.reruns(self.id, first=first, after=after)
