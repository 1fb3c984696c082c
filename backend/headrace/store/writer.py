"""The one writer of a process: units of work share transactions (group commit).

Invariants: each unit is a savepoint, so one that fails fails its own caller alone; a caller
resumes only after the COMMIT that holds its work; hints are told after that COMMIT and before any
caller goes on; a group is bounded by time (by count it made 36 ms transactions); a writer that
dies takes its process with it, for a process that cannot write must not look alive.
"""

import asyncio
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from headrace.store.clock import boot_id, lease_ms, wall_ms
from headrace.store.errors import StoreClosed, StoreUnavailable
from headrace.store.hints import Hints
from headrace.store.transaction import Transaction
from headrace.store.turns import Turns

T = TypeVar("T")
Unit = Callable[[Transaction], T]

_GROUP_SECONDS = 0.005
_LOOK_SECONDS = 0.25
_log = logging.getLogger("headrace.store.writer")


@dataclass(slots=True)
class _Job:
    unit: Unit[Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None
    hints: Hints | None = None


@dataclass(slots=True)
class _Queue:
    """What waits for the writer; urgent work (heartbeats) goes to the front."""

    jobs: deque[_Job] = field(default_factory=deque)
    wake: threading.Condition = field(default_factory=threading.Condition)
    closed: bool = False

    def put(self, job: _Job, *, urgent: bool) -> None:
        with self.wake:
            if self.closed:
                raise StoreClosed("the store is closed")
            (self.jobs.appendleft if urgent else self.jobs.append)(job)
            self.wake.notify()

    def wait(self, seconds: float) -> bool:
        """Waits for work for a while; whether there is some."""
        with self.wake:
            if not self.jobs and not self.closed:
                self.wake.wait(seconds)
            return bool(self.jobs)

    @property
    def ended(self) -> bool:
        with self.wake:
            return self.closed and not self.jobs

    def pop(self) -> _Job | None:
        with self.wake:
            return self.jobs.popleft() if self.jobs else None

    def close(self) -> None:
        with self.wake:
            self.closed = True
            self.wake.notify_all()


class Writer:
    """Runs units of work on a thread of its own, for the running loop.

    `told` gets each group's hints on the loop, and Hints(everything) when the file was changed by
    another process: the net under pokes that got lost.
    """

    def __init__(self, engine: Engine, turns: Turns, told: Callable[[Hints], None]) -> None:
        self._engine = engine
        self._turns = turns
        self._told = told
        self._loop = asyncio.get_running_loop()
        self._version = 0
        self._driver_error = engine.dialect.loaded_dbapi.Error
        self._queue = _Queue()
        self._thread = threading.Thread(target=self._main, name="headrace-writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def submit(self, unit: Unit[T], *, urgent: bool = False) -> "asyncio.Future[T]":
        """Queues a unit at once; the future ends after its COMMIT, or with what it raised.

        Raises StoreClosed once `close` was called.
        """
        job = _Job(unit, self._loop.create_future())
        self._queue.put(job, urgent=urgent)
        return job.future

    async def close(self) -> None:
        """Takes no more work, finishes what is queued, and ends the thread."""
        self._queue.close()
        if self._thread.is_alive():
            await asyncio.to_thread(self._thread.join)

    def _main(self) -> None:
        try:
            with self._engine.connect() as connection:
                self._version = _data_version(connection)
                while not self._queue.ended:
                    if self._queue.wait(_LOOK_SECONDS):
                        self._group(connection)
                    self._look_for_others(connection)
        except BaseException:
            _log.critical("store.writer_died: this process ends, it cannot write", exc_info=True)
            os._exit(70)

    def _group(self, connection: Connection) -> None:
        jobs: list[_Job] = []
        try:
            with self._turns.turn(), connection.begin():
                end = time.monotonic() + _GROUP_SECONDS
                while job := self._queue.pop():
                    jobs.append(job)
                    _perform(connection, job)
                    if time.monotonic() > end:
                        break
        except (SQLAlchemyError, self._driver_error, OSError) as error:
            # The group's own BEGIN or COMMIT failed (a full disk, say): each once more by itself.
            for job in jobs:
                self._alone(connection, job, error)
        self._report(jobs)

    def _alone(self, connection: Connection, job: _Job, why: Exception) -> None:
        job.result = job.hints = None
        try:
            with self._turns.turn(), connection.begin():
                _perform(connection, job)
        except (SQLAlchemyError, self._driver_error, OSError) as error:
            _log.error("store.commit_failed: %s", why)
            job.error = StoreUnavailable(f"the database could not be written: {_reason(error)}")
            job.hints = None

    def _report(self, jobs: list[_Job]) -> None:
        hints = Hints()
        for job in jobs:
            if job.hints is not None:
                hints.merge(job.hints)
        self._on_loop(hints, jobs)

    def _look_for_others(self, connection: Connection) -> None:
        """data_version moves when another connection commits, never by our own."""
        version = _data_version(connection)
        if self._version != version:
            self._version = version
            self._on_loop(Hints(everything=True), [])

    def _on_loop(self, hints: Hints, jobs: list[_Job]) -> None:
        try:
            self._loop.call_soon_threadsafe(self._deliver, hints, jobs)
        except RuntimeError:  # the loop has ended; nobody waits there any more
            _log.debug("store.report_without_loop")

    def _deliver(self, hints: Hints, jobs: list[_Job]) -> None:
        if hints:
            self._told(hints)
        for job in jobs:
            if job.future.cancelled():
                continue
            if job.error is not None:
                job.future.set_exception(job.error)
            else:
                job.future.set_result(job.result)


def _perform(connection: Connection, job: _Job) -> None:
    """Runs one unit inside a savepoint and keeps what it gave or raised.

    Raises the driver's OperationalError (a full disk, say): that is no fault of the unit's.
    """
    transaction = Transaction(connection, wall_ms(), lease_ms(), boot_id())
    transaction.execute("SAVEPOINT unit")
    job.error = None
    try:
        job.result = job.unit(transaction)
    except connection.dialect.loaded_dbapi.OperationalError:
        raise
    except Exception as error:
        transaction.execute("ROLLBACK TO unit")
        job.error = error
    else:
        job.hints = transaction.hints
    transaction.execute("RELEASE unit")


def _data_version(connection: Connection) -> int:
    driver = connection.connection.driver_connection  # outside any transaction of ours
    assert driver is not None
    return int(driver.execute("PRAGMA data_version").fetchone()[0])


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error)
