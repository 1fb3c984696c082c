"""Scripts of the pages see a server or the command line, never a database: one is enough."""

import pytest

from tests.databases import Database


@pytest.fixture
def database(one_database: Database) -> Database:
    return one_database
