"""Workers by id, and in pages in the order of their start."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import bindparam, func, select

from headrace.domain.lifecycle import WorkerStatus
from headrace.store.database import Snapshot
from headrace.store.reads.keyset import Keyset, Window
from headrace.store.reads.rows import Count, Page, columns_of, made
from headrace.store.tables import workers

SCOPE: Final = "worker"
ALIVE: Final = (WorkerStatus.ACTIVE.value, WorkerStatus.DRAINING.value)


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A row of `workers`: times in ms since the epoch."""

    id: str
    name: str
    host: str
    pid: int
    version: str
    status: str
    started_at: int
    last_seen_at: int
    capacity: int


_COLUMNS = columns_of(WorkerRow, workers)
_BY_IDS = select(*_COLUMNS).where(workers.c.id.in_(bindparam("ids", expanding=True)))
_ALIVE = select(func.count()).where(workers.c.status.in_(ALIVE))


async def workers_by_id(snapshot: Snapshot, ids: Sequence[str]) -> dict[str, WorkerRow]:
    """The workers that exist among `ids`."""
    return {row.id: row for row in made(WorkerRow, await snapshot.all(_BY_IDS, ids=ids))}


async def worker_page(snapshot: Snapshot, wanted: Window, alive: bool | None) -> Page[WorkerRow]:
    """A page of the workers that live, that are gone, or (None) of all, in the order of start."""
    rows = await _list(alive).page(snapshot, wanted)
    return Page.of(rows, WorkerRow, lambda worker: worker.id)


async def living_workers(snapshot: Snapshot) -> Count:
    """How many workers live."""
    row = await snapshot.first(_ALIVE)
    assert row is not None
    return Count(row[0])


@lru_cache(maxsize=3)
def _list(alive: bool | None) -> Keyset:
    statement = select(*_COLUMNS)
    if alive is not None:
        lives = workers.c.status.in_(ALIVE)
        statement = statement.where(lives if alive else ~lives)
    return Keyset(statement, workers.c.id)
