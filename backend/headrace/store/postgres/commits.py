"""How a PostgreSQL database commits: one transaction a group.

Invariants: a unit that fails fails its own caller alone; one whose transaction was lost is done
again, unless it is known to have been committed; a deadlock, a serialisation failure or two that
insert the same at once fail nobody who would succeed by himself; what a group touched is told to
the other processes by NOTIFY behind its COMMIT, unless something else tells them.
"""

import asyncio
import logging
import random
import time
from typing import Any, Final

from headrace.store.errors import StoreUnavailable
from headrace.store.hints import Hints
from headrace.store.postgres.batch import Batch, CommitUnknown, Undone
from headrace.store.postgres.locks import OutOfTurn
from headrace.store.postgres.server import REFUSALS, Connection, Patience, Server, is_outage
from headrace.store.writer import Job, Queue

# Each statement goes to the server and back: a group of the same size takes longer than a file's.
_GROUP_SECONDS: Final = 0.02
_TAKEN_AT_ONCE: Final = 64
_PATIENCE_SECONDS: Final = 20.0
_IDLE_SECONDS: Final = 5
_TRIES: Final = 4
_TOO_LATE: Final = "the database was lost at the COMMIT; whether it was written is not known: "
_log = logging.getLogger("headrace.store.writer")


class PostgresCommits:
    """Opened, used and closed on the writer's thread, which has a loop of its own.

    Without a `token` nobody is notified.
    """

    look_seconds = None

    def __init__(self, server: Server, token: str | None) -> None:
        self._patience = Patience(server, _PATIENCE_SECONDS, idle_seconds=_IDLE_SECONDS)
        self._token = token
        self._connection: Connection | None = None

    def open(self) -> None:
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        if self._connection is not None:
            self._loop.run_until_complete(_closed(self._connection))
        self._loop.close()

    def others_wrote(self) -> bool:
        return False  # LISTEN tells

    def group(self, queue: Queue) -> list[Job]:
        return self._loop.run_until_complete(self._group(queue))

    async def _group(self, queue: Queue) -> list[Job]:
        jobs: list[Job] = []
        try:
            await self._together(queue, jobs)
        except (Undone, *REFUSALS) as error:
            _log.debug("store.group_undone: %s", error)
            for job in jobs:
                await self._alone(job, queue)
        except StoreUnavailable as error:
            # Nobody's turn will be better: whoever waits is told now.
            while waiting := queue.pop():
                jobs.append(waiting)
            for each in jobs:
                _fail(each, error)
        return jobs

    async def _together(self, queue: Queue, jobs: list[Job]) -> None:
        batch = Batch(await self._connected(queue), self._token)
        await self._tended(batch.begin())
        later: list[Job] = []  # what was taken, and not done
        end: float | None = None
        while not later and (taken := queue.take(_TAKEN_AT_ONCE)):
            jobs += taken
            await self._tended(batch.foresee(taken))
            end = end or time.monotonic() + _GROUP_SECONDS  # whoever waited has work to do yet
            later += await self._performed(batch, taken, end)
        for job in reversed(later):
            jobs.remove(job)
            queue.put_back(job)  # first in the next group, where it may wait
        await self._commit(batch, jobs, queue)

    async def _performed(self, batch: Batch, jobs: list[Job], end: float) -> list[Job]:
        """Runs units until `end`; those that are not done."""
        return [
            job
            for job in jobs
            if time.monotonic() > end or not await self._tended(batch.perform(job))
        ]

    async def _alone(self, job: Job, queue: Queue) -> None:
        tries, last = 0, time.monotonic() + _PATIENCE_SECONDS
        while True:
            job.result = job.hints = job.error = None
            try:
                batch = Batch(await self._connected(queue), self._token)
                await self._tended(batch.begin())
                await self._tended(batch.foresee([job]))
                done = await self._tended(batch.perform(job))
                await self._commit(batch, [job] if done else [], queue)
                if done:
                    return
            except StoreUnavailable as error:
                _fail(job, error)
                return
            except Undone as undone:
                if not isinstance(undone.error, OutOfTurn):
                    _fail(job, undone.error)
                    return
            except REFUSALS as error:
                _log.debug("store.unit_undone: %s", error)
                tries += 1
                # A server may be there and still write nothing: its disk is full, say.
                outage = is_outage(error, self._connection)
                if (tries >= _TRIES and not outage) or time.monotonic() > last:
                    _log.error("store.commit_failed: %s", error)
                    _fail(job, _as_told(error))
                    return
                await asyncio.sleep(random.uniform(0, 0.02) * tries)

    async def _commit(self, batch: Batch, jobs: list[Job], queue: Queue) -> None:
        hints = Hints()
        for job in jobs:
            if job.hints is not None:
                hints.merge(job.hints)
        try:
            await self._tended(batch.commit(hints))
        except CommitUnknown as unknown:
            if not await self._happened(unknown, queue):
                raise unknown.error from unknown

    async def _happened(self, unknown: CommitUnknown, queue: Queue) -> bool:
        """Whether the transaction was committed that was lost at its COMMIT."""
        self._lost()
        while True:
            try:
                connection = await self._connected(queue)
                state = await connection.fetchval(
                    "SELECT pg_xact_status($1::text::xid8)", unknown.transaction
                )
            except StoreUnavailable as error:
                raise StoreUnavailable(f"{_TOO_LATE}{error}") from error
            except REFUSALS:
                self._lost()
                continue
            if state != "in progress":
                return bool(state == "committed")
            await asyncio.sleep(0.02)  # its end has not reached the old session yet

    async def _connected(self, queue: Queue) -> Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._patience.connect(lambda: queue.closed)
        return self._connection

    async def _tended(self, work: Any) -> Any:
        """The work's result; after an error of the server's, the connection is another one."""
        try:
            return await work
        except (Undone, *REFUSALS) as error:
            if is_outage(error, self._connection):
                self._lost()
            else:
                await self._rolled_back()
            raise

    async def _rolled_back(self) -> None:
        assert self._connection is not None
        try:
            await self._connection.execute("ROLLBACK")
        except REFUSALS:
            self._lost()

    def _lost(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
            self._patience.outage()


async def _closed(connection: Connection) -> None:
    try:
        await connection.close(timeout=2)
    except REFUSALS:
        connection.terminate()


def _fail(job: Job, error: Exception) -> None:
    job.result = job.hints = None
    job.error = error


def _as_told(error: Exception) -> Exception:
    sqlstate = str(getattr(error, "sqlstate", ""))
    if sqlstate.startswith("23"):  # it breaks a constraint whatever others do
        return error
    return StoreUnavailable(f"the database could not be written: {error}")
