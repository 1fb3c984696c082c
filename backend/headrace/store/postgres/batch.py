"""One transaction of a group: begun, filled with units of work, committed with what it tells.

A savepoint for each unit would be another way there and back for each. A unit that fails before it
wrote anything, as most do, leaves nothing to undo; one that fails later undoes the whole batch, and
each of its units is then done by itself.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import asyncpg
from sqlalchemy.util import greenlet_spawn

from headrace.store.hints import Hints
from headrace.store.postgres.locks import Locks, OutOfTurn
from headrace.store.postgres.notices import notify
from headrace.store.postgres.pending import Pending
from headrace.store.postgres.server import REFUSALS, Connection, is_outage
from headrace.store.postgres.transaction import PostgresTransaction, write_pending
from headrace.store.writer import Job

_BEGIN: Final = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
_MOMENT: Final = (
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now,"
    " pg_current_xact_id()::text AS number"
)
# Deadlock, serialisation, and what others inserted or deleted at the same time: try it again.
_AGAIN: Final = {"40P01", "40001", "23505", "23503"}


class CommitUnknown(Exception):
    """A COMMIT was sent, and its answer is an error, or was lost."""

    def __init__(self, transaction: str, error: BaseException) -> None:
        self.transaction = transaction
        self.error = error
        super().__init__(transaction)


class Undone(Exception):
    """A unit failed by its own fault, and the transaction is to be rolled back."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        super().__init__(str(error))


class Batch:
    """`begin`, then `foresee` and `perform` for each unit, then `commit`."""

    def __init__(self, connection: Connection, token: str | None) -> None:
        self._connection = connection
        self._token = token
        self._locks = Locks()
        self._pending = Pending()

    async def begin(self) -> None:
        """Raises what asyncpg raises."""
        await self._connection.execute(_BEGIN)
        moment = await self._connection.fetchrow(_MOMENT)
        self._now = int(moment["now"])
        self._number = str(moment["number"])
        self._began = time.monotonic()

    async def foresee(self, jobs: Sequence[Job]) -> None:
        """Locks and reads for all of them at once what they say they are about.

        Raises what asyncpg raises.
        """
        places = [job.about for job in jobs if job.about is not None]
        needs = {run_id for job in jobs for run_id in job.needs}
        if places or needs:
            await greenlet_spawn(self._transaction().foresee, places, needs)
            self._locks.keep()

    async def perform(self, job: Job) -> bool:
        """Runs a unit and keeps what it gave or raised. False: it is to begin anew, by its `needs`.

        Raises Undone, or what asyncpg raises where that is no fault of the unit's.
        """
        job.error = None
        transaction = self._transaction()
        try:
            job.result = await greenlet_spawn(_run, job, transaction)
        except OutOfTurn as found:
            job.needs |= found.needs
            if transaction.wrote:
                raise Undone(found) from found
            return False
        except Exception as error:
            if _is_anothers(error, self._connection):
                raise
            if transaction.wrote or isinstance(error, asyncpg.PostgresError):
                raise Undone(error) from error
            job.error = error
        else:
            job.hints = transaction.hints
            self._pending.appended.take(transaction.appended)
        finally:
            self._locks.keep()
        return True

    async def commit(self, hints: Hints) -> None:
        """Commits, then tells. Raises CommitUnknown, or what asyncpg raises."""
        await write_pending(self._connection, self._pending)
        told = "" if self._token is None else notify(hints, self._token)
        try:
            # One way there and back, two transactions: a notice takes a lock of the whole server's
            # until its transaction is over, and this one is over only when the disk has it.
            await self._connection.execute(f"COMMIT; {told}" if told else "COMMIT")
        except REFUSALS as error:
            raise CommitUnknown(self._number, error) from error

    def _transaction(self) -> PostgresTransaction:
        now = self._now + round((time.monotonic() - self._began) * 1000)
        return PostgresTransaction(self._connection, self._locks, self._pending, now, now)


def _run(job: Job, transaction: PostgresTransaction) -> Any:
    if job.needs:
        transaction.lock_runs(job.needs)
    unit: Callable[[PostgresTransaction], Any] = job.unit
    return unit(transaction)


def _is_anothers(error: Exception, connection: Connection) -> bool:
    """Whether it is the server's or another transaction's doing, and not the unit's own."""
    if is_outage(error, connection):
        return True
    return isinstance(error, asyncpg.PostgresError) and error.sqlstate in _AGAIN
