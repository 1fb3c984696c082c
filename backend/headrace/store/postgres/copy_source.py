"""A server's database that is copied to a file: what it holds at one moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from headrace.store.copying.ends import refuse_other_revision
from headrace.store.errors import DatabaseInUse
from headrace.store.postgres.copy_reading import Reading
from headrace.store.postgres.copy_refusals import refusals
from headrace.store.postgres.others import others_stay
from headrace.store.postgres.schema import revision_of
from headrace.store.postgres.server import Connection, Server

_LEASES: Final = """
SELECT name, ceil((lease_until - extract(epoch FROM clock_timestamp()) * 1000) / 1000)::int AS left
FROM workers WHERE status IN ('ACTIVE', 'DRAINING')
AND lease_until >= extract(epoch FROM clock_timestamp()) * 1000 ORDER BY lease_until DESC LIMIT 1
"""


class ServerSource(Reading):
    """What a database holds at one moment."""

    async def still_quiet(self) -> None:
        with refusals(self.name):
            await _refuse_company(self._connection, self.name)


@asynccontextmanager
async def server_source(address: str) -> AsyncIterator[ServerSource]:
    """The database at an address, with nobody of Headrace's at it.

    Raises DatabaseInUse, CopyFailed and StoreUnavailable.
    """
    server = Server(address)
    with refusals(server.name):
        connection = await server.connect()
        try:
            refuse_other_revision(server.name, await revision_of(connection))
            # Before the moment is fixed: who is leaving just now may have something to write yet.
            await _refuse_company(connection, server.name)
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                yield ServerSource(server.name, connection)
        finally:
            await connection.close(timeout=2)


async def _refuse_company(connection: Connection, name: str) -> None:
    if await others_stay(connection):
        raise DatabaseInUse(
            f"{name} is in use: stop every server and worker (Ctrl-C or SIGTERM lets them finish), "
            "and try again; nothing is copied"
        )
    # A worker may have lost its connection and live.
    lease = await connection.fetchrow(_LEASES)
    if lease is not None:
        raise DatabaseInUse(
            f"worker {lease['name']} may still be at work: it was not stopped in good order, and "
            f"its lease lasts {lease['left']} s more; try again then. Nothing is copied"
        )
