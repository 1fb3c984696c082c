"""Who else of Headrace's is connected to a database."""

import asyncio
from typing import Final

from headrace.store.postgres.server import APPLICATION, Connection

_LOOKS: Final = 10
_PAUSE_SECONDS: Final = 0.1
_OTHERS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = $1 AND pid <> pg_backend_pid()"
)
# In a transaction the activity stays what it was when it was first looked at.
_ANEW: Final = "SELECT pg_stat_clear_snapshot()"


async def others_stay(connection: Connection) -> bool:
    """Whether others stay: sessions of who was stopped or killed just now need a moment to end."""
    for _ in range(_LOOKS):
        await connection.execute(_ANEW)
        if not await connection.fetchval(_OTHERS, APPLICATION):
            return False
        await asyncio.sleep(_PAUSE_SECONDS)
    return True
