"""Workers by id, in pages in the order of their start, and all that live with what they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import bindparam, func, select, text

from headrace.domain.lifecycle import WorkerStatus
from headrace.store.database import Snapshot
from headrace.store.reads.keyset import Keyset, Window
from headrace.store.reads.rows import Count, Page, columns_of, made
from headrace.store.tables import block_runs, workers

SCOPE: Final = "worker"
MOST_WATCHED: Final = 1_000
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


@dataclass(frozen=True, slots=True)
class Crew:
    """The workers that live, in the order of their start, and which blocks they hold.

    `held` are (worker id, run id, position, claim) of blocks that run.
    """

    workers: tuple[WorkerRow, ...]
    held: tuple[tuple[str, str, int, int], ...]


_COLUMNS = columns_of(WorkerRow, workers)
_BY_IDS = select(*_COLUMNS).where(workers.c.id.in_(bindparam("ids", expanding=True)))
_CREW = (
    select(*_COLUMNS).where(workers.c.status.in_(ALIVE)).order_by(workers.c.id).limit(MOST_WATCHED)
)
# A partial index is used only where the statement says its very condition.
_HELD = (
    select(block_runs.c.worker_id, block_runs.c.run_id, block_runs.c.position, block_runs.c.claim)
    .where(text("block_runs.status = 'RUNNING'"))
    .order_by(block_runs.c.worker_id, block_runs.c.run_id, block_runs.c.position)
)
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


async def crew_now(snapshot: Snapshot) -> Crew:
    """The first MOST_WATCHED workers that live, and what they hold."""
    found = made(WorkerRow, await snapshot.all(_CREW))
    known = {worker.id for worker in found}
    held = [row for row in await snapshot.all(_HELD) if row.worker_id in known]
    return Crew(
        tuple(found),
        tuple((row.worker_id, row.run_id, row.position, row.claim) for row in held),
    )


@lru_cache(maxsize=3)
def _list(alive: bool | None) -> Keyset:
    statement = select(*_COLUMNS)
    if alive is not None:
        lives = workers.c.status.in_(ALIVE)
        statement = statement.where(lives if alive else ~lives)
    return Keyset(statement, workers.c.id)
