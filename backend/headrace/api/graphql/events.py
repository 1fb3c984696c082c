"""The events of record of a run, as the API shows them."""

from typing import TypedDict

import strawberry
from strawberry import Private

from headrace.api.graphql.described import interface_type, object_type
from headrace.api.graphql.details import RunError
from headrace.api.graphql.enums import BlockStatus, RunEventKind, RunStatus
from headrace.api.graphql.operation import Info
from headrace.api.graphql.references import ArtifactRef
from headrace.api.graphql.scalars import BigInt, Cursor, DateTime, optional_big
from headrace.domain.events import RUN_STATUS_OF
from headrace.live.reads import ProgressRow
from headrace.live.run_events import EventPage
from headrace.store.reads.events import EventRow, event_cursor


@interface_type
class RunEvent:
    """An event of record: a transition, an artifact, or a lost worker."""

    seq: int = strawberry.field(description="Counts from 1 within the run, without gaps.")
    cursor: Cursor = strawberry.field(description="What comes after it, in both places.")
    timestamp: DateTime = strawberry.field(description="When it happened.")
    kind: RunEventKind = strawberry.field(description="What happened.")
    message: str = strawberry.field(description="What happened, for people.")


@object_type
class RunStateChanged(RunEvent):
    """The run reached a state."""

    status: RunStatus = strawberry.field(description="The state.")
    error: RunError | None = strawberry.field(description="Why the run failed.")


@object_type
class BlockStateChanged(RunEvent):
    """A block reached a state."""

    block: str = strawberry.field(description="The block's name.")
    status: BlockStatus = strawberry.field(description="The state.")
    attempt: int = strawberry.field(description="The attempt; 0 before the first claim.")
    error: RunError | None = strawberry.field(description="Why the attempt failed.")


@object_type
class ArtifactCreated(RunEvent):
    """A block made an artifact."""

    block: str = strawberry.field(description="The block's name.")
    artifact_id: Private[str]

    @strawberry.field
    async def artifact(self, info: Info) -> ArtifactRef:
        """The artifact."""
        return await info.context.load.artifact_there(self.artifact_id)


@object_type
class WorkerLost(RunEvent):
    """The worker of a running block was lost."""

    block: str = strawberry.field(description="The block's name.")
    attempt: int = strawberry.field(description="The attempt that was lost with it.")
    worker: str = strawberry.field(description="The worker's id.")


@object_type
class BlockProgress:
    """The latest progress of a running block: no event of record, never replayed."""

    block: str = strawberry.field(description="The block's name.")
    attempt: int = strawberry.field(description="The attempt that runs.")
    rows_done: BigInt = strawberry.field(description="Rows it has dealt with.")
    rows_total: BigInt | None = strawberry.field(description="All its rows, where that is known.")
    partitions_done: int | None = strawberry.field(
        description="Parts of its input that are done; null where it is not split."
    )
    partitions_total: int | None = strawberry.field(description="All parts of its input.")
    timestamp: DateTime = strawberry.field(description="When it was so.")

    @classmethod
    def of(cls, row: ProgressRow) -> "BlockProgress":
        return cls(
            block=row.block,
            attempt=row.attempt,
            rows_done=BigInt(row.rows_done),
            rows_total=optional_big(row.rows_total),
            partitions_done=row.partitions_done,
            partitions_total=row.partitions_total,
            timestamp=DateTime(row.at),
        )


@object_type
class RunEventBatch:
    """Events of record, or progress; never both.

    All events with afterSeq < seq <= throughSeq that match `kinds`. A batch whose events were all
    filtered out is not sent, except the last. The first progress batch follows the backlog and
    carries every running block's, whatever `kinds` says.
    """

    after_seq: int = strawberry.field(
        description="The throughSeq of the batch sent before it; of the first one the position of "
        "`after`, 0 for null. Of a progress batch it is throughSeq."
    )
    through_seq: int = strawberry.field(
        description="The last seq that this batch passes over, filtered events included."
    )
    events: list[RunEvent] = strawberry.field(description="The events, by seq.")
    progress: list[BlockProgress] = strawberry.field(
        description="The latest value of each block that moved."
    )
    cursor: Cursor = strawberry.field(description="The place after throughSeq.")
    status: RunStatus = strawberry.field(description="The run's status at throughSeq.")

    @classmethod
    def of(cls, run_id: str, page: EventPage) -> "RunEventBatch":
        return cls(
            after_seq=page.after_seq,
            through_seq=page.through_seq,
            events=[event_of(row) for row in page.events],
            progress=[BlockProgress.of(row) for row in page.progress],
            cursor=Cursor(event_cursor(run_id, page.through_seq)),
            status=page.status,
        )


EVENT_TYPES = (RunStateChanged, BlockStateChanged, ArtifactCreated, WorkerLost)


class _Common(TypedDict):
    """What every event tells."""

    seq: int
    cursor: Cursor
    timestamp: DateTime
    kind: RunEventKind
    message: str


def event_of(row: EventRow) -> RunEvent:
    """The event that a row holds, as the type that its kind says."""
    kind = RunEventKind(row.kind)
    common: _Common = {
        "seq": row.seq,
        "cursor": Cursor(event_cursor(row.run_id, row.seq)),
        "timestamp": DateTime(row.at),
        "kind": kind,
        "message": row.message,
    }
    if kind in RUN_STATUS_OF:
        return RunStateChanged(
            **common,
            status=RUN_STATUS_OF[kind],
            error=RunError.of(row.error),
        )
    block = row.block or ""
    if kind is RunEventKind.ARTIFACT_CREATED:
        return ArtifactCreated(
            **common,
            block=block,
            artifact_id=row.ref or "",
        )
    if kind is RunEventKind.WORKER_LOST:
        return WorkerLost(
            **common,
            block=block,
            attempt=row.attempt or 0,
            worker=row.ref or "",
        )
    return BlockStateChanged(
        **common,
        block=block,
        status=BlockStatus(row.status or ""),
        attempt=row.attempt or 0,
        error=RunError.of(row.error),
    )
