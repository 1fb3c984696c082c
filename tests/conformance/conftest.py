"""One server behind a key for all clients, with a worker of its own, on each kind of database."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.databases import Database, chosen
from tests.system.grounds import Grounds
from tests.system.processes import Server

KEY = "the key of these tests"
BLOCKS = 20


@pytest.fixture(scope="session")
def guarded_grounds(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Grounds]:
    folder = tmp_path_factory.mktemp("guarded")
    with (
        chosen(kind, folder / "data" / "db.sqlite3", request) as database,
        Grounds(folder, API_KEY=KEY, **database.environment) as made,
    ):
        yield made


@pytest.fixture(scope="session")
def guarded(guarded_grounds: Grounds) -> Server:
    server = guarded_grounds.serve()
    server.line_with("serve.up")
    return server


@pytest.fixture(scope="session")
def grounds(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Grounds]:
    folder = tmp_path_factory.mktemp("open")
    modules = '["tests.system.functions", "tests.conformance.functions"]'
    with (
        chosen(kind, folder / "data" / "db.sqlite3", request) as database,
        Grounds(folder, PYTHON_MODULES=modules, **database.environment) as made,
    ):
        yield made


@pytest.fixture
def own_grounds(tmp_path: Path, database: Database) -> Iterator[Grounds]:
    folder = tmp_path / "own"
    folder.mkdir()
    with Grounds(folder, **database.environment) as made:
        yield made


@pytest.fixture(scope="session")
def pipeline() -> str:
    """A chain of blocks, in YAML, whose runs have a few dozen events."""
    names = [f"b{number}" for number in range(BLOCKS)]
    config = "{function: 'tests.system.functions:nothing'}"
    blocks = [f"  - {{name: {name}, type: PYTHON, config: {config}}}" for name in names]
    edges = [f"  - {{from: {one}, to: {other}}}" for one, other in pairwise(names)]
    return "\n".join(["name: followed", "blocks:", *blocks, "edges:", *edges, ""])
