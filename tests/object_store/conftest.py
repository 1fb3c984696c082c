"""Servers and workers whose artifacts lie in a real object store."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Database
from tests.object_store.seaweed import Seaweed
from tests.system.grounds import Grounds

MODULES = json.dumps(["tests.system.functions", "tests.object_store.functions"])


@pytest.fixture
def place(seaweed: Seaweed) -> str:
    """An address that nobody used before."""
    return seaweed.new_place()


@pytest.fixture
def grounds(tmp_path: Path, place: str, database: Database) -> Iterator[Grounds]:
    settings = {"ARTIFACTS_URL": place, "PYTHON_MODULES": MODULES}
    with Grounds(tmp_path, **settings, **database.environment) as made:
        yield made
