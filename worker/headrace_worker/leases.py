"""The worker's lease: entered at start, renewed by heartbeats, given up at the end.

One lease per process; its attempts refer to it. A heartbeat also tells which claims still stand
and which are to stop. A lease that was lost (or could not be renewed in time) kills every attempt:
whoever took the blocks over may be running them already.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection
from functools import partial

from headrace.store import workers as store_workers
from headrace.store.clock import lease_ms
from headrace.store.database import Store
from headrace.store.errors import StoreClosed, StoreError
from headrace.store.workers import Beat
from headrace_worker.attempt import Attempt

_log = logging.getLogger("headrace_worker.leases")


class Lease:
    """Keeps one worker's row alive and its attempts in step with what the store says of them.

    `replaced` is told when a lost lease was replaced by a new one.
    """

    def __init__(
        self,
        store: Store,
        new: store_workers.NewWorker,
        seconds: float,
        attempts: Collection[Attempt],
        replaced: Callable[[], None],
    ) -> None:
        self.worker_id: str | None = None
        self._store = store
        self._new = new
        self._ms = round(seconds * 1000)
        self._every = seconds / 3
        self._attempts = attempts
        self._replaced = replaced
        self._draining = False
        self._renewed = 0
        self._soon = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._register()
        self._task = asyncio.create_task(self._loop(), name="heartbeat")

    def look_soon(self) -> None:
        """A cancellation may have come: look at once, not at the next heartbeat."""
        self._soon.set()

    async def drain(self) -> None:
        """Says that the worker is leaving; its lease goes on until `stop`."""
        self._draining = True
        self._soon.set()

    async def stop(self) -> None:
        """Signs the worker off."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self.worker_id is not None:
            with contextlib.suppress(StoreError):
                await self._store.write(partial(store_workers.stop, worker_id=self.worker_id))

    async def beat(self) -> None:
        """One heartbeat, first in its batch."""
        assert self.worker_id is not None
        # Only what is known now can be judged by the answer: a claim may be on its way.
        known = {attempt for attempt in self._attempts if not attempt.reported}
        unit = partial(
            store_workers.beat,
            worker_id=self.worker_id,
            lease_ms=self._ms,
            draining=self._draining,
        )
        found = await self._store.write(unit, urgent=True)
        if found is None:
            _log.error("worker.lease_lost: another process took over what this worker held")
            self._lose(known)
            await self._register()
            self._replaced()
            return
        self._renewed = lease_ms()
        self._follow(known, found)

    def _follow(self, known: set[Attempt], found: Beat) -> None:
        for attempt in known:
            if attempt.claim in found.cancelling:
                attempt.cancel(found.cancelling[attempt.claim])
            elif attempt.claim not in found.held and not attempt.reported:
                attempt.lose()

    async def _register(self) -> None:
        unit = partial(store_workers.register, new=self._new, lease_ms=self._ms)
        self.worker_id = await self._store.write(unit)
        self._renewed = lease_ms()

    async def _loop(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._soon.wait()
            self._soon.clear()
            try:
                await self.beat()
            except StoreClosed:
                return
            except StoreError as error:
                _log.error("worker.heartbeat_failed: %s", error)
                if lease_ms() - self._renewed > self._ms:
                    self._lose(set(self._attempts))
                await asyncio.sleep(min(1.0, self._every))
            except Exception:
                _log.exception("worker.heartbeat_failed")
                await asyncio.sleep(min(1.0, self._every))

    def _lose(self, attempts: set[Attempt]) -> None:
        for attempt in attempts:
            attempt.lose()
