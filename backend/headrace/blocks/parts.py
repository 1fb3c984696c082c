"""What the partitions of one block made, put together into what the block makes.

Invariant: the rows come in the order of the partitions, a batch at a time; a partition without rows
says nothing of the columns unless all are so.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from headrace.artifacts.content import Stored
from headrace.blocks.context import Context
from headrace.blocks.errors import Permanent

if TYPE_CHECKING:
    from arro3.core import RecordBatch, Schema

    from headrace.blocks.arrow import StoredDataset


class PartArtifact(Protocol):
    """A file that `run` made in one partition, for `Block.combine`."""

    @property
    def partition(self) -> int:
        """Which one made it, from 1."""

    @property
    def name(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    @property
    def rows(self) -> int | None: ...

    @property
    def content(self) -> Stored:
        """Its bytes: `content.open("rb")`, as often as one likes."""


@dataclass(frozen=True, kw_only=True)
class FoundArtifact:
    """See `PartArtifact`."""

    partition: int
    name: str
    media_type: str
    rows: int | None
    content: Stored


@dataclass(frozen=True, kw_only=True)
class PartDataset:
    """The data set that one partition left."""

    partition: int
    dataset: "StoredDataset"


def publish_each(artifacts: Sequence[PartArtifact], ctx: Context) -> None:
    """Each artifact anew, with the number of its partition in its name: `report-3.html`."""
    for each in artifacts:
        name = numbered(each.name, each.partition)
        with (
            each.content.open("rb") as source,
            ctx.new_artifact(name, each.media_type, each.rows) as file,
        ):
            shutil.copyfileobj(source, file)


def numbered(name: str, number: int) -> str:
    """`report.html` → `report-3.html`; what begins with a point has no ending."""
    path = Path(name)
    return f"{path.stem}-{number}{path.suffix}"


def concatenated(parts: Sequence[PartDataset]) -> "Iterator[RecordBatch] | None":
    """The rows of all parts; None where there is none. Raises Permanent where columns differ."""
    if not parts:
        return None
    first = next((part for part in parts if part.dataset.rows != 0), parts[0])
    return _rows(first, parts)


def _rows(first: PartDataset, parts: Sequence[PartDataset]) -> "Iterator[RecordBatch]":
    from headrace.blocks.outputs import empty_batch

    schema = first.dataset.schema
    told = False
    for part in parts:
        for batch in part.dataset.batches():
            if not batch.num_rows:
                continue
            if batch.schema != schema:
                raise _other_columns(part.partition, batch.schema, first.partition, schema)
            told = True
            yield batch
    if not told:
        yield empty_batch(schema)


def _other_columns(number: int, has: "Schema", first: int, wanted: "Schema") -> Permanent:
    from headrace.blocks.outputs import describe_columns

    return Permanent(
        f"Partition {number} left other columns than partition {first}: "
        f"{describe_columns(has)} instead of {describe_columns(wanted)}."
    )
