"""A browser before the real thing: every flow has a server and a worker of its own."""

import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import chosen
from tests.system.grounds import Grounds
from tests.system.node_tools import Scripts, need_chromium
from tests.system.processes import ROOT, Server

WEB = Scripts(ROOT / "web", install="npm ci --prefix web")

Flow = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


@pytest.fixture
def grounds(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Grounds]:
    with (
        chosen(kind, tmp_path / "data" / "db.sqlite3", request) as database,
        Grounds(tmp_path, **database.environment) as made,
    ):
        yield made


@pytest.fixture
def server(grounds: Grounds) -> Server:
    server = grounds.serve()
    server.line_with("serve.up")
    return server


@pytest.fixture
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where flows leave their pictures: SCREENSHOTS, if it names a folder."""
    named = os.environ.get("SCREENSHOTS")
    return Path(named) if named else tmp_path_factory.mktemp("pictures")


@pytest.fixture
def flow(pictures: Path) -> Flow:
    """Plays a script of web/e2e in a browser; what it tells, with nothing foreign or troubled."""
    WEB.need_node()
    chromium = need_chromium()

    async def play(name: str, url: str, *arguments: str) -> dict[str, Any]:
        told = await WEB.run(f"e2e/{name}.mjs", url, str(pictures), *arguments, CHROMIUM=chromium)
        assert told["foreign"] == [], "requests that went elsewhere"
        assert told["trouble"] == [], "complaints in the browser's console"
        return dict(told)

    return play
