"""The line before the workers: which blocks go first, and whether anybody takes them up."""

from collections import Counter
from typing import Final

from sqlalchemy import func, select, text

from headrace.domain.lifecycle import WorkerStatus
from headrace.domain.waiting import Line
from headrace.store.database import Snapshot
from headrace.store.tables import block_runs, workers

MOST_LOOKED_AT: Final = 1_000

# Conditions on a status stand in the text, never in a parameter: only so does SQLite use the
# partial index of that status. The order is that of claims.
_FRONT = (
    select(block_runs.c.run_id, block_runs.c.position)
    .where(text("block_runs.status = 'READY'"))
    .order_by(
        block_runs.c.priority.desc(),
        block_runs.c.ready_at,
        block_runs.c.run_id,
        block_runs.c.position,
    )
    .limit(MOST_LOOKED_AT + 1)
)
_WORKERS = (
    select(
        workers.c.status,
        func.count().label("workers"),
        func.sum(workers.c.capacity).label("capacity"),
    )
    .where(workers.c.status.in_([WorkerStatus.ACTIVE.value, WorkerStatus.DRAINING.value]))
    .group_by(workers.c.status)
)
_RUNNING = (
    select(block_runs.c.run_id)
    .join(workers, workers.c.id == block_runs.c.worker_id)
    .where(text("block_runs.status = 'RUNNING'"))
    .where(workers.c.status == WorkerStatus.ACTIVE.value)
)


async def line_now(snapshot: Snapshot) -> Line:
    """The line, its front cut at MOST_LOOKED_AT blocks, in three statements."""
    front = [(str(row.run_id), int(row.position)) for row in await snapshot.all(_FRONT)]
    by_status = {str(row.status): row for row in await snapshot.all(_WORKERS)}
    active = by_status.get(WorkerStatus.ACTIVE.value)
    draining = by_status.get(WorkerStatus.DRAINING.value)
    return Line(
        front=front[:MOST_LOOKED_AT],
        whole=len(front) <= MOST_LOOKED_AT,
        workers=0 if active is None else active.workers,
        draining=0 if draining is None else draining.workers,
        capacity=0 if active is None else active.capacity,
        # Counted here: grouped there, SQLite would rather read all blocks in the order of runs.
        running=Counter(row.run_id for row in await snapshot.all(_RUNNING)),
    )
