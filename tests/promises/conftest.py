"""Servers that are set by their environment alone, as people set them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Database
from tests.system.grounds import Grounds


@pytest.fixture
def own_grounds(tmp_path: Path, database: Database) -> Iterator[Grounds]:
    with Grounds(tmp_path, **database.environment) as made:
        yield made
