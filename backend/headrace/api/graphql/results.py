"""What mutations answer: for each a union of its success and its expected failures.

Those of schedules and triggers stand in `schedule_outcomes` and `trigger_outcomes`.
"""

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
    RerunImpossible,
    RunAlreadyFinished,
    RunNotFound,
    RunRefused,
    StreamUnavailable,
    ValueOutOfRange,
)
from headrace.api.graphql.pipelines import Pipeline, PipelineVersion
from headrace.api.graphql.runs import Run
from headrace.api.graphql.scalars import BigInt, DateTime


@object_type
class ImportPipelineSuccess:
    """The definition is kept. An unchanged import is a success and makes no new version."""

    pipeline: Pipeline = strawberry.field(description="The pipeline.")
    version: PipelineVersion = strawberry.field(description="The version that is the definition.")
    created: bool = strawberry.field(description="Whether the pipeline is new.")


@object_type
class ArchivePipelineSuccess:
    """The pipeline is archived: out of lists, and not to be started. Its runs go on and stay."""

    pipeline: Pipeline = strawberry.field(description="The pipeline.")


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
class MessageMix:
    """How many synthetic messages are of each kind."""

    positive: int = strawberry.field(description="Those that praise.")
    negative: int = strawberry.field(description="Those that complain.")
    neutral: int = strawberry.field(description="Those that only tell.")
    toxic: int = strawberry.field(description="Those that insult.")


@object_type
class SynthesizeDatasetSuccess:
    """The file is there, complete."""

    count: int = strawberry.field(description="Its rows.")
    path: str = strawberry.field(description="Its path, as a pipeline can name it.")
    mix: MessageMix = strawberry.field(description="Its rows by what their messages are like.")


@object_type
class CleanupSuccess:
    """Old runs are deleted with what they made, but for what a later run has linked; or, of a dry
    run, would be.
    """

    runs: int = strawberry.field(description="Runs that went, or would go.")
    artifacts: int = strawberry.field(description="Artifacts that went with them.")
    bytes: BigInt = strawberry.field(
        description="The size of those artifacts; bytes that several share count for each."
    )
    dry_run: bool = strawberry.field(description="Whether nothing was deleted.")


@object_type
class PublishMessageSuccess:
    """The message is in its topic."""

    topic: str = strawberry.field(description="The topic.")
    partition: int = strawberry.field(description="The partition of the topic that it is in.")
    offset: BigInt = strawberry.field(description="Its place in the partition.")


ImportPipelineResult: TypeAlias = Annotated[
    ImportPipelineSuccess | PipelineInvalid | PipelineExists | IdempotencyConflict,
    strawberry.union("ImportPipelineResult", description="What became of an import."),
]
ArchivePipelineResult: TypeAlias = Annotated[
    ArchivePipelineSuccess | PipelineNotFound | IdempotencyConflict,
    strawberry.union("ArchivePipelineResult", description="What became of an archiving."),
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
RerunResult: TypeAlias = Annotated[
    StartRunSuccess
    | RunNotFound
    | ParamsInvalid
    | RerunImpossible
    | RunRefused
    | IdempotencyConflict,
    strawberry.union("RerunResult", description="What became of a rerun."),
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
CleanupResult: TypeAlias = Annotated[
    CleanupSuccess | ValueOutOfRange | IdempotencyConflict,
    strawberry.union("CleanupResult", description="What became of a cleanup."),
]
PublishMessageResult: TypeAlias = Annotated[
    PublishMessageSuccess | StreamUnavailable | IdempotencyConflict,
    strawberry.union("PublishMessageResult", description="What became of a message."),
]
