"""The one writer of a process: units of work share transactions (group commit).

Invariants: each unit is a savepoint, so one that fails fails its own caller alone; a caller
resumes only after the COMMIT that holds its work; hints are told after that COMMIT and before any
caller goes on; a writer that dies takes its process with it, for a process that cannot write must
not look alive. How a database commits a group is said in `sqlite_commits` and
`postgres.commits`.
"""

import asyncio
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

from headrace.store.errors import StoreClosed
from headrace.store.hints import Hints
from headrace.store.transaction import Place, Transaction

T = TypeVar("T")
Unit = Callable[[Transaction], T]

GROUP_SECONDS: Final = 0.005
"""How long a group takes up work: bounded by a count, transactions of 36 ms came of it."""
_LIVELY_SECONDS: Final = 2.0
"""How long after something moved the looks at the database go on at full pace."""
_REST: Final = 4
"""How many times as long as that a look may wait at rest, where hints come by another way too."""
_log = logging.getLogger("headrace.store.writer")


@dataclass(slots=True)
class Job:
    """A unit of work that somebody waits for, and what came of it."""

    unit: Unit[Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None
    hints: Hints | None = None
    about: Place | None = None  # the block of which it is sure to read and write
    last: bool = False  # better done behind all others of a group
    needs: set[str] = field(default_factory=set)  # runs to lock before it begins anew


@dataclass(slots=True)
class Queue:
    """What waits for the writer; urgent work (heartbeats) goes to the front."""

    jobs: deque[Job] = field(default_factory=deque)
    wake: threading.Condition = field(default_factory=threading.Condition)
    closed: bool = False

    def put(self, job: Job, *, urgent: bool) -> None:
        with self.wake:
            if self.closed:
                raise StoreClosed("the store is closed")
            (self.jobs.appendleft if urgent else self.jobs.append)(job)
            self.wake.notify()

    def put_back(self, job: Job) -> None:
        """Puts a job that was taken before all others, even in a queue that is closed."""
        job.last = False  # it would be left behind for ever where there is always more to do
        with self.wake:
            self.jobs.appendleft(job)

    def stir(self) -> None:
        """Ends a wait though there is no work."""
        with self.wake:
            self.wake.notify()

    def wait(self, seconds: float | None) -> bool:
        """Waits for work for a while; whether there is some."""
        with self.wake:
            if not self.jobs and not self.closed:
                self.wake.wait(seconds)
            return bool(self.jobs)

    @property
    def ended(self) -> bool:
        with self.wake:
            return self.closed and not self.jobs

    def pop(self) -> Job | None:
        with self.wake:
            return self.jobs.popleft() if self.jobs else None

    def take(self, most: int) -> list[Job]:
        """What waits, up to so many; those that are better done last come last."""
        with self.wake:
            taken = [self.jobs.popleft() for _ in range(min(most, len(self.jobs)))]
        return sorted(taken, key=lambda job: job.last)

    def close(self) -> None:
        with self.wake:
            self.closed = True
            self.wake.notify_all()


class Commits(Protocol):
    """How one database commits. All of it is called on the writer's thread."""

    @property
    def look_seconds(self) -> float | None:
        """How often to ask `others_wrote` where there is nothing to write; None is never."""

    def open(self) -> None: ...

    def close(self) -> None: ...

    def group(self, queue: Queue) -> list[Job]:
        """Takes jobs and commits them; each has its result or its error then."""

    def others_wrote(self) -> bool:
        """Whether another process has committed since the last time it was asked."""


class Writer:
    """Runs units of work on a thread of its own, for the running loop.

    `told` gets each group's hints on the loop, and Hints(everything) when another process wrote
    that may have told nobody: the net under hints that got lost.
    """

    def __init__(self, commits: Commits, told: Callable[[Hints], None]) -> None:
        self._commits = commits
        self._told = told
        self._loop = asyncio.get_running_loop()
        self._queue = Queue()
        self._thread = threading.Thread(target=self._main, name="headrace-writer", daemon=True)
        self._hinted = False
        self._lively_until = 0.0
        self._looked_at = time.monotonic()

    def start(self) -> None:
        self._thread.start()

    def submit(
        self, unit: Unit[T], *, urgent: bool = False, last: bool = False, about: Place | None = None
    ) -> "asyncio.Future[T]":
        """Queues a unit at once; the future ends after its COMMIT, or with what it raised.

        Raises StoreClosed once `close` was called.
        """
        job = Job(unit, self._loop.create_future(), about=about, last=last)
        self._queue.put(job, urgent=urgent)
        return job.future

    def hints_come(self) -> None:
        """Others tell of their commits by another way; the looks are the net under it."""
        self._hinted = True

    def stir(self) -> None:
        """Another process told of a commit: what it tells next may get lost."""
        now = time.monotonic()
        rested, self._lively_until = now >= self._lively_until, now + _LIVELY_SECONDS
        if rested:
            self._queue.stir()

    async def close(self) -> None:
        """Takes no more work, finishes what is queued, and ends the thread."""
        self._queue.close()
        if self._thread.is_alive():
            await asyncio.to_thread(self._thread.join)

    def _main(self) -> None:
        commits, queue = self._commits, self._queue
        try:
            commits.open()
            while not queue.ended:
                if queue.wait(self._until_look()):
                    self._report(commits.group(queue))
                if self._until_look() == 0.0:
                    self._look()
            commits.close()
        except BaseException:
            _log.critical("store.writer_died: this process ends, it cannot write", exc_info=True)
            os._exit(70)

    def _until_look(self) -> float | None:
        """Seconds to the next look; 0: it is due. After each group it would hold up its callers."""
        seconds, now = self._commits.look_seconds, time.monotonic()
        if seconds is None:
            return None
        if self._hinted and now >= self._lively_until:
            seconds *= _REST
        return max(0.0, self._looked_at + seconds - now)

    def _look(self) -> None:
        self._looked_at = time.monotonic()
        if self._commits.others_wrote():
            self._lively_until = self._looked_at + _LIVELY_SECONDS
            self._on_loop(Hints(everything=True), [])

    def _report(self, jobs: list[Job]) -> None:
        hints = Hints()
        for job in jobs:
            if job.hints is not None:
                hints.merge(job.hints)
        if hints:
            self._lively_until = time.monotonic() + _LIVELY_SECONDS
        self._on_loop(hints, jobs)

    def _on_loop(self, hints: Hints, jobs: list[Job]) -> None:
        try:
            self._loop.call_soon_threadsafe(self._deliver, hints, jobs)
        except RuntimeError:  # the loop has ended; nobody waits there any more
            _log.debug("store.report_without_loop")

    def _deliver(self, hints: Hints, jobs: list[Job]) -> None:
        # Callers are woken first, so the next block is on its way before its subscribers are
        # served; none of them goes on before this function is over, and so all is told by then.
        for job in jobs:
            if job.future.cancelled():
                continue
            if job.error is not None:
                job.future.set_exception(job.error)
            else:
                job.future.set_result(job.result)
        if hints:
            self._told(hints)
