"""What tests of several rooms share: servers that speak S3 and PostgreSQL, and their databases.

Each server is started once, when first asked for. `make test ARGS='--database postgresql'` runs
all that goes through a database on that kind alone.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import BOTH, POSTGRESQL, SQLITE, Database, chosen
from tests.object_store.seaweed import Seaweed
from tests.system.postgres import ADDRESS, NoPostgres, Postgres, base_of, start_cluster

TESTS = Path(__file__).parent
LONGEST_FIRST = ("deploy", "kafka", "ray", "object_store", "chaos", "web", "conformance", "llm")
"""Rooms whose tests take long, for two processes that are to end at about the same time."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=BOTH, help="the kind of database to test on alone; by default on both"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what is of the other kind, and puts first what takes long."""
    items.sort(key=_rank)
    if (wanted := config.getoption("--database")) is None:
        return
    kept = [item for item in items if wanted in _kinds(item)]
    config.hook.pytest_deselected(items=[item for item in items if wanted not in _kinds(item)])
    items[:] = kept


def _rank(item: pytest.Item) -> int:
    room = item.path.relative_to(TESTS).parts[0]
    return LONGEST_FIRST.index(room) if room in LONGEST_FIRST else len(LONGEST_FIRST)


def _kinds(item: pytest.Item) -> set[str]:
    """The kinds of database on which an item may be run: both, where it is of none."""
    if "postgres" in getattr(item, "fixturenames", ()):
        return {POSTGRESQL}
    call = getattr(item, "callspec", None)
    named = {value for value in (call.params.values() if call else ()) if value in BOTH}
    return named or set(BOTH)


@pytest.fixture(scope="session")
def seaweed_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    server = Seaweed(tmp_path_factory.mktemp("seaweed"))
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture
def seaweed(seaweed_server: Seaweed, monkeypatch: pytest.MonkeyPatch) -> Seaweed:
    """It, with its credentials in this process's environment."""
    for name, value in seaweed_server.variables.items():
        monkeypatch.setenv(name, value)
    return seaweed_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for the whole session."""
    if given := os.environ.get(ADDRESS):
        server = Postgres(base_of(given))
        yield server
        server.close()
        return
    try:
        cluster = start_cluster()
    except NoPostgres as error:
        pytest.skip(str(error))
    yield Postgres(cluster.base)
    cluster.remove()


@pytest.fixture(scope="session")
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of a database that several tests share: BOTH in turn where a module asks for it.

    Else one is enough, since what is tested never sees which it is: a file, or what --database
    says.
    """
    return str(getattr(request, "param", request.config.getoption("--database") or SQLITE))


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own, of each kind in turn."""
    with chosen(request.param, tmp_path / "db.sqlite3", request) as made:
        yield made


@pytest.fixture
def one_database(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of the test's own, of the one kind that is enough."""
    with chosen(kind, tmp_path / "db.sqlite3", request) as made:
        yield made
