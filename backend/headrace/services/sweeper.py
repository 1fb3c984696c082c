"""The sweep: each second every process looks for what only time moves.

Leases that are over, retries that are due, cancellations and runs past their deadlines, blocks
that waited too long, ticks of schedules. Where no run is under way and no other process has a
worker, nothing but a schedule can become due: then it looks every five seconds, and a hint of
anything new brings it back to its pace. `run_once` holds the work; the loop only paces it.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import bindparam, select

from headrace.artifacts.content import ContentStore
from headrace.artifacts.errors import ContentUnavailable
from headrace.domain.lifecycle import WorkerStatus
from headrace.live.wakeups import WakeUps
from headrace.services.collecting import collect_content, remove_older
from headrace.services.firing import Firing
from headrace.store import sweeps
from headrace.store.clock import wall_ms
from headrace.store.database import Snapshot, Store
from headrace.store.errors import StoreError
from headrace.store.forgetting import AT_ONCE, forget_memos
from headrace.store.hints import Hints
from headrace.store.idempotency import forget_old
from headrace.store.snapshot import Moment
from headrace.store.statements import Row
from headrace.store.tables import workers
from headrace.store.transaction import Transaction

_EVERY_SECONDS = 1.0
_REST_SECONDS = 5.0
_HOUR_SECONDS = 3600
_MINUTE_SECONDS = 60
_FIRST_HOURLY_SECONDS = 30
_DAY_MS = 86_400_000
_FIRST_TIDY_SECONDS = 3  # after the start that follows a crash
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
        self,
        store: Store,
        wakeups: WakeUps,
        content: ContentStore,
        firing: Firing,
        limits: SweepLimits,
    ) -> None:
        self._store = store
        self._content = content
        self._wakeups = wakeups
        self._firing = firing
        self._limits = limits
        self._task: asyncio.Task[None] | None = None
        self._sooner = asyncio.Event()
        self._resting = False
        self._news = False  # since the last sweep began
        self._stirred: asyncio.TimerHandle | None = None
        now = time.monotonic()
        self._tidy_at = now + _FIRST_TIDY_SECONDS
        self._hourly_at = now + _FIRST_HOURLY_SECONDS
        self._forget = wakeups.listen(self._hinted)

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._loop(), name="sweeper")

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            self._forget()
            if self._stirred is not None:
                self._stirred.cancel()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def run_once(self) -> float:
        """Does what is due; the seconds until something may be due again (at most five)."""
        self._news = False
        async with self._store.snapshot() as snapshot:
            moment = await snapshot.moment()
            found: Sequence[Row] = await snapshot.all(_DUE, **self._due_at(moment))
            dead = await self._dead_workers(snapshot, moment)
        due, next_retry, stirring = tuple(found[0])
        if due or dead:
            await self._store.write(partial(self._sweep, dead=dead))
        next_fire = await self._firing.fire_due(wall_ms())
        await self._keep_house()
        self._resting = not (due or stirring or self._news)
        pace = _REST_SECONDS if self._resting else _EVERY_SECONDS
        return _seconds_until(next_fire, None if due else next_retry, most=pace)

    async def tidy_hourly(self) -> None:
        """What is kept for a while only goes when its time is over."""
        await self._store.write(forget_old)
        await self._retire()
        await self._forget_memos()

    async def _keep_house(self) -> None:
        now = time.monotonic()
        if now >= self._tidy_at:
            self._tidy_at = now + _MINUTE_SECONDS
            await self._tidy_content()
        if now >= self._hourly_at:
            self._hourly_at = now + _HOUR_SECONDS
            await self.tidy_hourly()

    async def _tidy_content(self) -> None:
        try:
            # What killed writers left half-written; what living ones write stays.
            await asyncio.to_thread(self._content.sweep_temporaries, older_than_seconds=1)
            await collect_content(self._store, self._content)
        except ContentUnavailable as error:
            _log.warning("sweeper.artifact_store_unavailable: %s", error)

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

    async def _dead_workers(self, snapshot: Snapshot, moment: Moment) -> list[str]:
        """Workers of this machine whose process is gone: no need to wait for their lease."""
        rows = await snapshot.all(_ADDRESSES, boot=moment.boot)
        return [row.id for row in rows if self._wakeups.gone(row.address)]

    def _due_at(self, moment: Moment) -> dict[str, object]:
        return {
            "now": moment.now,
            "clock": moment.clock,
            "boot": moment.boot,
            "queue_limit": self._queue_limit(moment.now),
            "address": self._wakeups.address or "",
        }

    def _queue_limit(self, now: int) -> int:
        seconds = self._limits.queue_timeout_seconds
        return now - round(seconds * 1000) if seconds else 0

    def _sweep(self, tx: Transaction, dead: list[str]) -> None:
        if not tx.only_one("sweep"):
            return  # another process is at it
        sweeps.collect_lost_workers(tx, dead, self._limits.max_worker_losses)
        sweeps.revoke_overdue_cancellations(tx)
        sweeps.end_late_runs(tx)
        if self._limits.queue_timeout_seconds:
            limit = self._queue_limit(tx.now)
            sweeps.fail_stale_blocks(tx, limit, self._limits.queue_timeout_seconds)
        sweeps.make_retries_ready(tx)

    def _hinted(self, hints: Hints) -> None:
        if hints.retry or hints.schedules or hints.everything:
            self._sooner.set()
        elif hints.runs or hints.ready or hints.workers:
            self._news = True
            self._pick_up_pace()

    def _pick_up_pace(self) -> None:
        if self._resting:
            # Not at once: whoever starts a run need not wait for a sweep that finds nothing.
            self._resting = False
            loop = asyncio.get_running_loop()
            self._stirred = loop.call_later(_EVERY_SECONDS, self._sooner.set)

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


def _seconds_until(*moments: int | None, most: float) -> float:
    """The time until the first of some moments (wall ms), or `most` where that is sooner."""
    first = min((int(each) for each in moments if each is not None), default=None)
    if first is None:
        return most
    return min(most, max(0.0, (first - wall_ms()) / 1000))
