"""A server's database that a file is copied to: made and filled in one transaction."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from headrace.store.copying.ends import Batches, refuse_full
from headrace.store.copying.rows import Row
from headrace.store.errors import CopyFailed, DatabaseInUse, StoreUnavailable
from headrace.store.migrate import migrated
from headrace.store.postgres.copy_reading import Reading
from headrace.store.postgres.copy_refusals import refusals
from headrace.store.postgres.others import others_stay
from headrace.store.postgres.schema import LOCK, reason_of, refuse_old_server, revision_of
from headrace.store.postgres.server import REFUSALS, Connection, Server
from headrace.store.postgres.transaction import cleaned
from headrace.store.tables import metadata

_PATIENCE: Final = (
    "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = 0;"
    " SET LOCAL idle_in_transaction_session_timeout = 0"
)
# What a value raises that is not of its column's type: SQLite keeps whatever a tool has put there.
_MISFITS: Final = (TypeError, OverflowError, ValueError, asyncpg.DataError)
_FOUND: Final = "SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NOT NULL"
_COUNTERS: Final = """
SELECT attname AS column, pg_get_serial_sequence($1, attname) AS sequence FROM pg_attribute
WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
AND pg_get_serial_sequence($1, attname) IS NOT NULL
"""


class ServerTarget(Reading):
    """A database that has the tables of now, all of them empty and locked."""

    def held(self, rows: Sequence[Row]) -> Sequence[Row]:
        return [cleaned(row) for row in rows]

    async def fill(self, table: Table, batches: Batches) -> None:
        columns = [column.name for column in table.c]
        sent = _Sent(batches)
        try:
            await self._connection.copy_records_to_table(
                table.name, columns=columns, records=sent.rows()
            )
        except _MISFITS as error:
            key = {
                column.name: sent.last[columns.index(column.name)]
                for column in table.primary_key.columns
            }
            raise CopyFailed(
                f"a row of {table.name} cannot be copied, {key}: {error}; nothing is copied"
            ) from error
        except asyncpg.IntegrityConstraintViolationError as error:
            words = (error.detail or str(error)).rstrip(".")
            raise CopyFailed(
                f"rows of {table.name} cannot be copied: {words}; nothing is copied"
            ) from error

    async def settle(self, table: Table) -> None:
        """Has what counts up by itself go on after the highest number, and the planner know."""
        for column, sequence in await self._connection.fetch(_COUNTERS, table.name):
            await self._connection.execute(
                f'SELECT setval(\'{sequence}\', max("{column}")) FROM "{table.name}"'
                f' HAVING max("{column}") IS NOT NULL'
            )
        await self._connection.execute(f'ANALYZE "{table.name}"')


class _Sent:
    """The rows of batches one by one, and the last that was given."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self.last: Row = ()

    async def rows(self) -> AsyncGenerator[Row, None]:
        async for batch in self._batches:
            for row in batch:
                self.last = row
                yield row


@asynccontextmanager
async def server_target(address: str) -> AsyncIterator[ServerTarget]:
    """The database at an address, made and filled in one transaction.

    It is committed when this is left without an error.
    Raises DatabaseInUse, CopyFailed, SchemaTooNew and StoreUnavailable.
    """
    server = Server(address)
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=server.connect, poolclass=NullPool
    )
    try:
        with refusals(server.name):
            async with engine.connect() as connection:
                yield ServerTarget(server.name, await _prepared(connection, server.name))
                await _commit(connection, server.name)
    finally:
        await engine.dispose()


async def _prepared(connection: AsyncConnection, name: str) -> Connection:
    raw = (await connection.get_raw_connection()).driver_connection
    assert raw is not None
    refuse_old_server(raw, name)
    if await others_stay(raw):
        raise DatabaseInUse(
            f"{name} is in use: stop every server and worker that has it as its DATABASE_URL, and "
            "try again; nothing is copied"
        )
    await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")  # it has begun
    await raw.execute(_PATIENCE)
    names = [table.name for table in metadata.sorted_tables]
    found = [row["name"] for row in await raw.fetch(_FOUND, names)]
    if found and await revision_of(raw) is None:
        raise CopyFailed(
            f"{name} has tables of somebody else's with our names ({', '.join(found)}); nothing is "
            "copied"
        )
    await connection.run_sync(migrated)
    await raw.execute(f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE")
    counts = {each: await raw.fetchval(f'SELECT count(*) FROM "{each}"') for each in names}
    refuse_full(name, counts)
    return raw


async def _commit(connection: AsyncConnection, name: str) -> None:
    try:
        await connection.commit()
    except (DBAPIError, *REFUSALS) as error:
        raise StoreUnavailable(
            f"{name} was lost at the very end ({reason_of(error)}), and whether it has all or "
            "nothing is not known: try again; it is full if that says so"
        ) from error
