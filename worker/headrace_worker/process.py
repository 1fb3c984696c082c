"""A process that only works on runs: from its settings to its drain.

SIGTERM and Ctrl-C drain it: it claims nothing more, lets blocks finish for DRAIN_SECONDS, and gives
back the rest. A second signal does not wait for that; what it held goes on elsewhere all the same.
"""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import uvloop

from headrace import __version__
from headrace.domain.errors import HeadraceError
from headrace.logs import log_to_stderr
from headrace.services.core import Services, open_services
from headrace.settings import load_settings
from headrace_worker.executors.launcher import ZygoteAhead
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.loop import Worker

NOT_STARTED: Final = 2
SIGNAL_EXIT: Final = 128  # as shells count: this and the signal's number

_log = logging.getLogger("headrace_worker")


@asynccontextmanager
async def working(services: Services, zygote: ZygoteAhead | None = None) -> AsyncIterator[Worker]:
    """A worker over open services; drained and stopped at the end."""
    worker = _worker_on_ray(services) if services.settings.executor == "ray" else None
    if worker is None:
        # The catalogue knows the entry points already: no scan when the first block comes.
        executor = LocalExecutor(
            services.content, target_of=services.catalogue.target, zygote=zygote
        )
        worker = Worker(services, executor)
    await worker.start()
    try:
        yield worker
    finally:
        await worker.stop()


def _worker_on_ray(services: Services) -> Worker:
    from headrace_worker.executors.ray_executor import PARTITIONS_AT_ONCE, RayExecutor

    executor = RayExecutor(services.settings.ray_address, target_of=services.catalogue.target)
    return Worker(services, executor, partitions_at_once=PARTITIONS_AT_ONCE)


def main() -> int:
    """`python -m headrace_worker`; gives the exit code, 0 after a drain."""
    log_to_stderr()
    # What is imported stays: no collection need look at it again.
    gc.freeze()
    gc.enable()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_work())
    except HeadraceError as error:
        print(error, file=sys.stderr)  # noqa: T201 # a person reads why it did not start
        return NOT_STARTED


async def _work() -> int:
    settings = load_settings()
    ends = _Ends()
    try:
        async with open_services(settings) as services, working(services) as worker:
            slots = settings.worker_concurrency
            _log.info("worker.up version=%s worker=%s slots=%d", __version__, worker.id, slots)
            await ends.asked.wait()
            _log.info("worker.draining")
    except asyncio.CancelledError:
        if ends.cut_short_by is None:
            raise
        return SIGNAL_EXIT + ends.cut_short_by
    return 0


class _Ends:
    """Hears the signals: the first asks, the second cancels."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.cut_short_by: signal.Signals | None = None
        self._task = asyncio.current_task()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._hear, number)

    def _hear(self, number: signal.Signals) -> None:
        if not self.asked.is_set():
            self.asked.set()
        elif self._task is not None:
            self.cut_short_by = number
            self._task.cancel()
