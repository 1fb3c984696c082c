"""A store of its own for each test of the reads."""

from collections.abc import AsyncIterator

import pytest

from headrace.store.database import Snapshot, Store
from tests.databases import Database
from tests.store.reads.world import World


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    opened = await database.open()
    yield opened
    await opened.close()


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
async def snapshot(store: Store) -> AsyncIterator[Snapshot]:
    """Its moment is that of the first read."""
    async with store.snapshot() as opened:
        yield opened
