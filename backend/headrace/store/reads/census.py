"""How many there are of what moves: the numbers behind /metrics, all from indexes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, func, select, text

from headrace.domain.lifecycle import BLOCK_ACTIVE, RUN_ACTIVE, WorkerStatus
from headrace.store.database import Snapshot
from headrace.store.tables import block_runs, runs, workers


@dataclass(frozen=True, kw_only=True, slots=True)
class Census:
    """Blocks and runs that are not over and workers, by status.

    `oldest_ready_at` and `now` are in wall ms.
    """

    blocks: Mapping[str, int]
    runs: Mapping[str, int]
    workers: Mapping[str, int]
    oldest_ready_at: int | None
    now: int


def _blocks(status: str) -> ScalarSelect[Any]:
    # Written out, never a parameter: only so does SQLite use the partial index of this status.
    condition = text(f"block_runs.status = '{status}'")
    return select(func.count()).select_from(block_runs).where(condition).scalar_subquery()


_STATES = tuple(sorted(status.value for status in BLOCK_ACTIVE))
_BLOCKS = select(
    *(_blocks(state).label(state) for state in _STATES),
    select(func.min(block_runs.c.ready_at))
    .where(text("block_runs.status = 'READY'"))
    .scalar_subquery()
    .label("oldest"),
)
_RUNS = (
    select(runs.c.status, func.count())
    .where(runs.c.status.in_(sorted(status.value for status in RUN_ACTIVE)))
    .group_by(runs.c.status)
)
_WORKERS = select(workers.c.status, func.count()).group_by(workers.c.status)


async def census(snapshot: Snapshot) -> Census:
    """The numbers of the snapshot's moment; states that nothing is in are there as 0."""
    row = await snapshot.first(_BLOCKS)
    assert row is not None
    counts = row._asdict()
    return Census(
        blocks={state: counts[state] for state in _STATES},
        runs=_all(sorted(RUN_ACTIVE), await snapshot.all(_RUNS)),
        workers=_all(WorkerStatus, await snapshot.all(_WORKERS)),
        oldest_ready_at=row.oldest,
        now=(await snapshot.moment()).now,
    )


def _all(states: Iterable[str], rows: Iterable[Any]) -> dict[str, int]:
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state, 0) for state in sorted({*states, *found})}
