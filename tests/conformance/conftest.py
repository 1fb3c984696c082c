"""One server behind a key for all clients, with a worker of its own."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.system.grounds import Grounds
from tests.system.processes import Server

KEY = "the key of these tests"
BLOCKS = 20


@pytest.fixture(scope="session")
def guarded_grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    with Grounds(tmp_path_factory.mktemp("guarded"), API_KEY=KEY) as made:
        yield made


@pytest.fixture(scope="session")
def guarded(guarded_grounds: Grounds) -> Server:
    server = guarded_grounds.serve()
    server.line_with("serve.up")
    return server


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    modules = '["tests.system.functions", "tests.conformance.functions"]'
    with Grounds(tmp_path_factory.mktemp("open"), PYTHON_MODULES=modules) as made:
        yield made


@pytest.fixture
def own_grounds(tmp_path: Path) -> Iterator[Grounds]:
    folder = tmp_path / "own"
    folder.mkdir()
    with Grounds(folder) as made:
        yield made


@pytest.fixture(scope="session")
def pipeline() -> str:
    """A chain of blocks, in YAML, whose runs have a few dozen events."""
    names = [f"b{number}" for number in range(BLOCKS)]
    config = "{function: 'tests.system.functions:nothing'}"
    blocks = [f"  - {{name: {name}, type: PYTHON, config: {config}}}" for name in names]
    edges = [f"  - {{from: {one}, to: {other}}}" for one, other in pairwise(names)]
    return "\n".join(["name: followed", "blocks:", *blocks, "edges:", *edges, ""])
