"""Data sets: files that pipelines can read, as the API shows them."""

from typing import Annotated, TypeAlias

import strawberry
from strawberry import Private

from headrace.api.errors import ApiError, Code
from headrace.api.graphql.described import object_type
from headrace.api.graphql.operation import Info
from headrace.api.graphql.previews import MAX_ROWS, TablePreview, checked_rows
from headrace.api.graphql.scalars import BigInt, DateTime, optional_big
from headrace.artifacts.errors import UnreadableTable
from headrace.artifacts.listing import FoundFile
from headrace.services.datasets import count_rows, download_url, look_into

PreviewRows: TypeAlias = Annotated[
    int, strawberry.argument(description=f"At most so many rows: 0..{MAX_ROWS}.")
]


@object_type
class Dataset:
    """A file in the allowed roots that a pipeline can read."""

    name: str = strawberry.field(description="Its file name.")
    path: str = strawberry.field(description="Its path, as a pipeline can name it.")
    size_bytes: BigInt = strawberry.field(description="Its size in bytes.")
    modified_at: DateTime = strawberry.field(description="When it was changed last.")
    file: Private[FoundFile]

    @classmethod
    def of(cls, file: FoundFile) -> "Dataset":
        return cls(
            name=file.name,
            path=file.shown,
            size_bytes=BigInt(file.size_bytes),
            modified_at=DateTime(file.modified_at),
            file=file,
        )

    @strawberry.field
    async def rows(self) -> BigInt | None:
        """Its rows, where it is a CSV of at most 256 KiB; null where counting would take long."""
        return optional_big(await count_rows(self.file))

    @strawberry.field
    def download_url(self, info: Info) -> str:
        """Where it can be downloaded with no key until the URL expires; relative to the server."""
        return download_url(info.context.services, self.file)

    @strawberry.field
    async def preview(self, rows: PreviewRows = 50) -> TablePreview | None:
        """Its beginning, at most 256 KiB of it, as a table; null where it is no CSV or TSV."""
        try:
            found = await look_into(self.file, checked_rows(rows))
        except UnreadableTable as error:
            words = f"Data set {self.path} cannot be previewed: {error}"
            raise ApiError(Code.UNAVAILABLE, words, retryable=False) from error
        return None if found is None else TablePreview.of(found)
