"""Ports for servers that are told theirs: each is one process's of the tests until that ends.

A port that the system picks is anybody's again as soon as it is let go of, and connections take
such ports by the hundred. These lie below those that it picks, and a locked file keeps the other
processes of the tests away, also while a server is down that is to come back at its address.
"""

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path
from typing import Final

_PORTS: Final = range(20_000, 32_000)
_LOCKS: Final = Path(tempfile.gettempdir()) / f"headrace-tests-ports-{os.getuid()}"
_held: Final[list[int]] = []  # descriptors: a lock goes with its process


def free_port() -> int:
    """A port of the loopback interface that nobody has, and that nobody else gets from here."""
    _LOCKS.mkdir(exist_ok=True)
    for port in random.sample(_PORTS, len(_PORTS)):
        if _is_free(port) and _lock(port):
            return port
    raise AssertionError("no port is free")


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _lock(port: int) -> bool:
    descriptor = os.open(_LOCKS / str(port), os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    _held.append(descriptor)
    return True
