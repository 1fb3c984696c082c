"""Workers: one row and one lease per worker process; its blocks refer to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, null, or_, select, update

from headrace.domain.ids import WORKER, new_id
from headrace.domain.lifecycle import BlockStatus, RunStatus, WorkerStatus
from headrace.store.claims import Claim
from headrace.store.statements import Statement, one_of
from headrace.store.tables import block_runs, runs, workers
from headrace.store.transaction import Transaction

_ALIVE = (WorkerStatus.ACTIVE, WorkerStatus.DRAINING)

_INSERT = Statement(
    insert(workers).values({c: bindparam(c.name) for c in workers.c if c.name != "stopped_at"})
)
_BEAT = Statement(
    update(workers)
    .where(workers.c.id == bindparam("the_worker"))
    .where(one_of(workers.c.status, _ALIVE))
    .values(
        lease_until=bindparam("lease_until"),
        last_seen_at=bindparam("last_seen_at"),
        status=bindparam("status"),
    )
)
_HELD = Statement(
    select(
        block_runs.c.run_id,
        block_runs.c.position,
        block_runs.c.claim,
        runs.c.status,
        runs.c.cancel_requested_clock,
    )
    .join(runs, runs.c.id == block_runs.c.run_id)
    .where(block_runs.c.worker_id == bindparam("the_worker"))
    .where(block_runs.c.status == BlockStatus.RUNNING.value)
)
_STOP = Statement(
    update(workers)
    .where(workers.c.id == bindparam("the_worker"))
    .where(one_of(workers.c.status, _ALIVE))
    .values(status=WorkerStatus.STOPPED.value, stopped_at=bindparam("stopped_at"))
)
_EXPIRED = Statement(
    select(workers.c.id)
    .where(one_of(workers.c.status, _ALIVE))
    .where(
        or_(
            workers.c.lease_until < bindparam("clock"),
            workers.c.boot_id != bindparam("boot"),
        )
    )
    .with_for_update(skip_locked=True)  # one whose heart beats at this moment is not gone
)
_HELD_BY_THE_GONE = Statement(
    select(block_runs.c.run_id, block_runs.c.position, block_runs.c.claim, block_runs.c.worker_id)
    .join(workers, workers.c.id == block_runs.c.worker_id)
    .where(block_runs.c.status == BlockStatus.RUNNING.value)
    .where(one_of(workers.c.status, (WorkerStatus.LOST, WorkerStatus.STOPPED)))
)
_LOST = Statement(
    update(workers)
    .where(workers.c.id == bindparam("the_worker"))
    .values(status=WorkerStatus.LOST.value, stopped_at=null())
)


@dataclass(frozen=True, kw_only=True)
class NewWorker:
    """What a worker says of itself. `address` is its wake-up socket, if it has one."""

    name: str
    host: str
    pid: int
    version: str
    capacity: int
    address: str | None


@dataclass(frozen=True)
class Beat:
    """What a heartbeat brings back: the claims that still stand, and which are to stop.

    `cancelling` gives the ms since each cancellation was asked for.
    """

    held: frozenset[Claim]
    cancelling: Mapping[Claim, int]


def register(tx: Transaction, new: NewWorker, lease_ms: int) -> str:
    """Enters a worker with a fresh lease; its id."""
    worker_id = new_id(WORKER)
    row = {
        "id": worker_id,
        "name": new.name,
        "host": new.host,
        "pid": new.pid,
        "version": new.version,
        "status": WorkerStatus.ACTIVE.value,
        "capacity": new.capacity,
        "address": new.address,
        "boot_id": tx.boot,
        "lease_until": tx.clock + lease_ms,
        "started_at": tx.now,
        "last_seen_at": tx.now,
    }
    tx.change(_INSERT, row)
    tx.hints.workers = True
    return worker_id


def beat(tx: Transaction, worker_id: str, lease_ms: int, *, draining: bool) -> Beat | None:
    """Renews the lease; None when it was lost: everything that the worker holds is somebody
    else's.
    """
    status = WorkerStatus.DRAINING if draining else WorkerStatus.ACTIVE
    changes = {
        "the_worker": worker_id,
        "lease_until": tx.clock + lease_ms,
        "last_seen_at": tx.now,
        "status": status.value,
    }
    if not tx.change(_BEAT, changes):
        return None
    tx.hints.workers = draining
    return held_by(tx, worker_id)


def held_by(tx: Transaction, worker_id: str) -> Beat:
    """The claims that a worker has, and those of them whose run is being cancelled."""
    rows = tx.rows(_HELD, {"the_worker": worker_id})
    claims = {Claim(row.run_id, row.position, row.claim, worker_id): row for row in rows}
    cancelling = {
        claim: tx.clock - int(row.cancel_requested_clock)
        for claim, row in claims.items()
        if row.status == RunStatus.CANCELLING
    }
    return Beat(frozenset(claims), cancelling)


def stop(tx: Transaction, worker_id: str) -> None:
    """Signs a worker off in good order."""
    tx.change(_STOP, {"the_worker": worker_id, "stopped_at": tx.now})
    tx.hints.workers = True


def expired(tx: Transaction) -> list[str]:
    """Workers whose lease is over, or whose machine was started anew since."""
    return [str(row.id) for row in tx.rows(_EXPIRED, {"clock": tx.clock, "boot": tx.boot})]


def mark_lost(tx: Transaction, worker_id: str) -> None:
    """Takes the lease away."""
    tx.change(_LOST, {"the_worker": worker_id})
    tx.hints.workers = True


def claims_of_the_gone(tx: Transaction) -> list[Claim]:
    """What workers hold that are lost or have stopped, in order."""
    # Put in order here: for an order by its key SQLite would read every block there ever was.
    rows = sorted(tx.rows(_HELD_BY_THE_GONE, {}), key=lambda row: (row.run_id, row.position))
    return [Claim(row.run_id, row.position, row.claim, row.worker_id) for row in rows]
