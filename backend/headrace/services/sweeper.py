"""The sweep: each second every process looks for what only time moves.

Leases that are over, retries that are due, cancellations and runs past their deadlines, blocks
that waited too long. `run_once` holds the work; the loop only paces it.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Row

from headrace.artifacts.content import ContentStore
from headrace.domain.lifecycle import WorkerStatus
from headrace.live.wakeups import WakeUps
from headrace.services.collecting import collect_content, remove_older
from headrace.store import sweeps
from headrace.store.clock import boot_id, lease_ms, wall_ms
from headrace.store.database import Store
from headrace.store.errors import StoreError
from headrace.store.forgetting import AT_ONCE, forget_memos
from headrace.store.hints import Hints
from headrace.store.idempotency import forget_old
from headrace.store.tables import workers
from headrace.store.transaction import Transaction

_EVERY_SECONDS = 1.0
_HOUR_TICKS = 3600
_MINUTE_TICKS = 60
_FIRST_HOURLY_TICK = 30
_DAY_MS = 86_400_000
_FIRST_TIDY_TICK = 3  # a few seconds after the start that follows a crash
_log = logging.getLogger("headrace.services.sweeper")

_DUE = sweeps.due_query()
_ADDRESSES = (
    select(workers.c.id, workers.c.address)
    .where(workers.c.status.in_([WorkerStatus.ACTIVE.value, WorkerStatus.DRAINING.value]))
    .where(workers.c.boot_id == bindparam("boot"))
    .where(workers.c.address.is_not(None))
)


@dataclass(frozen=True, kw_only=True)
class SweepLimits:
    """0 seconds is no limit; 0 days keeps for ever: runs, and what the memo holds."""

    queue_timeout_seconds: float
    max_worker_losses: int
    retention_days: int
    ledger_retention_days: int


class Sweeper:
    """One a process. `start` and `stop` may be called in any order and more than once."""

    def __init__(
        self, store: Store, wakeups: WakeUps, content: ContentStore, limits: SweepLimits
    ) -> None:
        self._store = store
        self._content = content
        self._wakeups = wakeups
        self._limits = limits
        self._task: asyncio.Task[None] | None = None
        self._sooner = asyncio.Event()
        self._ticks = 0
        self._forget = wakeups.listen(self._hinted)

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._loop(), name="sweeper")

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            self._forget()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def run_once(self) -> float:
        """Does what is due; the seconds until something may be due again (at most one)."""
        dead = await self._dead_workers()
        async with self._store.snapshot() as snapshot:
            found: Sequence[Row[Any]] = await snapshot.all(_DUE, **self._moment())
        due, next_retry = tuple(found[0])
        if due or dead:
            await self._store.write(partial(self._sweep, dead=dead))
        self._ticks += 1
        if self._ticks % _MINUTE_TICKS == _FIRST_TIDY_TICK:
            # What killed writers left half-written; living ones hold a lock on theirs.
            await asyncio.to_thread(self._content.sweep_temporaries, older_than_seconds=1)
            await collect_content(self._store, self._content)
        if self._ticks % _HOUR_TICKS == _FIRST_HOURLY_TICK:
            await self._store.write(forget_old)
            await self._retire()
            await self._forget_memos()
        if next_retry is None or due:
            return _EVERY_SECONDS
        return min(_EVERY_SECONDS, max(0.0, (int(next_retry) - wall_ms()) / 1000))

    async def _retire(self) -> None:
        if days := self._limits.retention_days:
            removed = await remove_older(self._store, wall_ms() - days * _DAY_MS)
            if removed.runs:
                _log.info("sweeper.retired: %d runs, older than %d days", removed.runs, days)

    async def _forget_memos(self) -> None:
        if days := self._limits.ledger_retention_days:
            forget = partial(forget_memos, since=wall_ms() - days * _DAY_MS)
            while await self._store.write(forget) == AT_ONCE:
                pass  # in trickles: whoever else writes goes in between

    async def _dead_workers(self) -> list[str]:
        """Workers of this machine whose process is gone: no need to wait for their lease."""
        async with self._store.snapshot() as snapshot:
            rows = await snapshot.all(_ADDRESSES, boot=boot_id())
        return [row.id for row in rows if self._wakeups.gone(row.address)]

    def _moment(self) -> dict[str, object]:
        return {
            "now": wall_ms(),
            "clock": lease_ms(),
            "boot": boot_id(),
            "queue_limit": self._queue_limit(wall_ms()),
        }

    def _queue_limit(self, now: int) -> int:
        seconds = self._limits.queue_timeout_seconds
        return now - round(seconds * 1000) if seconds else 0

    def _sweep(self, tx: Transaction, dead: list[str]) -> None:
        sweeps.collect_lost_workers(tx, dead, self._limits.max_worker_losses)
        sweeps.revoke_overdue_cancellations(tx)
        sweeps.end_late_runs(tx)
        if self._limits.queue_timeout_seconds:
            limit = self._queue_limit(tx.now)
            sweeps.fail_stale_blocks(tx, limit, self._limits.queue_timeout_seconds)
        sweeps.make_retries_ready(tx)

    def _hinted(self, hints: Hints) -> None:
        if hints.retry or hints.everything:
            self._sooner.set()

    async def _loop(self) -> None:
        wait = 0.0  # at once: what a crash left behind is freed at start
        failed = False
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._sooner.wait()
            self._sooner.clear()
            try:
                wait = await self.run_once()
                failed = False
            except StoreError as error:
                if not failed:  # an outage is logged once
                    _log.error("sweeper.store_unavailable: %s", error)
                failed, wait = True, _EVERY_SECONDS * random.uniform(1, 3)
            except Exception:
                _log.exception("sweeper.failed")
                wait = _EVERY_SECONDS * random.uniform(1, 3)
