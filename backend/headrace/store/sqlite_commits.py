"""How a SQLite file commits: one transaction a group, in this process's turn."""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import SQLAlchemyError

from headrace.store.clock import boot_id, lease_ms, wall_ms
from headrace.store.errors import StoreUnavailable
from headrace.store.statements import Row, Statement
from headrace.store.transaction import Transaction
from headrace.store.turns import Turns
from headrace.store.writer import GROUP_SECONDS, Job, Queue

_LOOK_SECONDS = 0.25
_log = logging.getLogger("headrace.store.writer")


class SqliteTransaction(Transaction):
    """On the driver's own cursor."""

    def __init__(self, connection: Connection, now: int, clock: int, boot: str) -> None:
        super().__init__(now, clock, boot)
        self._cursor: DBAPICursor = connection.connection.cursor()
        self._dialect = connection.dialect

    def rows(self, statement: Statement, params: Mapping[str, Any]) -> Sequence[Row]:
        cursor = self._run(statement, params)
        found = cursor.fetchall()
        if not found:
            return []
        made = statement.row(cursor.description)
        return [made(row) for row in found]

    def change(self, statement: Statement, params: Mapping[str, Any]) -> int:
        return self._run(statement, params).rowcount

    def change_many(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        text = statement.text(self._dialect)
        if values := statement.many(rows):
            self._cursor.executemany(text, values)

    def execute(self, text: str) -> None:
        """Runs plain SQL that has neither parameters nor a result (savepoints)."""
        self._cursor.execute(text)

    def _run(self, statement: Statement, params: Mapping[str, Any]) -> DBAPICursor:
        self._cursor.execute(*statement.prepared(self._dialect, params))
        return self._cursor


class SqliteCommits:
    """Opened, used and closed on the writer's thread."""

    look_seconds = _LOOK_SECONDS

    def __init__(self, engine: Engine, turns: Turns) -> None:
        self._engine = engine
        self._turns = turns
        self._errors = (SQLAlchemyError, engine.dialect.loaded_dbapi.Error, OSError)

    def open(self) -> None:
        self._connection = self._engine.connect()
        self._version = _data_version(self._connection)

    def close(self) -> None:
        self._connection.close()

    def group(self, queue: Queue) -> list[Job]:
        connection = self._connection
        jobs: list[Job] = []
        try:
            with self._turns.turn(), _transaction(connection):
                end = time.monotonic() + GROUP_SECONDS
                while job := queue.pop():
                    jobs.append(job)
                    _perform(connection, job)
                    if time.monotonic() > end:
                        break
        except self._errors as error:
            # The group's own BEGIN or COMMIT failed (a full disk, say): each once more by itself.
            for job in jobs:
                self._alone(job, error)
        return jobs

    def others_wrote(self) -> bool:
        """data_version moves when another connection commits, never by our own."""
        version = _data_version(self._connection)
        moved, self._version = version != self._version, version
        return moved

    def _alone(self, job: Job, why: Exception) -> None:
        job.result = job.hints = None
        try:
            with self._turns.turn(), _transaction(self._connection):
                _perform(self._connection, job)
        except self._errors as error:
            _log.error("store.commit_failed: %s", why)
            job.error = StoreUnavailable(f"the database could not be written: {_reason(error)}")
            job.hints = None


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    """A write transaction by the driver's own words: the engine's take a quarter as long again."""
    driver = _driver(connection)
    driver.execute("BEGIN IMMEDIATE")
    try:
        yield
        driver.execute("COMMIT")
    except BaseException:
        if driver.in_transaction:
            driver.execute("ROLLBACK")
        raise


def _perform(connection: Connection, job: Job) -> None:
    """Runs one unit inside a savepoint and keeps what it gave or raised.

    Raises the driver's OperationalError (a full disk, say): that is no fault of the unit's.
    """
    transaction = SqliteTransaction(connection, wall_ms(), lease_ms(), boot_id())
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
    return int(_driver(connection).execute("PRAGMA data_version").fetchone()[0])


def _driver(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error)
