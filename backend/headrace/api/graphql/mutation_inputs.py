"""The inputs of mutations that are no larger than themselves."""

import strawberry
from strawberry import UNSET

from headrace.api.graphql.described import input_type
from headrace.api.graphql.pipeline_inputs import PipelineSource
from headrace.api.graphql.run_inputs import KEY_WORDS
from headrace.api.graphql.scalars import JSON
from headrace.services.cleanup import MOST_DAYS
from headrace.services.datasets import MOST_ROWS


@input_type
class ImportPipelineInput:
    """A definition to be kept."""

    source: PipelineSource = strawberry.field(description="The definition.")
    replace_if_exists: bool | None = strawberry.field(
        default=UNSET,
        description="Whether it becomes a new version of the pipeline that has its name; null: "
        "what the document says, else false.",
    )
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY_WORDS)


@input_type
class ArchivePipelineInput:
    """A pipeline to be taken out of use."""

    name: str = strawberry.field(description="Its name.")
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY_WORDS)


@input_type
class SignArtifactInput:
    """An artifact whose download is to need no key."""

    artifact_id: strawberry.ID = strawberry.field(description="The artifact.")
    ttl_seconds: int | None = strawberry.field(
        default=UNSET,
        description="How long the URL lives: 1..86400; default SIGNED_URL_TTL_SECONDS.",
    )


@input_type
class SynthesizeDatasetInput:
    """A CSV of synthetic messages with the columns id and text."""

    count: int = strawberry.field(default=40, description=f"Rows: 1..{MOST_ROWS}.")
    output_path: str | None = strawberry.field(
        default=UNSET, description="Where to; default sample_messages.csv in DATA_DIR."
    )
    seed: int | None = strawberry.field(default=UNSET, description="Shuffles the messages.")
    idempotency_key: str | None = strawberry.field(
        default=UNSET, description=f"{KEY_WORDS} Recorded once the file is written."
    )


@input_type
class CleanupInput:
    """Old runs to be deleted."""

    older_than_days: int = strawberry.field(
        description=f"Runs that finished more than so many days ago: 0..{MOST_DAYS}."
    )
    dry_run: bool = strawberry.field(
        default=False, description="Only say what would go, and delete nothing."
    )
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY_WORDS)


@input_type
class PublishMessageInput:
    """A message for a stream."""

    topic: str | None = strawberry.field(
        default=UNSET, description="The topic; default KAFKA_TOPIC_DEFAULT."
    )
    key: str | None = strawberry.field(
        default=UNSET, description="Messages of one key keep their order."
    )
    value: JSON = strawberry.field(description="What it says.")
    idempotency_key: str | None = strawberry.field(
        default=UNSET, description=f"{KEY_WORDS} Recorded once the message is out."
    )
