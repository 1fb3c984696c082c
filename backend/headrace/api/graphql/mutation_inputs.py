"""The inputs of mutations that are no larger than themselves."""

import strawberry
from strawberry import UNSET

from headrace.api.graphql.described import input_type
from headrace.api.graphql.pipeline_inputs import PipelineSource
from headrace.services.datasets import MOST_ROWS

KEY_WORDS = "1..255 printable characters, kept for 24 hours."


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
