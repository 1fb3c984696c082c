"""The changes that the subscription `runs` tells."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final, cast

import strawberry

from headrace.api.graphql.described import object_type
from headrace.api.graphql.enums import ChangeKind
from headrace.api.graphql.operation import Info
from headrace.api.graphql.runs import Run
from headrace.api.graphql.watching import Change, Membership
from headrace.live.run_changes import changed_runs
from headrace.services.core import Services
from headrace.store.reads.run_filters import RunFilter
from headrace.store.reads.runs import matching_runs, runs_by_id

BACK_MS: Final = 10_000


@object_type
class RunChange:
    """A change of a run in a watched list."""

    kind: ChangeKind = strawberry.field(description="What happened.")
    run_id: strawberry.ID = strawberry.field(description="The run it happened to.")

    @strawberry.field
    async def run(self, info: Info) -> Run | None:
        """The run; null when REMOVED (deleted, or no longer matching the filter)."""
        if self.kind is ChangeKind.REMOVED:
            return None
        return await info.context.load.run.load(self.run_id)


async def run_changes(services: Services, condition: RunFilter) -> AsyncGenerator[RunChange, None]:
    """Changes of the runs that meet a condition, beginning with those of the last 10 s."""
    async with services.store.snapshot() as snapshot:
        now = (await snapshot.moment()).now
    members = Membership(condition, began=now - BACK_MS)
    source = cast(AsyncGenerator[list[str], None], changed_runs(services.store, services.wakeups))
    async with aclosing(source) as batches:
        async for run_ids in batches:
            for change in await _changes(services, members, run_ids):
                yield RunChange(kind=change.kind, run_id=strawberry.ID(change.run_id))


async def _changes(services: Services, members: Membership, run_ids: Sequence[str]) -> list[Change]:
    async with services.store.snapshot() as snapshot:
        rows = await runs_by_id(snapshot, run_ids)
        eligible = await matching_runs(snapshot, run_ids, members.lasting)
    return members.changes(run_ids, rows, eligible)
