"""What a task's message says of its inputs, as what a block is given."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headrace.artifacts.content import ContentStore, Stored
from headrace.artifacts.errors import ContentMissing, NotContentUri
from headrace.blocks import BadInput, Block, Context, Output
from headrace.blocks.arrow import StoredDataset, read_dataset
from headrace.blocks.parts import FoundArtifact, PartDataset, concatenated

if TYPE_CHECKING:
    from arro3.core import RecordBatch


def dataset_of(ref: Mapping[str, Any], store: ContentStore) -> StoredDataset:
    """The data set that a reference is to, or the part of it that is meant."""
    data, part = ref["data"], ref["part"]
    source = _stored(ref, store) if data is None else data
    return read_dataset(source, ref["rows"], None if part is None else range(*part))


def _stored(ref: Mapping[str, Any], store: ContentStore) -> Stored:
    if ref["path"] is not None:
        return Path(ref["path"])
    try:
        return store.open(ref["uri"])
    except (ContentMissing, NotContentUri) as error:
        raise BadInput(str(error)) from None


def combined(
    block: Block[Any],
    config: Any,
    parts: Sequence[Mapping[str, Any]],
    ctx: Context,
    store: ContentStore,
) -> Output:
    """The rows of all partitions, and then the artifacts that the block makes of theirs."""
    artifacts = [
        FoundArtifact(
            partition=part["number"],
            name=each["name"],
            media_type=each["media_type"],
            rows=each["rows"],
            content=_stored(each, store),
        )
        for part in parts
        for each in part["artifacts"]
    ]
    rows = concatenated(
        [
            PartDataset(partition=part["number"], dataset=dataset_of(part["output"], store))
            for part in parts
            if part["output"] is not None
        ]
    )

    def conclude() -> None:
        if artifacts:
            block.combine(config, artifacts, ctx)

    if rows is None:
        conclude()
        return None

    def in_order() -> "Iterator[RecordBatch]":
        for batch in rows:
            ctx.raise_if_cancelled()
            yield batch
        # Last: what cannot be put together publishes nothing.
        conclude()

    return in_order()
