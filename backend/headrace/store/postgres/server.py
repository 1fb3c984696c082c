"""A PostgreSQL server by its address, and connections to one of its databases."""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from typing import Any, Final

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.engine import Dialect

from headrace.store.addresses import without_driver, without_password
from headrace.store.errors import StoreUnavailable

DIALECT: Final[Dialect] = dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's has no types
APPLICATION: Final = "headrace"
_CONNECT_SECONDS: Final = 5.0
_STATEMENTS_KEPT: Final = 512
_SHORTEST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 1.0
# Classes of SQLSTATE: connection, resources, operator's doing, system, and the server's own faults.
_SERVER_CLASSES: Final = {"08", "53", "57", "58", "XX"}
_log = logging.getLogger("headrace.store.postgres")

Connection = Any
"""An asyncpg connection; the package has no types."""

REFUSALS: Final = (
    OSError,  # and TimeoutError, which is one
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server ended the session while nobody listened
)
"""What a connection attempt or a statement may raise."""


def is_outage(error: BaseException, connection: Connection | None = None) -> bool:
    """Whether it is the server or the way to it that failed, and not the statement.

    The connection is of no use any more then.
    """
    if connection is not None and connection.is_closed():
        return True
    if isinstance(error, asyncpg.InvalidCachedStatementError):
        return True  # a migration was made; a new connection knows the tables as they are now
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate or "08")[:2] in _SERVER_CLASSES
    return isinstance(error, OSError | asyncpg.InternalClientError)


class Server:
    """Where a database is. `name` is its address without the password, fit to be shown."""

    def __init__(self, address: str) -> None:
        self.address = without_driver(address)
        self.name = without_password(address)

    async def connect(self, *, idle_seconds: int = 0) -> Connection:
        """A connection; a transaction of it that is idle so long is ended by the server (0: none).

        So a process that was stopped in the middle of a transaction keeps no lock for long.
        Raises one of REFUSALS.
        """
        connection = await asyncpg.connect(
            self.address,
            timeout=_CONNECT_SECONDS,
            statement_cache_size=_STATEMENTS_KEPT,
            max_cached_statement_lifetime=0,
            server_settings={
                "application_name": APPLICATION,
                "idle_in_transaction_session_timeout": str(idle_seconds * 1000),
                "jit": "off",  # it takes longer than our statements do
            },
        )
        # Sums of whole numbers come as decimals, which nothing here is.
        await connection.set_type_codec(
            "numeric", schema="pg_catalog", encoder=str, decoder=_number, format="text"
        )
        return connection


class Patience:
    """Connects again and again for a while, counted from when the outage began.

    Once an outage has lasted that long, each further attempt is one attempt.
    """

    def __init__(self, server: Server, seconds: float, *, idle_seconds: int = 0) -> None:
        self._server = server
        self._seconds = seconds
        self._idle_seconds = idle_seconds
        self._since: float | None = None

    def outage(self) -> None:
        """A connection was lost."""
        if self._since is None:
            self._since = time.monotonic()

    async def connect(self, hurry: Callable[[], bool] = lambda: False) -> Connection:
        """A connection, waited for; `hurry` says whether to give up at once.

        Raises StoreUnavailable.
        """
        pause = _SHORTEST_PAUSE
        while True:
            try:
                connection = await self._server.connect(idle_seconds=self._idle_seconds)
            except REFUSALS as error:
                if self._since is None:
                    _log.warning("store.database_away: %s", error)  # an outage is logged once
                self.outage()
                assert self._since is not None
                over = time.monotonic() - self._since >= self._seconds
                if over or hurry() or _is_final(error):
                    words = f"the database at {self._server.name} cannot be reached: {error}"
                    raise StoreUnavailable(words) from error
            else:
                if self._since is not None:
                    _log.info("store.database_back")
                self._since = None
                return connection
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, _LONGEST_PAUSE)


def _is_final(error: BaseException) -> bool:
    """Whether trying again is in vain: a wrong password, no such database."""
    return isinstance(error, asyncpg.PostgresError) and not is_outage(error)


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
