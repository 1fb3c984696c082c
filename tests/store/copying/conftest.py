"""A full file, and an empty database of a server's."""

from pathlib import Path

import pytest

from tests.store.copying.filling import filled
from tests.system.postgres import Postgres


@pytest.fixture
def bare(postgres: Postgres) -> str:
    """The address of a database without a table."""
    return postgres.bare()


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """With rows in every table."""
    path = tmp_path / "db.sqlite3"
    await filled(path)
    return path
