"""The root of mutations: each reads its input, calls one service, and maps the outcome.

A payload is read in a snapshot that was opened after the commit.
"""

from typing import Annotated, Final, TypeAlias

import strawberry

from headrace.api.graphql import outcomes
from headrace.api.graphql.described import object_type
from headrace.api.graphql.mutation_inputs import (
    ImportPipelineInput,
    SignArtifactInput,
    SynthesizeDatasetInput,
)
from headrace.api.graphql.operation import Info
from headrace.api.graphql.pipeline_inputs import source_of
from headrace.api.graphql.results import (
    CancelRunsResult,
    ImportPipelineResult,
    SignArtifactResult,
    StartRunResult,
    SynthesizeDatasetResult,
)
from headrace.api.graphql.run_cancels import CancelRunsInput, cancel
from headrace.api.graphql.run_inputs import given, idempotency_key
from headrace.api.graphql.run_starts import StartRunInput, start_of
from headrace.services import artifacts, datasets, pipelines, runs

_INPUT: Final = strawberry.argument(name="input", description="What is asked for.")
ImportPipelineArg: TypeAlias = Annotated[ImportPipelineInput, _INPUT]
StartRunArg: TypeAlias = Annotated[StartRunInput, _INPUT]
CancelRunsArg: TypeAlias = Annotated[CancelRunsInput, _INPUT]
SignArtifactArg: TypeAlias = Annotated[SignArtifactInput, _INPUT]
SynthesizeDatasetArg: TypeAlias = Annotated[SynthesizeDatasetInput, _INPUT]


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
        return await outcomes.imported(context, outcome)

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
        return await outcomes.started(info.context, asked.pipeline, outcome)

    @strawberry.mutation
    async def cancel_runs(self, info: Info, asked: CancelRunsArg) -> CancelRunsResult:
        """Asks runs to stop, in bulk, with a result for each."""
        return await outcomes.cancelled(info.context, await cancel(info.context, asked))

    @strawberry.mutation
    async def sign_artifact(self, info: Info, asked: SignArtifactArg) -> SignArtifactResult:
        """Makes a URL that downloads an artifact with no key until it expires."""
        outcome = await artifacts.sign(
            info.context.services, asked.artifact_id, given(asked.ttl_seconds)
        )
        return await outcomes.signed(info.context, outcome)

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
        return outcomes.synthesized(outcome)
