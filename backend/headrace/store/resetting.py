"""A reset of whichever database it is: looked into, then emptied."""

import asyncio
from pathlib import Path

from headrace.store import reset
from headrace.store.reset import Contents


async def look_into(where: Path | str) -> tuple[str, Contents]:
    """(its name, what a reset would delete). Raises DatabaseInUse and StoreUnavailable."""
    if isinstance(where, Path):
        return str(where), await asyncio.to_thread(reset.contents, where)
    from headrace.store.postgres.reset import contents
    from headrace.store.postgres.server import Server

    server = Server(where)
    return server.name, await contents(server)


async def empty(where: Path | str) -> Contents:
    """Deletes what is in it; gives what that was. Raises as `look_into` does."""
    if isinstance(where, Path):
        return await asyncio.to_thread(reset.delete, where)
    from headrace.store.postgres.reset import delete
    from headrace.store.postgres.server import Server

    return await delete(Server(where))
