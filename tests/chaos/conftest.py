"""Grounds of its own for each test and each kind of database: its processes are to die."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Database
from tests.system.grounds import Grounds


@pytest.fixture
def grounds(tmp_path: Path, database: Database) -> Iterator[Grounds]:
    """Every data set is a file, so that files and rows have to agree whatever happens."""
    settings = {"INLINE_BYTES": "0", **database.short_lease, **database.environment}
    with Grounds(tmp_path, **settings) as made:
        yield made
