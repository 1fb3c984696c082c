"""Loaders: what types refer to, fetched for all of an operation's objects at once.

One loader per relation, made when it is first used and kept for one moment of the database. Each
asks in one statement for everything that one step of the execution wants.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias, TypeVar

from strawberry.dataloader import DataLoader

from headrace.api.errors import ApiError, Code
from headrace.api.graphql.artifacts import Artifact
from headrace.api.graphql.batching import Reading, many_of, one_of, sum_of
from headrace.api.graphql.blocks import Attempt, BlockRun
from headrace.api.graphql.pipelines import Pipeline, PipelineVersion
from headrace.api.graphql.runs import Run
from headrace.api.graphql.schedules import Schedule, ScheduleTick
from headrace.api.graphql.triggers import PoisonMessage, Trigger, TriggerPlace
from headrace.api.graphql.workers import Worker
from headrace.domain.definition import Definition
from headrace.domain.ids import split_block_id
from headrace.domain.lifecycle import BlockStatus
from headrace.domain.waiting import Line
from headrace.store.reads import (
    artifacts,
    blocks,
    partitions,
    pipelines,
    runs,
    schedules,
    triggers,
    usage,
    workers,
)
from headrace.store.reads.blocks import BlockKey, RunProgress
from headrace.store.reads.definitions import definitions_of
from headrace.store.reads.partitions import PartitionCounts
from headrace.store.reads.usage import UsageSums
from headrace.store.reads.waiting import line_now

T = TypeVar("T")

VersionNumber: TypeAlias = tuple[str, int]
"""(pipeline id, version number)"""


class Loaders:
    """Finds objects by their ids, or by those they belong to, in the operation's snapshot."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    @cached_property
    def pipeline(self) -> DataLoader[str, Pipeline | None]:
        return one_of(self._reading, pipelines.pipelines_by_id, Pipeline.of)

    @cached_property
    def version(self) -> DataLoader[str, PipelineVersion | None]:
        return one_of(self._reading, pipelines.versions_by_id, PipelineVersion.of)

    @cached_property
    def version_by_number(self) -> DataLoader[VersionNumber, PipelineVersion | None]:
        return one_of(self._reading, pipelines.versions_by_number, PipelineVersion.of)

    @cached_property
    def definition(self) -> DataLoader[str, Definition]:
        """By version id; the version must be there."""

        async def batch(keys: list[str]) -> Sequence[Definition]:
            async with self._reading() as snapshot:
                found = await definitions_of(snapshot, keys)
            return [found[key] for key in keys]

        return DataLoader(batch)

    @cached_property
    def run(self) -> DataLoader[str, Run | None]:
        return one_of(self._reading, runs.runs_by_id, Run.of)

    @cached_property
    def trigger(self) -> DataLoader[str, Trigger | None]:
        return one_of(self._reading, triggers.triggers_by_id, Trigger.of)

    @cached_property
    def trigger_places(self) -> DataLoader[str, list[TriggerPlace]]:
        """By trigger id."""
        return many_of(self._reading, triggers.places_of, TriggerPlace.of)

    @cached_property
    def poison(self) -> DataLoader[str, PoisonMessage | None]:
        return one_of(self._reading, triggers.poison_by_id, PoisonMessage.of)

    @cached_property
    def poison_count(self) -> DataLoader[str, int]:
        """By trigger id."""
        return sum_of(self._reading, triggers.poison_counts, 0)

    @cached_property
    def labels(self) -> DataLoader[str, list[tuple[str, str]]]:
        return many_of(self._reading, runs.labels_of, lambda pair: pair)

    @cached_property
    def progress(self) -> DataLoader[str, RunProgress]:
        """By run id."""
        return sum_of(self._reading, blocks.progress_of_runs, blocks.NO_PROGRESS)

    @cached_property
    def blocks_of_run(self) -> DataLoader[str, list[BlockRun]]:
        return many_of(self._reading, blocks.blocks_of_runs, BlockRun.of)

    @cached_property
    def statuses(self) -> DataLoader[str, dict[str, BlockStatus]]:
        """By run id: of its blocks by name, made once for all that ask for their neighbours'."""

        async def batch(keys: list[str]) -> Sequence[dict[str, BlockStatus]]:
            found = await self.blocks_of_run.load_many(keys)
            return [{block.name: block.status for block in blocks} for blocks in found]

        return DataLoader(batch)

    @cached_property
    def block_by_key(self) -> DataLoader[BlockKey, BlockRun | None]:
        return one_of(self._reading, blocks.blocks_by_key, BlockRun.of)

    @cached_property
    def blocks_held_by(self) -> DataLoader[str, list[BlockRun]]:
        """By worker id."""
        return many_of(self._reading, blocks.blocks_held_by, BlockRun.of)

    @cached_property
    def attempts(self) -> DataLoader[BlockKey, list[Attempt]]:
        """Those that ended."""
        return many_of(self._reading, blocks.attempts_of_blocks, Attempt.of)

    @cached_property
    def usage_of_run(self) -> DataLoader[str, UsageSums]:
        return sum_of(self._reading, usage.usage_of_runs, usage.NO_USAGE)

    @cached_property
    def usage_of_block(self) -> DataLoader[BlockKey, UsageSums]:
        return sum_of(self._reading, usage.usage_of_blocks, usage.NO_USAGE)

    @cached_property
    def partitions_of_block(self) -> DataLoader[BlockKey, PartitionCounts]:
        return sum_of(self._reading, partitions.partitions_of_blocks, partitions.NO_PARTITIONS)

    @cached_property
    def artifact(self) -> DataLoader[str, Artifact | None]:
        return one_of(self._reading, artifacts.artifacts_by_id, Artifact.of)

    @cached_property
    def artifacts_of_block(self) -> DataLoader[BlockKey, list[Artifact]]:
        return many_of(self._reading, artifacts.artifacts_of_blocks, Artifact.of)

    @cached_property
    def worker(self) -> DataLoader[str, Worker | None]:
        return one_of(self._reading, workers.workers_by_id, Worker.of)

    @cached_property
    def schedule(self) -> DataLoader[str, Schedule | None]:
        return one_of(self._reading, schedules.schedules_by_id, Schedule.of)

    @cached_property
    def schedules_of_pipeline(self) -> DataLoader[str, list[Schedule]]:
        return many_of(self._reading, schedules.schedules_of_pipelines, Schedule.of)

    @cached_property
    def last_tick(self) -> DataLoader[str, ScheduleTick | None]:
        """By schedule id."""
        return one_of(self._reading, schedules.last_ticks, ScheduleTick.of)

    @cached_property
    def active_runs(self) -> DataLoader[str, list[str]]:
        """By schedule id: the ids of its runs that have not ended."""
        return many_of(self._reading, schedules.active_runs, str)

    async def line(self) -> Line:
        """The blocks that wait for a worker, and the workers."""
        return await self._line.load(None)

    async def block(self, block_id: str) -> BlockRun | None:
        """The block run of this id."""
        key = split_block_id(block_id)
        return None if key is None else await self.block_by_key.load(key)

    async def pipeline_by_name(self, name: str) -> Pipeline | None:
        """The pipeline of this name, archived or not."""
        async with self._reading() as snapshot:
            row = await pipelines.pipeline_by_name(snapshot, name)
        return None if row is None else Pipeline.of(row)

    async def schedule_by_name(self, name: str) -> Schedule | None:
        """The schedule of this name."""
        async with self._reading() as snapshot:
            row = await schedules.schedule_by_name(snapshot, name)
        return None if row is None else Schedule.of(row)

    async def trigger_by_name(self, name: str) -> Trigger | None:
        """The trigger of this name."""
        async with self._reading() as snapshot:
            row = await triggers.trigger_named(snapshot, name)
        return None if row is None else Trigger.of(row)

    async def latest_definition(self, pipeline_id: str, number: int) -> Definition:
        """The definition of a pipeline's version, which must be there."""
        return await self.definition.load((await self.version_at(pipeline_id, number)).id)

    async def inputs(self, run_id: str, block: str) -> list[Artifact]:
        """The data sets of a block's upstream blocks, as far as they left one."""
        run = await self.run_there(run_id)
        definition = await self.definition.load(run.version_id)
        outputs = {each.name: each.output_id for each in await self.blocks_of_run.load(run_id)}
        upstream = [outputs.get(name) for name in definition.graph.upstream(block)]
        found = await self.artifact.load_many([each for each in upstream if each is not None])
        return [artifact for artifact in found if artifact is not None]

    async def pipeline_there(self, pipeline_id: str) -> Pipeline:
        """A pipeline that something refers to. Raises ApiError GONE, as the others here do."""
        return _there(await self.pipeline.load(pipeline_id), "pipeline", pipeline_id)

    async def version_there(self, version_id: str) -> PipelineVersion:
        return _there(await self.version.load(version_id), "version", version_id)

    async def version_at(self, pipeline_id: str, number: int) -> PipelineVersion:
        found = await self.version_by_number.load((pipeline_id, number))
        return _there(found, "version", f"{number} of {pipeline_id}")

    async def run_there(self, run_id: str) -> Run:
        return _there(await self.run.load(run_id), "run", run_id)

    async def schedule_there(self, schedule_id: str) -> Schedule:
        return _there(await self.schedule.load(schedule_id), "schedule", schedule_id)

    async def trigger_there(self, trigger_id: str) -> Trigger:
        return _there(await self.trigger.load(trigger_id), "trigger", trigger_id)

    async def artifact_there(self, artifact_id: str) -> Artifact:
        return _there(await self.artifact.load(artifact_id), "artifact", artifact_id)

    @cached_property
    def _line(self) -> DataLoader[None, Line]:
        async def batch(keys: list[None]) -> Sequence[Line]:
            async with self._reading() as snapshot:
                return [await line_now(snapshot)] * len(keys)

        return DataLoader(batch)


def _there(found: T | None, what: str, name: str) -> T:
    if found is None:
        raise ApiError(Code.GONE, f"The {what} {name} is gone")
    return found
