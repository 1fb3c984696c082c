"""Previews of artifacts: the first rows of a table, or the beginning of a text."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import strawberry

from headrace.api.errors import ApiError, Code
from headrace.api.graphql.described import object_type
from headrace.api.graphql.run_inputs import bad_input
from headrace.api.graphql.scalars import JSON, BigInt, optional_big
from headrace.artifacts import preview as previews
from headrace.artifacts.errors import (
    ContentMissing,
    ContentUnavailable,
    NotContentUri,
    UnreadableTable,
)
from headrace.services.artifacts import Located, locate_in, source_of

if TYPE_CHECKING:
    from headrace.api.graphql.artifacts import Artifact
    from headrace.api.graphql.context import Context

MAX_ROWS: Final = 1_000
MAX_BYTES: Final = 1_048_576


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

    @classmethod
    def of(cls, found: previews.TablePreview) -> "TablePreview":
        return cls(
            columns=[Column(name=column.name, type=column.type) for column in found.columns],
            rows=JSON(found.rows),
            total_rows=optional_big(found.total_rows),
            truncated=found.truncated,
        )


@object_type
class TextPreview:
    """The beginning of a text."""

    text: str = strawberry.field(description="The text.")
    truncated: bool = strawberry.field(description="Whether there is more than this.")


Preview: TypeAlias = Annotated[
    TablePreview | TextPreview,
    strawberry.union("Preview", description="The beginning of an artifact."),
]


def checked_rows(rows: int) -> int:
    """So many rows may be asked for at once. Raises ApiError BAD_USER_INPUT."""
    if not 0 <= rows <= MAX_ROWS:
        raise bad_input("rows", f"must be from 0 to {MAX_ROWS}")
    return rows


async def preview_of(
    context: "Context", artifact: "Artifact", *, rows: int, max_bytes: int
) -> Preview | None:
    """The beginning of an artifact; None for one that is no table or text, or was removed.

    Raises ApiError: BAD_USER_INPUT out of bounds, UNAVAILABLE for bytes that cannot be read.
    """
    checked_rows(rows)
    if not 1 <= max_bytes <= MAX_BYTES:
        raise bad_input("bytes", f"must be from 1 to {MAX_BYTES}")
    async with context.reading() as snapshot:
        located = await locate_in(context.services, snapshot, artifact.id)
    if not isinstance(located, Located):
        return None
    try:
        source = await source_of(context.services, located)
        found = await asyncio.to_thread(
            previews.preview,
            source,
            media_type=located.media_type,
            rows=rows,
            max_bytes=max_bytes,
            total_rows=artifact.rows,
        )
    except ContentMissing:
        return None
    except ContentUnavailable as error:
        raise ApiError(Code.UNAVAILABLE, str(error), retryable=True) from error
    except (UnreadableTable, NotContentUri, OSError) as error:
        words = f"Artifact {artifact.id} cannot be previewed"
        words += f": {error}" if isinstance(error, UnreadableTable) else ""
        raise ApiError(Code.UNAVAILABLE, words, retryable=False) from error
    return None if found is None else _shown(found)


def _shown(found: previews.TablePreview | previews.TextPreview) -> Preview:
    if isinstance(found, previews.TextPreview):
        return TextPreview(text=found.text, truncated=found.truncated)
    return TablePreview.of(found)
