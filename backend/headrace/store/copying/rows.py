"""What a row is on its way: the same values on both sides, but for what belongs to the old place.

A lease counts a clock that the other database does not have, and whoever held it is gone: nobody
has the source open while it is copied. So a worker that is listed as alive is lost there, as the
first sweep would find it, its blocks go to others, every lease is over, and a cancellation was
asked for long ago. Fences stay: they only grow.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final

import msgpack
from sqlalchemy import BigInteger, LargeBinary, Table, Text

from headrace.domain.lifecycle import WorkerStatus

Row = Sequence[Any]
Change = Callable[[Any], Any]

_SAME_ON_BOTH: Final = frozenset({BigInteger, LargeBinary, Text})
_ALIVE: Final = {WorkerStatus.ACTIVE.value, WorkerStatus.DRAINING.value}
_BITS: Final = 128


def _over(_: Any) -> Any:
    return 0


def _nobody(_: Any) -> Any:
    return None


def _no_boot(_: Any) -> Any:
    return ""


def _lost(status: Any) -> Any:
    return WorkerStatus.LOST.value if status in _ALIVE else status


def _long_ago(clock: Any) -> Any:
    return None if clock is None else 0


CHANGES: Final[Mapping[str, Mapping[str, Change]]] = {
    "workers": {
        "status": _lost,
        "address": _nobody,
        "boot_id": _no_boot,
        "lease_until": _over,
    },
    "leases": {"address": _nobody, "boot_id": _no_boot, "lease_until": _over},
    "runs": {"cancel_requested_clock": _long_ago},
}
"""By table and column, what the value becomes."""


def refuse_unknown_types(tables: Iterable[Table]) -> None:
    """Raises TypeError for a column whose values might mean something else on the other side."""
    for table in tables:
        for column in table.c:
            if type(column.type) not in _SAME_ON_BOTH:
                raise TypeError(f"nothing is known of how to copy {column}, a {column.type!r}")


def changed(table: Table, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows as they are to be in the copy."""
    changes = CHANGES.get(table.name)
    if changes is None:
        return rows
    each = [changes.get(column.name) for column in table.c]
    return [
        tuple(
            value if change is None else change(value)
            for change, value in zip(each, row, strict=True)
        )
        for row in rows
    ]


class Tally:
    """How many rows there were, and what they were, in whichever order they came."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, rows: Sequence[Row]) -> None:
        pack, size = msgpack.packb, _BITS // 8
        self.rows += len(rows)
        self._sum += sum(
            int.from_bytes(blake2b(pack(tuple(row)), digest_size=size).digest(), "big")
            for row in rows
        )

    @property
    def digest(self) -> str:
        """Of the rows as a set: the sum of their digests."""
        return f"{self._sum % 2**_BITS:032x}"


class Pace:
    """How many rows to ask for at once, so that a batch is neither small nor large in memory."""

    _FIRST: Final = 64
    _MOST: Final = 2_048
    _MOST_WITH_BYTES: Final = 128
    _ENOUGH_BYTES: Final = 1 << 20

    def __init__(self, table: Table) -> None:
        with_bytes = any(isinstance(column.type, LargeBinary) for column in table.c)
        self._most = self._MOST_WITH_BYTES if with_bytes else self._MOST
        self.rows = self._FIRST

    def saw(self, rows: Sequence[Row]) -> None:
        """Learns from a batch."""
        size = sum(len(value) for row in rows for value in row if isinstance(value, (str, bytes)))
        if size > self._ENOUGH_BYTES:
            self.rows = max(1, self.rows // 2)
        else:
            self.rows = min(self._most, self.rows * 2)
