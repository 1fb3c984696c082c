"""Previews of artifacts."""

from typing import Annotated, TypeAlias

import strawberry

from headrace.api.graphql.described import object_type
from headrace.api.graphql.scalars import JSON, BigInt


@object_type
class Column:
    """A column of a table."""

    name: str = strawberry.field(description="Its name.")
    type: str = strawberry.field(description="The type of its values, in words.")


@object_type
class TablePreview:
    """The beginning of a table."""

    columns: list[Column] = strawberry.field(description="The columns.")
    rows: JSON = strawberry.field(description="A list of lists, in column order.")
    total_rows: BigInt | None = strawberry.field(description="All rows, where that is known.")
    truncated: bool = strawberry.field(description="Whether there is more than this.")


@object_type
class TextPreview:
    """The beginning of a text."""

    text: str = strawberry.field(description="The text.")
    truncated: bool = strawberry.field(description="Whether there is more than this.")


Preview: TypeAlias = Annotated[
    TablePreview | TextPreview,
    strawberry.union("Preview", description="The beginning of an artifact."),
]


async def preview_of(
    context: object, artifact_id: str, *, rows: int, max_bytes: int
) -> Preview | None:
    return None
