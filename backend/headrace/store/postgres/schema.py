"""Bringing a database of a PostgreSQL server up to date at start, by one of all who start at once.

Whoever comes second waits for the advisory lock and finds the work done.
"""

from typing import Final
from zlib import crc32

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from headrace.store.errors import StoreUnavailable
from headrace.store.migrate import HEAD, migrated
from headrace.store.postgres.server import REFUSALS, Connection, Server

_OLDEST: Final = 13
LOCK: Final = crc32(b"headrace schema")
"""The advisory lock of whoever makes or migrates the tables."""
_IS_THERE: Final = "SELECT to_regclass('alembic_version') IS NOT NULL"


async def bring_up_to_date(server: Server) -> str | None:
    """Makes or migrates the schema; gives the revision that it found, None for an empty database.

    Raises StoreUnavailable where the server cannot be reached, SchemaTooNew for a revision that we
    do not know.
    """
    try:
        found = await _revision(server)
        return found if found == HEAD else await _migrate(server)
    except (DBAPIError, *REFUSALS) as error:
        raise StoreUnavailable(
            f"DATABASE_URL {server.name} cannot be opened: {reason_of(error)}"
        ) from error


def told_by_server(error: BaseException) -> BaseException:
    """What asyncpg raised, whether or not SQLAlchemy has wrapped it."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error


def reason_of(error: BaseException) -> str:
    """The server's own words, and what they ask for."""
    told = told_by_server(error)
    words = str(told) or type(told).__name__
    if isinstance(told, asyncpg.InsufficientPrivilegeError):
        return f"{words} (its user must be allowed to create tables there, best as the owner)"
    return words


def refuse_old_server(connection: Connection, name: str) -> None:
    """Raises StoreUnavailable for a PostgreSQL that lacks what Headrace uses."""
    major = connection.get_server_version().major
    if major < _OLDEST:
        raise StoreUnavailable(f"{name} is PostgreSQL {major}; Headrace wants {_OLDEST} or newer")


async def _revision(server: Server) -> str | None:
    connection = await server.connect()
    try:
        refuse_old_server(connection, f"DATABASE_URL {server.name}")
        return await revision_of(connection)
    finally:
        await connection.close()


async def revision_of(connection: Connection) -> str | None:
    """The revision of the schema; None where there is none."""
    if not await connection.fetchval(_IS_THERE):
        return None
    return str(await connection.fetchval("SELECT version_num FROM alembic_version"))


async def _migrate(server: Server) -> str | None:
    async def connect() -> Connection:
        return await asyncpg.connect(server.address)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            return await connection.run_sync(migrated)
    finally:
        await engine.dispose()
