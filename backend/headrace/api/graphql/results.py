"""What mutations answer: for each a union of its success and its expected failures."""

from typing import Annotated, TypeAlias

import strawberry

from headrace.api.graphql.artifacts import Artifact
from headrace.api.graphql.described import object_type
from headrace.api.graphql.failures import (
    ArtifactNotFound,
    IdempotencyConflict,
    LimitExceeded,
    ParamsInvalid,
    PathRefused,
    PipelineArchived,
    PipelineExists,
    PipelineInvalid,
    PipelineNotFound,
    PipelineVersionNotFound,
    RunAlreadyFinished,
    RunNotFound,
    RunRefused,
    ValueOutOfRange,
)
from headrace.api.graphql.pipelines import Pipeline, PipelineVersion
from headrace.api.graphql.runs import Run
from headrace.api.graphql.scalars import DateTime


@object_type
class ImportPipelineSuccess:
    """The definition is kept. An unchanged import is a success and makes no new version."""

    pipeline: Pipeline = strawberry.field(description="The pipeline.")
    version: PipelineVersion = strawberry.field(description="The version that is the definition.")
    created: bool = strawberry.field(description="Whether the pipeline is new.")


@object_type
class StartRunSuccess:
    """The run is queued, and survives whatever happens to this process."""

    run: Run = strawberry.field(description="The run.")


@object_type
class CancelRunSuccess:
    """The run is cancelled, or is being cancelled."""

    run: Run = strawberry.field(description="The run.")


CancelRunResult: TypeAlias = Annotated[
    CancelRunSuccess | RunNotFound | RunAlreadyFinished,
    strawberry.union("CancelRunResult", description="What became of one run's cancellation."),
]


@object_type
class CancelRunsSuccess:
    """Each run has its own result."""

    results: list[CancelRunResult] = strawberry.field(
        description="A result for each run, in the order asked; of a filter the newest run first."
    )


@object_type
class SignArtifactSuccess:
    """The artifact can be downloaded with no key until the URL expires."""

    url: str = strawberry.field(description="The URL; relative unless PUBLIC_URL is set.")
    expires_at: DateTime = strawberry.field(description="When it expires.")
    artifact: Artifact = strawberry.field(description="The artifact.")


@object_type
class SynthesizeDatasetSuccess:
    """The file is there, complete."""

    count: int = strawberry.field(description="Its rows.")
    path: str = strawberry.field(description="Its path, as a pipeline can name it.")


ImportPipelineResult: TypeAlias = Annotated[
    ImportPipelineSuccess | PipelineInvalid | PipelineExists | IdempotencyConflict,
    strawberry.union("ImportPipelineResult", description="What became of an import."),
]
StartRunResult: TypeAlias = Annotated[
    StartRunSuccess
    | PipelineNotFound
    | PipelineVersionNotFound
    | PipelineArchived
    | ParamsInvalid
    | RunRefused
    | IdempotencyConflict,
    strawberry.union("StartRunResult", description="What became of a start."),
]
CancelRunsResult: TypeAlias = Annotated[
    CancelRunsSuccess | LimitExceeded | IdempotencyConflict,
    strawberry.union("CancelRunsResult", description="What became of a cancellation in bulk."),
]
SignArtifactResult: TypeAlias = Annotated[
    SignArtifactSuccess | ArtifactNotFound | ValueOutOfRange,
    strawberry.union("SignArtifactResult", description="What became of a signature."),
]
SynthesizeDatasetResult: TypeAlias = Annotated[
    SynthesizeDatasetSuccess | PathRefused | ValueOutOfRange | IdempotencyConflict,
    strawberry.union("SynthesizeDatasetResult", description="What became of a data set."),
]
