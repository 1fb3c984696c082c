"""The root of mutations: each reads its input, calls one service, and maps the outcome.

A payload is read in a snapshot that was opened after the commit.
"""

from typing import TypedDict

import strawberry

from headrace.api.graphql import (
    data_outcomes,
    pipeline_outcomes,
    run_outcomes,
    schedule_outcomes,
    trigger_outcomes,
)
from headrace.api.graphql.described import object_type
from headrace.api.graphql.mutation_arguments import (
    ArchivePipelineArg,
    CancelRunsArg,
    CleanupArg,
    DeleteScheduleArg,
    DeleteTriggerArg,
    DismissPoisonMessageArg,
    ImportPipelineArg,
    PauseScheduleArg,
    PauseTriggerArg,
    PublishMessageArg,
    RerunArg,
    ResumeScheduleArg,
    ResumeTriggerArg,
    SaveScheduleArg,
    SaveTriggerArg,
    SignArtifactArg,
    StartRunArg,
    SynthesizeDatasetArg,
)
from headrace.api.graphql.operation import Info
from headrace.api.graphql.pipeline_inputs import source_of
from headrace.api.graphql.rerun_plans import rerun_of
from headrace.api.graphql.results import (
    ArchivePipelineResult,
    CancelRunsResult,
    CleanupResult,
    ImportPipelineResult,
    PublishMessageResult,
    RerunResult,
    SignArtifactResult,
    StartRunResult,
    SynthesizeDatasetResult,
)
from headrace.api.graphql.run_cancels import cancel
from headrace.api.graphql.run_inputs import given, idempotency_key
from headrace.api.graphql.run_starts import start_of
from headrace.api.graphql.schedule_inputs import note_of, schedule_of
from headrace.api.graphql.schedule_outcomes import (
    DeleteScheduleResult,
    PauseScheduleResult,
    ResumeScheduleResult,
    SaveScheduleResult,
)
from headrace.api.graphql.streams import topic_name
from headrace.api.graphql.trigger_inputs import definition_of
from headrace.api.graphql.trigger_outcomes import (
    DeleteTriggerResult,
    DismissPoisonMessageResult,
    SaveTriggerResult,
    TriggerResult,
)
from headrace.services import (
    artifacts,
    cleanup,
    datasets,
    pipelines,
    reruns,
    runs,
    schedules,
    triggers,
)


class _By(TypedDict):
    """Who asks, and the key that makes a repeat of it one and the same."""

    principal: str
    idempotency_key: str | None


def _by(info: Info, key: str | None) -> _By:
    return {"principal": info.context.caller.principal, "idempotency_key": idempotency_key(key)}


@object_type
class Mutation:
    """What changes something. Each takes one `input` and gives a union: its success, or a failure
    that implements `Error`. What it gives is read after its commit.

    With an idempotencyKey (1..255 printable characters) a repeat of the same input by the same
    principal gives the same member and objects, their fields as they are now, for 24 hours; GONE if
    an object went. The same key with another input is an IdempotencyConflict, and failures are not
    kept. The key is kept in the transaction of the effect itself, but by publishMessage and
    synthesizeDataset after theirs: at least once.
    """

    @strawberry.mutation
    async def import_pipeline(self, info: Info, asked: ImportPipelineArg) -> ImportPipelineResult:
        """Keeps a definition as a pipeline, or as a new version of the pipeline of its name."""
        context = info.context
        outcome = await pipelines.import_pipeline(
            context.services,
            source=source_of(asked.source),
            replace_if_exists=given(asked.replace_if_exists),
            **_by(info, asked.idempotency_key),
            grants=context.caller.grants,
        )
        return await pipeline_outcomes.imported(context, outcome)

    @strawberry.mutation
    async def archive_pipeline(
        self, info: Info, asked: ArchivePipelineArg
    ) -> ArchivePipelineResult:
        """Takes a pipeline out of use; its runs go on and stay. Importing it again revives it."""
        outcome = await pipelines.archive_pipeline(
            info.context.services,
            asked.name,
            **_by(info, asked.idempotency_key),
        )
        return await pipeline_outcomes.archived(info.context, asked.name, outcome)

    @strawberry.mutation
    async def start_run(self, info: Info, asked: StartRunArg) -> StartRunResult:
        """Queues a run of a pipeline."""
        caller = info.context.caller
        outcome = await runs.start_run(
            info.context.services,
            start_of(asked, trigger=caller.trigger, grants=caller.grants),
            **_by(info, asked.idempotency_key),
        )
        return await run_outcomes.started(info.context, asked.pipeline, outcome)

    @strawberry.mutation
    async def cancel_runs(self, info: Info, asked: CancelRunsArg) -> CancelRunsResult:
        """Asks runs to stop, in bulk, with a result for each."""
        return await run_outcomes.cancelled(info.context, await cancel(info.context, asked))

    @strawberry.mutation
    async def rerun(self, info: Info, asked: RerunArg) -> RerunResult:
        """Queues a run that repeats another one. What it reuses is linked and has succeeded."""
        outcome = await reruns.rerun(
            info.context.services,
            rerun_of(asked.run_id, asked.from_, asked.blocks, asked.version),
            **_by(info, asked.idempotency_key),
        )
        return await run_outcomes.rerun(info.context, outcome)

    @strawberry.mutation
    async def save_schedule(self, info: Info, asked: SaveScheduleArg) -> SaveScheduleResult:
        """Keeps a schedule, new or in the place of the one of its name."""
        outcome = await schedules.save_schedule(
            info.context.services,
            schedule_of(asked),
            **_by(info, asked.idempotency_key),
        )
        return await schedule_outcomes.saved(info.context, asked.pipeline, outcome)

    @strawberry.mutation
    async def pause_schedule(self, info: Info, asked: PauseScheduleArg) -> PauseScheduleResult:
        """Stops a schedule's ticks until it is resumed. One that is paused gets the new note."""
        outcome = await schedules.pause_schedule(
            info.context.services,
            asked.name,
            note_of(asked),
            **_by(info, asked.idempotency_key),
        )
        return await schedule_outcomes.paused(info.context, asked.name, outcome)

    @strawberry.mutation
    async def resume_schedule(self, info: Info, asked: ResumeScheduleArg) -> ResumeScheduleResult:
        """Lets a schedule tick from now on; what passed meanwhile is not made good."""
        outcome = await schedules.resume_schedule(
            info.context.services,
            asked.name,
            **_by(info, asked.idempotency_key),
        )
        return await schedule_outcomes.resumed(info.context, asked.name, outcome)

    @strawberry.mutation
    async def delete_schedule(self, info: Info, asked: DeleteScheduleArg) -> DeleteScheduleResult:
        """Deletes a schedule with what became of its ticks; its runs go on and stay."""
        outcome = await schedules.delete_schedule(
            info.context.services,
            asked.name,
            **_by(info, asked.idempotency_key),
        )
        return schedule_outcomes.deleted(asked.name, outcome)

    @strawberry.mutation
    async def sign_artifact(self, info: Info, asked: SignArtifactArg) -> SignArtifactResult:
        """Makes a URL that downloads an artifact with no key until it expires."""
        outcome = await artifacts.sign(
            info.context.services, asked.artifact_id, given(asked.ttl_seconds)
        )
        return await data_outcomes.signed(info.context, outcome)

    @strawberry.mutation
    async def synthesize_dataset(
        self, info: Info, asked: SynthesizeDatasetArg
    ) -> SynthesizeDatasetResult:
        """Writes a CSV of synthetic messages, complete or not at all."""
        caller = info.context.caller
        outcome = await datasets.synthesize(
            info.context.services,
            count=asked.count,
            output_path=given(asked.output_path),
            seed=given(asked.seed),
            **_by(info, asked.idempotency_key),
            grants=caller.grants,
        )
        return data_outcomes.synthesized(outcome)

    @strawberry.mutation
    async def cleanup(self, info: Info, asked: CleanupArg) -> CleanupResult:
        """Deletes old finished runs and what only they had; dryRun says what would go."""
        outcome = await cleanup.cleanup(
            info.context.services,
            older_than_days=asked.older_than_days,
            dry_run=asked.dry_run,
            **_by(info, asked.idempotency_key),
        )
        return await data_outcomes.cleaned(info.context, outcome)

    @strawberry.mutation
    async def publish_message(self, info: Info, asked: PublishMessageArg) -> PublishMessageResult:
        """Publishes a message to a stream."""
        context = info.context
        outcome = await context.services.streams.publish(
            topic=topic_name(asked.topic),
            key=given(asked.key),
            value=asked.value,
            **_by(info, asked.idempotency_key),
        )
        return data_outcomes.published(outcome)

    @strawberry.mutation
    async def save_trigger(self, info: Info, asked: SaveTriggerArg) -> SaveTriggerResult:
        """Keeps a trigger, new or over the one of its name. It reads unless it was paused."""
        outcome = await triggers.save_trigger(
            info.context.services,
            definition_of(asked),
            **_by(info, asked.idempotency_key),
        )
        return await trigger_outcomes.saved(info.context, asked.pipeline, outcome)

    @strawberry.mutation
    async def pause_trigger(self, info: Info, asked: PauseTriggerArg) -> TriggerResult:
        """Stops a trigger where it is; messages wait in their topic."""
        outcome = await triggers.pause_trigger(
            info.context.services, asked.name, given(asked.reason)
        )
        return await trigger_outcomes.changed(info.context, outcome)

    @strawberry.mutation
    async def resume_trigger(self, info: Info, asked: ResumeTriggerArg) -> TriggerResult:
        """Lets a trigger go on where it stopped, or begin its topic anew."""
        outcome = await triggers.resume_trigger(
            info.context.services, asked.name, given(asked.start)
        )
        return await trigger_outcomes.changed(info.context, outcome)

    @strawberry.mutation
    async def delete_trigger(self, info: Info, asked: DeleteTriggerArg) -> DeleteTriggerResult:
        """Deletes a trigger and its poison messages; the runs that it started stay."""
        outcome = await triggers.delete_trigger(info.context.services, asked.name)
        return trigger_outcomes.deleted(outcome)

    @strawberry.mutation
    async def dismiss_poison_message(
        self, info: Info, asked: DismissPoisonMessageArg
    ) -> DismissPoisonMessageResult:
        """Forgets a message that could start no run and that somebody has seen to."""
        outcome = await triggers.dismiss_poison(info.context.services, asked.id)
        return trigger_outcomes.dismissed(outcome)
