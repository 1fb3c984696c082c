"""Ray clusters on loopback; where Ray is not installed, its tests say so and are left out."""

import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

_START_SECONDS = 120.0
_END_SECONDS = 30.0
_LAST_FREE_PORT = 10_001  # Ray's own workers listen on those from 10002 to 19999
_PORTS_EACH = 500
_ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if find_spec("ray") is None:
        reason = "Ray is not installed: `make ray` does it"
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))


class Nodes:
    """A cluster whose `count` nodes have one processor each; `address` is that of its head."""

    def __init__(self, count: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.ray.nodes", str(_free_port()), str(count)],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._lines: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()
        self.address = self._line_with("up ").split()[1]

    def kill(self, number: int) -> None:
        """Kills a node and all its processes."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"kill {number}\n")
        self._process.stdin.flush()
        self._line_with("killed")

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _line_with(self, word: str) -> str:
        try:
            while word not in (line := self._lines.get(timeout=_START_SECONDS)):
                assert line, f"the cluster ended with {self._process.wait()}"
        except Empty:
            self.end()
            raise AssertionError(f"the cluster never said {word!r}") from None
        return line

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            for line in stream:
                self._lines.put(line)
        self._lines.put("")


@pytest.fixture(scope="session", autouse=True)
def surroundings() -> Iterator[None]:
    """Loopback and nothing else, a token of the session's own, and no word to anybody outside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        patch.delenv("RAY_ADDRESS", raising=False)
        # A node imports the functions of the tests as this process does.
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        patch.setenv("PYTHONPATH", path)
        yield


@pytest.fixture(scope="module")
def two_nodes(surroundings: None) -> Iterator[Nodes]:
    nodes = Nodes(2)
    yield nodes
    nodes.end()


@pytest.fixture
def mortal_nodes(surroundings: None) -> Iterator[Nodes]:
    """Two of the test's own, to be killed."""
    nodes = Nodes(2)
    yield nodes
    nodes.end()


def _free_port() -> int:
    """One below Ray's own, which the system gives to nobody by itself.

    Each process of the tests looks among ports of its own: between look and use nothing holds one.
    """
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    last = _LAST_FREE_PORT - _PORTS_EACH * process
    for port in range(last, last - _PORTS_EACH, -1):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")
