"""A folder of one's own to type commands in, and servers that end with their test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from headrace.settings import Settings
from tests.cli.typing import Home
from tests.databases import Database


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database) -> Iterator[Home]:
    """An empty folder as the working directory of every command, set to nothing but a database."""
    for name in [*Settings.model_fields, "test_database_url"]:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in database.environment.items():
        monkeypatch.setenv(name, value)
    with Home(tmp_path) as made:
        yield made
