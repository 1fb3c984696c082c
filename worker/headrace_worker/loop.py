"""The worker: claim → run → report, woken by hints, paced by nothing.

Invariants: never more attempts than `capacity`; a slot is free as soon as its attempt's report is
queued, so the report and the next claim share a transaction; a worker that stops leaves no claim
behind.
"""

import asyncio
import logging
import random
import socket
from collections.abc import Callable
from functools import partial
from os import getpid

from headrace import __version__
from headrace.domain.errors import ClaimLost
from headrace.live.signal import Signal
from headrace.services.core import Services
from headrace.store import workers as store_workers
from headrace.store.claims import ClaimedBlock
from headrace.store.errors import StoreClosed, StoreError
from headrace.store.hints import Hints
from headrace_worker.attempt import Attempt
from headrace_worker.claiming import ClaimRequest
from headrace_worker.environment import Environments
from headrace_worker.executors.protocol import Executor
from headrace_worker.leases import Lease
from headrace_worker.partitions.slots import Slots

_log = logging.getLogger("headrace_worker.loop")
_RETRY_SECONDS = 1.0


class Worker:
    """One a process. `start`, then `stop`; both are safe to call twice.

    Of all its blocks together it runs `partitions_at_once` partitions, by default as many as it
    runs blocks.
    """

    def __init__(
        self,
        services: Services,
        executor: Executor,
        *,
        name: str | None = None,
        partitions_at_once: int | None = None,
    ) -> None:
        settings = services.settings
        self._services = services
        self._store = services.store
        self._executor = executor
        self._environments = Environments(services)
        self._capacity = settings.worker_concurrency
        self._slots = Slots(partitions_at_once or self._capacity)
        self._attempts: dict[Attempt, asyncio.Task[None]] = {}
        self._busy = 0  # slots of attempts that are not reported yet
        self._claiming = 0  # slots of claims on their way
        self._request: ClaimRequest | None = None  # the newest
        self._maybe_ready = True
        self._draining = False
        self._ended = Signal()
        self._forget: Callable[[], None] = lambda: None
        self._retry: asyncio.TimerHandle | None = None
        new = store_workers.NewWorker(
            name=name or f"{socket.gethostname()}-{getpid()}",
            host=socket.gethostname(),
            pid=getpid(),
            version=__version__,
            capacity=self._capacity,
            address=services.wakeups.address,
        )
        self._lease = Lease(
            self._store, new, settings.lease_seconds, self._attempts, self._look_for_work
        )

    @property
    def id(self) -> str | None:
        """Of the current lease; None before the start."""
        return self._lease.worker_id

    async def start(self) -> None:
        """Enters the worker and begins to claim."""
        if self._lease.worker_id is not None:
            return
        await self._executor.start()
        await self._lease.start()
        self._forget = self._services.wakeups.listen(self._hinted)
        self._claim()

    async def stop(self) -> None:
        """Drains: claims nothing more, waits DRAIN_SECONDS for what runs, releases the rest."""
        if self._draining or self._lease.worker_id is None:
            return
        self._draining = True
        if self._retry is not None:
            self._retry.cancel()
        await self._lease.drain()
        try:
            async with asyncio.timeout(self._services.settings.drain_seconds):
                await self._idle()
        except TimeoutError:
            for attempt in list(self._attempts):
                attempt.release()
            await self._idle()
        self._forget()
        await self._executor.stop()
        await self._lease.stop()

    async def _idle(self) -> None:
        while self._attempts or self._claiming:
            seen = self._ended.count
            if self._attempts or self._claiming:
                await self._ended.wait(seen)

    def _hinted(self, hints: Hints) -> None:
        if hints.ready or hints.again or hints.everything:
            self._look_for_work()
        if hints.everything or hints.cancelled & {a.claim.run_id for a in self._attempts}:
            self._lease.look_soon()

    def _look_for_work(self) -> None:
        self._maybe_ready = True
        self._claim()

    def _claim(self) -> None:
        """Asks for as many blocks as there are free slots, if there may be some; never waits."""
        free = self._capacity - self._busy - self._claiming
        worker_id = self._lease.worker_id
        if free <= 0 or not self._maybe_ready or self._draining or worker_id is None:
            return
        self._maybe_ready = False
        if self._request is not None and self._request.ask_more(worker_id, free):
            self._claiming += free
            return
        request = ClaimRequest(worker_id, free)
        try:
            claimed = self._store.write(request, last=True)
        except StoreClosed:
            return
        self._request = request
        self._claiming += free
        claimed.add_done_callback(partial(self._claimed, request=request))

    def _claimed(
        self, claimed: "asyncio.Future[list[ClaimedBlock]]", request: ClaimRequest
    ) -> None:
        self._claiming -= request.most
        if claimed.cancelled():
            return
        if (error := claimed.exception()) is not None:
            _log.error("worker.claim_failed: %s", error)
            self._maybe_ready = True
            delay = _RETRY_SECONDS * random.uniform(0.5, 1.5)
            self._retry = asyncio.get_running_loop().call_later(delay, self._claim)
            return
        blocks = claimed.result()
        for block in blocks:
            self._begin(block)
        if len(blocks) == request.most:
            self._maybe_ready = True
        self._ended.fire()
        self._claim()

    def _begin(self, block: ClaimedBlock) -> None:
        settings = self._services.settings
        timeout = block.timeout_seconds
        if timeout is None:
            timeout = settings.block_timeout_seconds or None
        self._busy += 1
        attempt = Attempt(
            block,
            store=self._store,
            executor=self._executor,
            slots=self._slots,
            content=self._services.content,
            environment=self._environments.of(block.grants),
            timeout_seconds=timeout,
            log_bytes=settings.log_bytes_per_attempt,
            reporting=self._slot_freed,
        )
        if self._draining:
            attempt.release()
        attempt.begin()
        task = asyncio.create_task(self._run(attempt), name=f"attempt-{block.claim}")
        self._attempts[attempt] = task

    def _slot_freed(self) -> None:
        self._busy -= 1
        self._look_for_work()

    async def _run(self, attempt: Attempt) -> None:
        try:
            await attempt.run()
        except (StoreError, ClaimLost) as error:
            _log.error("worker.attempt_not_reported: %s", error)
        finally:
            del self._attempts[attempt]
            self._ended.fire()
