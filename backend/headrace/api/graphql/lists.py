"""Lists: the connections that types and the roots of the schema show, each in its own order."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from headrace.api.graphql.artifacts import Artifact
from headrace.api.graphql.batching import Reading
from headrace.api.graphql.blocks import FailedRow
from headrace.api.graphql.connections import (
    Connection,
    CountedConnection,
    asked,
    connection,
    counted_connection,
)
from headrace.api.graphql.datasets import Dataset
from headrace.api.graphql.enums import RunStatus
from headrace.api.graphql.events import RunEvent, event_of
from headrace.api.graphql.logs import LogLine
from headrace.api.graphql.pipelines import Pipeline, PipelineVersion
from headrace.api.graphql.queue import Queue, QueueShare
from headrace.api.graphql.run_inputs import RunFilterInput, run_filter
from headrace.api.graphql.runs import Run, RunStatusCount
from headrace.api.graphql.schedules import Schedule, ScheduleTick
from headrace.api.graphql.triggers import PoisonMessage, Trigger
from headrace.api.graphql.workers import Worker
from headrace.services import datasets
from headrace.services.core import Services
from headrace.store.database import Snapshot
from headrace.store.reads import (
    artifacts,
    events,
    logs,
    pipelines,
    queue,
    runs,
    schedules,
    triggers,
    workers,
)
from headrace.store.reads.keyset import MAX_LONG_PAGE
from headrace.store.reads.rows import Count, Page
from headrace.store.reads.run_filters import RunFilter

R = TypeVar("R")
T = TypeVar("T")


class Lists:
    """Reads pages in the operation's snapshot. `paging` is first, after, last and before."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def pipelines(
        self, condition: pipelines.PipelineFilter, **paging: Any
    ) -> CountedConnection[Pipeline]:
        """By name."""
        wanted = asked(pipelines.SCOPE, **paging)
        return await self._counted(
            pipelines.SCOPE,
            lambda snapshot: pipelines.pipeline_page(snapshot, wanted, condition),
            Pipeline.of,
            lambda snapshot: pipelines.pipeline_count(snapshot, condition),
        )

    async def versions(self, pipeline_id: str, **paging: Any) -> CountedConnection[PipelineVersion]:
        """Newest first."""
        scope = pipelines.versions_scope(pipeline_id)
        wanted = asked(scope, numeric=True, **paging)
        return await self._counted(
            scope,
            lambda snapshot: pipelines.version_page(snapshot, wanted, pipeline_id),
            PipelineVersion.of,
            lambda snapshot: pipelines.version_count(snapshot, pipeline_id),
        )

    async def runs(
        self, where: RunFilterInput | None, *, pipeline_id: str | None = None, **paging: Any
    ) -> CountedConnection[Run]:
        """Newest first."""
        return await self._runs(run_filter(where, pipeline_id=pipeline_id), paging)

    async def run_counts(self, where: RunFilterInput | None) -> list[RunStatusCount]:
        """In the order of a run's life; of those that a filter asks for."""
        condition = run_filter(where)
        async with self._reading() as snapshot:
            found = await runs.counts_by_status(snapshot, condition)
        asked_for = RunStatus if condition.status is None else condition.status
        return [
            RunStatusCount(status=status, count=found.get(status, 0))
            for status in RunStatus
            if status in asked_for
        ]

    async def reruns(self, run_id: str, **paging: Any) -> CountedConnection[Run]:
        """Newest first."""
        return await self._runs(RunFilter(parent_id=run_id), paging)

    async def _runs(self, condition: RunFilter, paging: dict[str, Any]) -> CountedConnection[Run]:
        wanted = asked(runs.SCOPE, **paging)
        return await self._counted(
            runs.SCOPE,
            lambda snapshot: runs.run_page(snapshot, wanted, condition),
            Run.of,
            lambda snapshot: runs.run_count(snapshot, condition),
        )

    async def schedules(self, **paging: Any) -> CountedConnection[Schedule]:
        """By name."""
        wanted = asked(schedules.SCOPE, **paging)
        return await self._counted(
            schedules.SCOPE,
            lambda snapshot: schedules.schedule_page(snapshot, wanted),
            Schedule.of,
            schedules.schedule_count,
        )

    async def ticks(self, schedule_id: str, **paging: Any) -> Connection[ScheduleTick]:
        """Newest first."""
        scope = schedules.ticks_scope(schedule_id)
        wanted = asked(scope, numeric=True, **paging)
        async with self._reading() as snapshot:
            page = await schedules.tick_page(snapshot, wanted, schedule_id)
        return connection(page.map(ScheduleTick.of), scope)

    async def timeline(
        self, run_id: str, last_seq: int, **paging: Any
    ) -> CountedConnection[RunEvent]:
        """By seq."""
        scope = events.events_scope(run_id)
        wanted = asked(scope, numeric=True, most=MAX_LONG_PAGE, **paging)
        async with self._reading() as snapshot:
            page = await events.event_page(snapshot, wanted, run_id)

        async def count() -> Count:
            return Count(last_seq)  # seqs count from 1 without gaps

        return counted_connection(page.map(event_of), scope, count)

    async def logs(
        self, run_id: str, condition: logs.LogFilter, **paging: Any
    ) -> Connection[LogLine]:
        """By seq."""
        scope = logs.logs_scope(run_id)
        wanted = asked(scope, numeric=True, most=MAX_LONG_PAGE, **paging)
        async with self._reading() as snapshot:
            page = await logs.log_page(snapshot, wanted, run_id, condition)
        return connection(page.map(LogLine.of), scope)

    async def artifacts(self, run_id: str, **paging: Any) -> CountedConnection[Artifact]:
        """In order of creation."""
        scope = artifacts.artifacts_scope(run_id)
        wanted = asked(scope, numeric=True, **paging)
        return await self._counted(
            scope,
            lambda snapshot: artifacts.artifact_page(snapshot, wanted, run_id),
            Artifact.of,
            lambda snapshot: artifacts.artifact_count(snapshot, run_id),
        )

    async def datasets(self, services: Services, **paging: Any) -> Connection[Dataset]:
        """By name, then by path: of the disk, not of the operation's moment."""
        wanted = asked(datasets.SCOPE, **paging)
        page = await datasets.list_datasets(services, wanted)
        return connection(page.map(Dataset.of), datasets.SCOPE)

    async def workers(self, alive: bool | None, **paging: Any) -> Connection[Worker]:
        """In the order of their start."""
        wanted = asked(workers.SCOPE, **paging)
        async with self._reading() as snapshot:
            page = await workers.worker_page(snapshot, wanted, alive)
        return connection(page.map(Worker.of), workers.SCOPE)

    async def triggers(self, **paging: Any) -> CountedConnection[Trigger]:
        """By name."""
        wanted = asked(triggers.SCOPE, **paging)
        return await self._counted(
            triggers.SCOPE,
            lambda snapshot: triggers.trigger_page(snapshot, wanted),
            Trigger.of,
            triggers.trigger_count,
        )

    async def poison(self, trigger_id: str, **paging: Any) -> CountedConnection[PoisonMessage]:
        """Newest first."""
        scope = triggers.poison_scope(trigger_id)
        wanted = asked(scope, **paging)

        async def count(snapshot: Snapshot) -> Count:
            found = await triggers.poison_counts(snapshot, [trigger_id])
            return Count(found.get(trigger_id, 0))

        return await self._counted(
            scope,
            lambda snapshot: triggers.poison_page(snapshot, wanted, trigger_id),
            PoisonMessage.of,
            count,
        )

    async def queue(self) -> Queue:
        """The whole queue."""
        async with self._reading() as snapshot:
            return Queue.of(await queue.queue_totals(snapshot))

    async def shares(self, run_id: str | None, **paging: Any) -> Connection[QueueShare]:
        """The oldest run first."""
        wanted = asked(queue.SCOPE, **paging)
        async with self._reading() as snapshot:
            page = await queue.share_page(snapshot, wanted, run_id)
        return connection(page.map(QueueShare.of), queue.SCOPE)

    def failed_rows(self, block_id: str, **paging: Any) -> Connection[FailedRow]:
        """None yet: no block collects rows of its own accord."""
        scope = f"row:{block_id}"
        asked(scope, numeric=True, **paging)
        nothing: Page[FailedRow] = Page([], [])
        return connection(nothing, scope)

    async def _counted(
        self,
        scope: str,
        read: Callable[[Snapshot], Awaitable[Page[R]]],
        make: Callable[[R], T],
        count: Callable[[Snapshot], Awaitable[Count]],
    ) -> CountedConnection[T]:
        """A page of a list whose rows are counted once somebody asks how many there are."""

        async def counted() -> Count:
            async with self._reading() as snapshot:
                return await count(snapshot)

        async with self._reading() as snapshot:
            page = await read(snapshot)
        return counted_connection(page.map(make), scope, counted)
