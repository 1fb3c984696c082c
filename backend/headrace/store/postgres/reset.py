"""The tables of Headrace dropped, and only where they are Headrace's and nobody of it is there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from headrace.store.errors import DatabaseInUse, StoreUnavailable
from headrace.store.postgres.others import others_stay
from headrace.store.postgres.server import REFUSALS, Connection, Server
from headrace.store.reset import Contents
from headrace.store.tables import metadata

_OURS: Final = ("alembic_version", "pipelines", "runs")
_FOUND: Final = (
    "SELECT count(*) FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NOT NULL"
)
_COUNTS: Final = "SELECT (SELECT count(*) FROM pipelines), (SELECT count(*) FROM runs)"
# A tool that reads a table at this moment is waited for, but not for long.
_PATIENCE: Final = "SET LOCAL lock_timeout = '5s'"


async def contents(server: Server) -> Contents:
    """What is in the database; nothing where it has no tables of Headrace's.

    Raises:
        DatabaseInUse: a process of Headrace's has it open.
        StoreUnavailable: it cannot be reached, or its tables are somebody else's.
    """
    async with _looked_into(server) as (_, found):
        return found


async def delete(server: Server) -> Contents:
    """Drops the tables; gives what was in them. Raises as `contents` does."""
    async with _looked_into(server) as (connection, found):
        names = ", ".join(["alembic_version", *metadata.tables])
        async with connection.transaction():
            await connection.execute(_PATIENCE)
            await connection.execute(f"DROP TABLE IF EXISTS {names} CASCADE")
        return found


@asynccontextmanager
async def _looked_into(server: Server) -> AsyncIterator[tuple[Connection, Contents]]:
    try:
        connection = await server.connect()
        try:
            if await others_stay(connection):
                raise DatabaseInUse(
                    f"{server.name} is in use: stop every server and worker, and try again; "
                    "nothing is deleted"
                )
            yield connection, await _counted(connection, server)
        finally:
            await connection.close()
    except REFUSALS as error:
        raise StoreUnavailable(f"{server.name} cannot be reset: {error}") from error


async def _counted(connection: Connection, server: Server) -> Contents:
    if not await connection.fetchval(_FOUND, [*metadata.tables]):
        return Contents()
    if await connection.fetchval(_FOUND, list(_OURS)) < len(_OURS):
        raise StoreUnavailable(
            f"{server.name} has tables of somebody else's with our names; nothing is deleted"
        )
    pipelines, runs = await connection.fetchrow(_COUNTS)
    return Contents(pipelines=pipelines, runs=runs)
