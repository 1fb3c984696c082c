"""What a server does to a copy, in words that name it."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError

from headrace.store.errors import DatabaseInUse, StoreUnavailable
from headrace.store.postgres.schema import reason_of, told_by_server
from headrace.store.postgres.server import REFUSALS


@contextmanager
def refusals(name: str) -> Iterator[None]:
    """Raises DatabaseInUse or StoreUnavailable for what a statement or a connection raises."""
    try:
        yield
    except (DBAPIError, *REFUSALS) as error:
        if isinstance(told_by_server(error), asyncpg.LockNotAvailableError):
            raise DatabaseInUse(
                f"{name} is in use by another tool, which holds a lock on its tables; nothing is "
                "copied"
            ) from error
        raise StoreUnavailable(f"{name}: {reason_of(error)}; nothing is copied") from error
