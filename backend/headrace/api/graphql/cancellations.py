"""A run's cancellation, as the API shows it."""

from typing import TYPE_CHECKING

import strawberry

from headrace.api.graphql.described import object_type
from headrace.api.graphql.enums import CancelStage
from headrace.api.graphql.operation import Info
from headrace.api.graphql.scalars import DateTime
from headrace.domain.cancellation import DEADLINE_MS, cancel_stage
from headrace.domain.lifecycle import RUN_TERMINAL
from headrace.store.reads.runs import RunRow

if TYPE_CHECKING:
    from headrace.api.graphql.runs import Run


@object_type
class Cancellation:
    """That a run was asked to stop, and how far that is."""

    requested_at: DateTime = strawberry.field(description="When it was asked for.")
    reason: str | None = strawberry.field(description="Why, in the words of who asked.")
    stage: CancelStage = strawberry.field(description="How hard it pushes by now.")
    deadline: DateTime = strawberry.field(
        description="The run is CANCELLED by then, while one Headrace process lives."
    )

    @classmethod
    def of(cls, row: RunRow, clock: int) -> "Cancellation":
        """As it is at `clock` (lease clock ms)."""
        assert row.cancel_requested_at is not None
        assert row.cancel_requested_clock is not None
        elapsed = clock - row.cancel_requested_clock
        return cls(
            requested_at=DateTime(row.cancel_requested_at),
            reason=row.cancel_reason,
            stage=cancel_stage(elapsed, done=row.status in RUN_TERMINAL),
            deadline=DateTime(row.cancel_requested_at + DEADLINE_MS),
        )


async def cancellation_of(root: "Run", info: Info) -> Cancellation | None:
    """How far the cancellation of a run is in the operation's moment; None: nobody asked."""
    if root.cancelled is None:
        return None
    async with info.context.reading() as snapshot:
        moment = await snapshot.moment()
    return Cancellation.of(root.cancelled, moment.clock)
