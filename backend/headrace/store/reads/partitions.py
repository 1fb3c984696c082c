"""How the partitions of blocks stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from headrace.domain.lifecycle import AttemptStatus
from headrace.store.database import Snapshot
from headrace.store.reads.blocks import BlockKey
from headrace.store.reads.pairs import among_pairs, pairs
from headrace.store.tables import block_partitions, block_runs


@dataclass(frozen=True, slots=True)
class PartitionCounts:
    """Of the claim that holds the block, or held it last; how many are done stands on its row."""

    running: int = 0
    failed: int = 0


NO_PARTITIONS: Final = PartitionCounts()

_P = block_partitions.c
_OF_BLOCKS = (
    select(_P.run_id, _P.position, _P.status, func.count().label("partitions"))
    .join(
        block_runs,
        (block_runs.c.run_id == _P.run_id)
        & (block_runs.c.position == _P.position)
        & (block_runs.c.claim == _P.claim),
    )
    .where(among_pairs(_P.run_id, _P.position))
    .group_by(_P.run_id, _P.position, _P.status)
)


async def partitions_of_blocks(
    snapshot: Snapshot, keys: Sequence[BlockKey]
) -> dict[BlockKey, PartitionCounts]:
    """By (run id, position); a block without any is left out."""
    found: dict[BlockKey, dict[str, int]] = {}
    for row in await snapshot.all(_OF_BLOCKS, **pairs(keys)):
        found.setdefault((row.run_id, row.position), {})[row.status] = row.partitions
    return {
        key: PartitionCounts(
            running=counts.get(AttemptStatus.RUNNING.value, 0),
            failed=counts.get(AttemptStatus.FAILED.value, 0),
        )
        for key, counts in found.items()
    }
