"""A simulation on each kind of database."""

from collections.abc import Iterator

import pytest

from tests.databases import BOTH, SQLITE
from tests.store.simulation import InMemory, RolledBack, Simulation
from tests.system.postgres import Postgres


@pytest.fixture(scope="session")
def rolled_back(postgres: Postgres) -> Iterator[str]:
    """The address of a database in which nothing stays."""
    address = postgres.new()
    yield address
    postgres.give_back(address)


@pytest.fixture(params=BOTH)
def sim(request: pytest.FixtureRequest) -> Iterator[Simulation]:
    inside = (
        InMemory()
        if request.param == SQLITE
        else RolledBack(request.getfixturevalue("rolled_back"))
    )
    made = Simulation(inside)
    yield made
    made.close()
