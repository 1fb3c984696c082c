"""One server with its worker, on each kind of database, for all tests that only ask it things."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.databases import chosen
from tests.system.client import Api
from tests.system.grounds import Grounds
from tests.system.processes import Server


@pytest.fixture(scope="session")
def grounds(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Grounds]:
    folder = tmp_path_factory.mktemp("grounds")
    with (
        chosen(kind, folder / "data" / "db.sqlite3", request) as database,
        Grounds(folder, **database.environment) as made,
    ):
        yield made


@pytest.fixture
def own_grounds(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Grounds]:
    """For tests that stop their processes, or want several."""
    with (
        chosen(kind, tmp_path / "data" / "db.sqlite3", request) as database,
        Grounds(tmp_path, **database.environment) as made,
    ):
        yield made


@pytest.fixture(scope="session")
def server(grounds: Grounds) -> Server:
    server = grounds.serve()
    server.line_with("serve.up")
    return server


@pytest.fixture
async def api(server: Server) -> AsyncIterator[Api]:
    """What a test leaves unfinished is cancelled: the next one has the worker for itself."""
    async with Api(server.url) as made:
        yield made
        await made.cancel_all()
