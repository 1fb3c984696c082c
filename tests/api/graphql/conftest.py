"""The API over services of their own, asked in-process, and a world to put things into."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from headrace.services.core import Services, open_services
from headrace.settings import Settings
from tests.api.graphql.asking import Asking
from tests.databases import Database
from tests.store.reads.world import World


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    data = tmp_path / "data"
    return Settings(
        data_dir=data,
        artifacts_dir=data / "artifacts",
        python_modules=("m",),
        **database.settings,
    )


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    async with open_services(settings) as opened:
        yield opened


@pytest.fixture
def world(services: Services) -> World:
    return World(services.store)


@pytest.fixture
def api(services: Services) -> Asking:
    return Asking(services)
