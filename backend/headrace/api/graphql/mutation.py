"""The root of mutations: each reads its input, calls one service, and maps the outcome.

A payload is read in a snapshot that was opened after the commit.
"""

from typing import Annotated, Final, TypeAlias

import strawberry

from headrace.api.graphql import data_outcomes, pipeline_outcomes, run_outcomes
from headrace.api.graphql.described import object_type
from headrace.api.graphql.failures import StreamUnavailable
from headrace.api.graphql.mutation_inputs import (
    ArchivePipelineInput,
    CleanupInput,
    ImportPipelineInput,
    PublishMessageInput,
    SignArtifactInput,
    SynthesizeDatasetInput,
)
from headrace.api.graphql.operation import Info
from headrace.api.graphql.pipeline_inputs import source_of
from headrace.api.graphql.rerun_plans import RerunInput, rerun_of
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
from headrace.api.graphql.run_cancels import CancelRunsInput, cancel
from headrace.api.graphql.run_inputs import given, idempotency_key
from headrace.api.graphql.run_starts import StartRunInput, start_of
from headrace.services import artifacts, cleanup, datasets, pipelines, reruns, runs
from headrace.services.streams import StreamsOff

_INPUT: Final = strawberry.argument(name="input", description="What is asked for.")
ImportPipelineArg: TypeAlias = Annotated[ImportPipelineInput, _INPUT]
ArchivePipelineArg: TypeAlias = Annotated[ArchivePipelineInput, _INPUT]
StartRunArg: TypeAlias = Annotated[StartRunInput, _INPUT]
CancelRunsArg: TypeAlias = Annotated[CancelRunsInput, _INPUT]
RerunArg: TypeAlias = Annotated[RerunInput, _INPUT]
SignArtifactArg: TypeAlias = Annotated[SignArtifactInput, _INPUT]
SynthesizeDatasetArg: TypeAlias = Annotated[SynthesizeDatasetInput, _INPUT]
CleanupArg: TypeAlias = Annotated[CleanupInput, _INPUT]
PublishMessageArg: TypeAlias = Annotated[PublishMessageInput, _INPUT]


@object_type
class Mutation:
    """What changes something.

    With an idempotencyKey a repeat of the same input gives the same member and objects, their
    fields as they are now, for 24 hours; the same key with another input is an
    IdempotencyConflict, and failures are not kept.
    """

    @strawberry.mutation
    async def import_pipeline(self, info: Info, asked: ImportPipelineArg) -> ImportPipelineResult:
        """Keeps a definition as a pipeline, or as a new version of the pipeline of its name."""
        context = info.context
        outcome = await pipelines.import_pipeline(
            context.services,
            source=source_of(asked.source),
            replace_if_exists=given(asked.replace_if_exists),
            principal=context.caller.principal,
            idempotency_key=idempotency_key(asked.idempotency_key),
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
            principal=info.context.caller.principal,
            idempotency_key=idempotency_key(asked.idempotency_key),
        )
        return await pipeline_outcomes.archived(info.context, asked.name, outcome)

    @strawberry.mutation
    async def start_run(self, info: Info, asked: StartRunArg) -> StartRunResult:
        """Queues a run of a pipeline."""
        caller = info.context.caller
        outcome = await runs.start_run(
            info.context.services,
            start_of(asked, trigger=caller.trigger, grants=caller.grants),
            principal=caller.principal,
            idempotency_key=idempotency_key(asked.idempotency_key),
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
            principal=info.context.caller.principal,
            idempotency_key=idempotency_key(asked.idempotency_key),
        )
        return await run_outcomes.rerun(info.context, outcome)

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
            principal=caller.principal,
            idempotency_key=idempotency_key(asked.idempotency_key),
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
            principal=info.context.caller.principal,
            idempotency_key=idempotency_key(asked.idempotency_key),
        )
        return await data_outcomes.cleaned(info.context, outcome)

    @strawberry.mutation
    def publish_message(self, asked: PublishMessageArg) -> PublishMessageResult:
        """Publishes a message to a stream."""
        idempotency_key(asked.idempotency_key)
        return StreamUnavailable(message=StreamsOff().message)
