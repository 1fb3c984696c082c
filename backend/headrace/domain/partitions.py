"""How the rows of an input are split into partitions.

Invariant: the same input and the same words give the same bounds, in every attempt and on every
machine; the ranges are contiguous, in order, differ by at most one row in length, and together are
the whole input.
"""

from dataclasses import dataclass
from typing import Final

MIN_PARTITIONS: Final = 2
MAX_PARTITIONS: Final = 1_000
MAX_ROWS_PER_PARTITION: Final = 10**9


@dataclass(frozen=True, kw_only=True)
class Split:
    """What a block says of it; one of the two is set."""

    partitions: int | None = None
    rows_per_partition: int | None = None

    def bounds(self, rows: int) -> tuple[range, ...]:
        """The rows of each partition.

        None is empty but the only one of an input without rows, which still has columns to hand
        on. There are never more than MAX_PARTITIONS: `rows_per_partition` gives way.
        """
        if self.rows_per_partition is not None:
            wanted = -(-rows // self.rows_per_partition)
        else:
            wanted = self.partitions or 1
        count = max(1, min(wanted, rows, MAX_PARTITIONS))
        return tuple(
            range(number * rows // count, (number + 1) * rows // count) for number in range(count)
        )
