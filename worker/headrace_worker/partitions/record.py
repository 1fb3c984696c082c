"""The record of one claim's partitions: each write is fenced, and tried until the store takes it.

A partition whose end could not be written would be run again, so a store that is out of reach is
waited for, as the end of an attempt waits: the lease decides for how long.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from headrace.domain.events import RunError
from headrace.domain.lifecycle import AttemptStatus
from headrace.store import partitions
from headrace.store.artifacts import NewArtifact
from headrace.store.claims import Claim
from headrace.store.database import Store
from headrace.store.errors import StoreClosed, StoreError
from headrace.store.partitions import DonePartition
from headrace.store.transaction import Transaction

T = TypeVar("T")

_log = logging.getLogger("headrace_worker.partitions")
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0


class Record:
    """Of one claim. Every method raises ClaimLost once the claim is somebody else's."""

    def __init__(self, store: Store, claim: Claim, attempt: int) -> None:
        self._store = store
        self._claim = claim
        self._attempt = attempt

    async def open(self, bounds: Sequence[range]) -> dict[int, DonePartition]:
        """Those that an earlier claim finished, by number."""
        return await self._write(
            partial(partitions.open_partitions, claim=self._claim, bounds=bounds)
        )

    async def start(self, number: int, span: range) -> None:
        """A partition begins."""
        unit = partial(
            partitions.start_partition,
            claim=self._claim,
            attempt=self._attempt,
            number=number,
            span=span,
        )
        await self._write(unit)

    async def end(
        self,
        number: int,
        status: AttemptStatus,
        contents: Sequence[tuple[NewArtifact, bool]],
        error: RunError | None = None,
    ) -> None:
        """A partition is over; `contents` is what it made, each with whether it is its data set."""
        unit = partial(
            partitions.end_partition,
            claim=self._claim,
            number=number,
            status=status,
            error=error,
            contents=contents,
        )
        await self._write(unit)

    async def _write(self, unit: Callable[[Transaction], T]) -> T:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return await self._store.write(unit)
            except StoreClosed:
                raise
            except StoreError as error:
                _log.error("partitions.not_recorded: %s", error, extra={"run": self._claim.run_id})
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
