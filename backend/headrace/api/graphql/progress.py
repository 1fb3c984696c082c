"""How far a run is."""

import strawberry

from headrace.api.graphql.described import object_type
from headrace.api.graphql.enums import BlockStatus
from headrace.api.graphql.scalars import BigInt, optional_big
from headrace.store.reads.blocks import RunProgress


@object_type
class BlockStatusCount:
    """How many blocks stand somewhere."""

    status: BlockStatus = strawberry.field(description="Where they stand.")
    count: int = strawberry.field(description="How many, at least 1.")


@object_type
class Progress:
    """How far a run is."""

    fraction: float = strawberry.field(
        description="From 0 to 1: the mean over blocks of 1 (terminal), rowsDone/rowsTotal (known) "
        "or 0. It never falls within an attempt and is 1 at the end."
    )
    blocks_done: int = strawberry.field(description="Terminal blocks.")
    blocks_total: int = strawberry.field(description="All blocks.")
    rows_done: BigInt = strawberry.field(description="Rows that its blocks have dealt with.")
    rows_total: BigInt | None = strawberry.field(
        description="All rows that its blocks deal with; null until every block's are known."
    )
    blocks_by_status: list[BlockStatusCount] = strawberry.field(
        description="Blocks by where they stand; states without blocks are left out."
    )

    @classmethod
    def of(cls, row: RunProgress) -> "Progress":
        return cls(
            fraction=row.fraction,
            blocks_done=row.blocks_done,
            blocks_total=row.blocks_total,
            rows_done=BigInt(row.rows_done),
            rows_total=optional_big(row.rows_total),
            blocks_by_status=[
                BlockStatusCount(status=status, count=count) for status, count in row.by_status
            ],
        )
