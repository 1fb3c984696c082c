"""The databases that behaviour is tested on: a file, and a server's database, one for each test.

Whatever goes through a database is tested on both kinds: api, chaos, cli, conformance, e2e, kafka,
live, llm, object_store, partitions, promises, ray, services, store, worker. There the exceptions
say why one is enough, or that they are about the file or the server alone.

On one kind, since what is under test sees an address and not what lies behind it: docs (scripts of
others), web (pages), conformance's bodies and frames that are refused before anything is read, and
the settings of the server in promises. deploy has the whole stack, and so PostgreSQL.

Without a database: artifacts, blocks_sdk, builtin_blocks, domain, executors.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from headrace.store.database import Store
from tests.system.postgres import Postgres

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
BOTH = (SQLITE, POSTGRESQL)


@dataclass(frozen=True)
class Database:
    """Where a test's state is: for `Store.open`, for `Settings`, and for a process."""

    kind: str
    where: Path | str
    settings: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    async def open(self) -> Store:
        return await Store.open(self.where)

    @property
    def is_file(self) -> bool:
        return self.kind == SQLITE

    @property
    def short_lease(self) -> dict[str, str]:
        """For tests that kill workers: on a server's database their lease alone tells of it."""
        return {} if self.is_file else {"LEASE_SECONDS": "5"}


def in_file(path: Path) -> Database:
    return Database(SQLITE, path, {"sqlite_path": path}, {})


@contextmanager
def chosen(kind: str, file: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of this kind."""
    if kind == SQLITE:
        yield in_file(file)
        return
    with on_server(request.getfixturevalue("postgres")) as made:
        yield made


@contextmanager
def on_server(server: Postgres) -> Iterator[Database]:
    """A database on it, given back at the end."""
    address = server.new()
    try:
        yield Database(
            POSTGRESQL, address, {"database_url": address}, {"TEST_DATABASE_URL": address}
        )
    finally:
        server.give_back(address)
