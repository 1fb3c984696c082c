"""Turns between the processes that write one SQLite file, and the sign that somebody has it open.

SQLite's busy_timeout is a sleeping retry without a queue: one writer in a tight loop starves the
others. Two nested locks make a queue of it: whoever waits for `writer` holds `next`, so a process
that has just written cannot overtake the one that waits. Whoever has the file open shares a third
lock, which a reset wants for itself alone. flock is released by the kernel when its holder dies.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Turns:
    """The write lock of one database file, fair between processes; used by one thread only."""

    def __init__(self, database: Path) -> None:
        self._open = _open(_open_lock(database))
        fcntl.flock(self._open, fcntl.LOCK_SH)
        self._next = _open(database.with_name(f"{database.name}.next"))
        self._writer = _open(database.with_name(f"{database.name}.writer"))

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Holds the right to write; waits for it without a time limit."""
        fcntl.flock(self._next, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._writer, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._writer, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._next)
        os.close(self._writer)
        os.close(self._open)


@contextmanager
def alone(database: Path) -> Iterator[bool]:
    """Whether no process of Headrace has the database open; while it is so, none can open it."""
    lock = _open(_open_lock(database))
    try:
        yield _at_once(lock)
    finally:
        os.close(lock)


def _at_once(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open_lock(database: Path) -> Path:
    return database.with_name(f"{database.name}.open")


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
