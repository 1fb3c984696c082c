"""Pokes between the processes of one SQLite file: unix datagrams after each commit (0.3 ms, best
effort).

Each process binds one socket in a folder beside the database. A poke that cannot be sent is
dropped: the receiver's look at `data_version` finds the change within 250 ms. A refused poke
proves that its process is gone, which frees the blocks of a killed worker long before its lease is
over.
"""

import asyncio
import errno
import hashlib
import logging
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from headrace.store.hints import Hints

_MOST_BYTES = 60_000
_GRAIN_NS = 1_000_000_000
_PATH_LIMIT = 100  # of sun_path: 108 on Linux, 104 on macOS
_EVERYTHING = orjson.dumps(Hints(everything=True).to_wire())
_log = logging.getLogger("headrace.live.pokes")


class Pokes:
    """One process's socket. `received` gets the hints of other processes, on the loop."""

    def __init__(self, database: Path, received: Callable[[Hints], None]) -> None:
        self._folder = _folder(database)
        self.address = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._received = received
        self._names: list[str] = []
        self._listed_at = 0
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(str(self._folder / self.address))
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    def send(self, hints: Hints) -> None:
        """Tells every other process; never blocks, never fails."""
        others = self._others()
        if not others:
            return
        message = orjson.dumps(hints.to_wire())
        if len(message) > _MOST_BYTES:
            message = _EVERYTHING
        for name in others:
            self._send(name, message)

    def _others(self) -> list[str]:
        """The names of the other sockets; the folder is read only when it has changed."""
        try:
            changed = self._folder.stat().st_mtime_ns
            if changed != self._listed_at:
                self._names = [name for name in os.listdir(self._folder) if name != self.address]
                # A change within the clock's grain of this look would not show: look again then.
                fresh = time.time_ns() - changed < _GRAIN_NS
                self._listed_at = 0 if fresh else changed
        except OSError:
            return []
        return self._names

    def refused(self, address: str) -> bool:
        """Whether the process that had this address is gone for certain."""
        probe = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            probe.connect(str(self._folder / address))
        except OSError as error:
            return error.errno == errno.ECONNREFUSED
        finally:
            probe.close()
        return False

    def close(self) -> None:
        if self._socket.fileno() < 0:
            return
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        (self._folder / self.address).unlink(missing_ok=True)

    def _send(self, name: str, message: bytes) -> None:
        try:
            self._socket.sendto(message, str(self._folder / name))
        except ConnectionRefusedError:
            # Left behind by a killed process. Its worker's row still names it: the sweep that finds
            # it refused needs the file for a while, so only old ones are swept away.
            self._forget_old(name)
        except OSError as error:
            _log.debug("pokes.dropped: %s to %s", error, name)

    def _forget_old(self, name: str) -> None:
        path = self._folder / name
        try:
            if path.stat().st_mtime < self._own_age() - 600:
                path.unlink()
        except OSError:
            pass

    def _own_age(self) -> float:
        return (self._folder / self.address).stat().st_mtime

    def _read(self) -> None:
        while True:
            try:
                message = self._socket.recv(_MOST_BYTES + 1)
            except BlockingIOError:
                return
            except OSError as error:
                _log.warning("pokes.unreadable: %s", error)
                return
            try:
                hints = Hints.from_wire(orjson.loads(message))
            except (ValueError, KeyError, TypeError):
                hints = Hints(everything=True)
            self._received(hints)


def _folder(database: Path) -> Path:
    """The folder of the sockets; the same for every process that opens this database."""
    folder = database.with_name(f"{database.name}.sockets")
    if len(os.fsencode(folder)) > _PATH_LIMIT - 20:
        name = hashlib.sha256(os.fsencode(database.resolve())).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"headrace-{os.getuid()}-{name}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user")
    return folder
