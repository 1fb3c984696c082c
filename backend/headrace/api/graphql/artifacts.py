"""Artifacts and previews of them, as the API shows them."""

from typing import Annotated, TypeAlias

import strawberry
from strawberry import Private

from headrace.api.graphql.described import object_type
from headrace.api.graphql.interfaces import Node
from headrace.api.graphql.operation import Info
from headrace.api.graphql.previews import MAX_BYTES, MAX_ROWS, Preview, preview_of
from headrace.api.graphql.references import RunRef
from headrace.api.graphql.scalars import BigInt, DateTime, optional_big, optional_time
from headrace.services.artifacts import download_url
from headrace.store.reads.artifacts import ArtifactRow

PreviewRows: TypeAlias = Annotated[
    int, strawberry.argument(description=f"At most so many rows of a table: 0..{MAX_ROWS}.")
]
PreviewBytes: TypeAlias = Annotated[
    int,
    strawberry.argument(name="bytes", description=f"At most so many bytes of it: 1..{MAX_BYTES}."),
]


@object_type
class Artifact(Node):
    """Bytes that a block made: its data set `output.arrow`, or what it makes for people."""

    name: str = strawberry.field(description="Its file name.")
    uri: str = strawberry.field(
        description="Where its bytes are: `local://…` under the artifacts folder, its address in "
        "the object store, or `inline:` in the database."
    )
    media_type: str = strawberry.field(description="Its media type.")
    size_bytes: BigInt = strawberry.field(description="Its size in bytes.")
    sha256: str = strawberry.field(description="SHA-256 of its bytes, in lower-case hex.")
    rows: BigInt | None = strawberry.field(description="Its rows, where it has some.")
    created_at: DateTime = strawberry.field(description="When it was made.")
    removed_at: DateTime | None = strawberry.field(
        description="When cleanup removed its bytes; null while they are there."
    )
    block: str = strawberry.field(description="The block that made it.")
    attempt: int = strawberry.field(description="The attempt that made it.")
    run_id: Private[str | None]

    @classmethod
    def of(cls, row: ArtifactRow) -> "Artifact":
        return cls(
            id=strawberry.ID(row.id),
            name=row.name,
            uri=row.uri,
            media_type=row.media_type,
            size_bytes=BigInt(row.size_bytes),
            sha256=row.sha256,
            rows=optional_big(row.rows),
            created_at=DateTime(row.created_at),
            removed_at=optional_time(row.removed_at),
            block=row.block,
            attempt=row.attempt,
            run_id=row.run_id,
        )

    @strawberry.field
    async def run(self, info: Info) -> RunRef | None:
        """The run that made it; null once that was cleaned up."""
        return await info.context.load.run.load(self.run_id) if self.run_id else None

    @strawberry.field
    def download_url(self, info: Info) -> str | None:
        """Where it can be downloaded; null while signing is required, or once it was removed."""
        services = info.context.services
        if services.settings.signed_urls_required or self.removed_at is not None:
            return None
        return download_url(services, self.id)

    @strawberry.field
    async def preview(
        self, info: Info, rows: PreviewRows = 50, max_bytes: PreviewBytes = 262_144
    ) -> Preview | None:
        """Its beginning, as a table or as text; null where it is neither, or was removed."""
        return await preview_of(info.context, self, rows=rows, max_bytes=max_bytes)
