"""What the processes of this machine tell each other about one model, through one small file.

Invariants: a key is asked by one process at a time (a lock on one byte of the file, which the
system takes back from whoever dies); the time until which the provider wants quiet is the same for
all (the file's content). Other machines are not reached: what two of them ask in the same moment
is asked twice.
"""

import errno
import fcntl
import os
import struct
import time
from pathlib import Path
from typing import Final

from headrace.domain.json import JSONValue, digest

MOST_QUIET_SECONDS: Final = 300.0
"""Longer is not waited for, and is no time of this boot's clock either."""

_UNTIL = struct.Struct("=d")
_FIRST_BYTE = 1 << 16
_HELD_BY_ANOTHER = {errno.EACCES, errno.EAGAIN}


class Neighbours:
    """One an attempt, used by one thread: such locks are a process's, and closing ends them all."""

    def __init__(self, folder: Path, *what: JSONValue) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{digest(list(what))[:32]}.lock"
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, key: str) -> bool:
        """Whether nobody else asks for this key; from now on nobody else does."""
        try:
            fcntl.lockf(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _byte_of(key))
        except OSError as error:
            # A file system without locks has no neighbours.
            return error.errno not in _HELD_BY_ANOTHER
        return True

    def release(self, key: str) -> None:
        """Let others ask; only once the answer is where they look first, or there is none."""
        fcntl.lockf(self._fd, fcntl.LOCK_UN, 1, _byte_of(key))

    @property
    def until(self) -> float:
        """See `headrace_worker.llm.pacing.Quiet`."""
        data = os.pread(self._fd, _UNTIL.size, 0)
        if len(data) < _UNTIL.size:
            return 0.0
        until: float = _UNTIL.unpack(data)[0]
        return until if until <= time.monotonic() + MOST_QUIET_SECONDS else 0.0

    @until.setter
    def until(self, value: float) -> None:
        os.pwrite(self._fd, _UNTIL.pack(value), 0)

    def close(self) -> None:
        """Lets go of everything."""
        os.close(self._fd)


def _byte_of(key: str) -> int:
    # Two keys of one byte merely wait for each other.
    return _FIRST_BYTE + int(digest(key)[:15], 16)
