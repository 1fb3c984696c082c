"""Files that users asked Headrace to put somewhere.

Invariant: the file at the target is there whole or not at all, and one that Headrace did not write
is never replaced; a file that already holds the very bytes counts as written.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from headrace.artifacts.durable import sync_file, sync_folder
from headrace.artifacts.errors import PathNotAllowed

_ENDING = ".headrace-part"
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


class WrittenFiles(Protocol):
    """The record of files that Headrace put somewhere: absolute path and lower-case hex digest."""

    def written_by_headrace(self, path: Path, sha256: str) -> bool:
        """Whether Headrace once put exactly these bytes there."""

    def record_written(self, path: Path, sha256: str) -> None:
        """Note that Headrace puts these bytes there; returns once that is durable."""


class OutputFile:
    """A binary file on its way to `target`; put there when the `with` block ends well.

    Leaving raises `PathNotAllowed` where a file stands that Headrace did not write. Makes the
    target's folder where there is none. `target` must come from `Roots.output`.
    """

    def __init__(self, target: Path, written: WrittenFiles) -> None:
        self._target = target
        self._written = written
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        folder = self._target.parent
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(self._target)
        self._part = folder / f".{self._target.name}.{secrets.token_hex(6)}{_ENDING}"
        self._file = self._part.open("xb", buffering=256 * 1024)
        # Tells a living writer's file from one that a crash left; released with the file.
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return self

    def write(self, data: bytes) -> int:
        """Append; the target does not change yet."""
        self._digest.update(data)
        return self._file.write(data)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._file.flush()
                sync_file(self._file.fileno())
                self._place(self._digest.hexdigest())
        finally:
            self._part.unlink(missing_ok=True)
            self._file.close()

    def _place(self, sha256: str) -> None:
        there = _digest_of(self._target)
        if there == sha256:
            self._written.record_written(self._target, sha256)
            return
        if there is not None and not self._written.written_by_headrace(self._target, there):
            raise _foreign(self._target)
        # Recorded first: after a crash in between, the file is known as ours.
        self._written.record_written(self._target, sha256)
        if there is None:
            self._link(sha256)
        else:
            self._part.replace(self._target)
        sync_folder(self._target.parent)

    def _link(self, sha256: str) -> None:
        """Put the file where none is; a link, unlike a rename, replaces nothing that came since."""
        try:
            os.link(self._part, self._target)
        except FileExistsError:
            there = _digest_of(self._target)
            if there == sha256:
                return
            if there is not None and not self._written.written_by_headrace(self._target, there):
                raise _foreign(self._target) from None
            self._part.replace(self._target)
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            self._part.replace(self._target)


def _foreign(target: Path) -> PathNotAllowed:
    return PathNotAllowed(
        f"{target} is there already and Headrace did not write it, so it stays as it is: "
        "name another file, or move that one away"
    )


def _digest_of(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _sweep(target: Path) -> None:
    """Remove parts for the same target whose writers died."""
    for part in target.parent.glob(f".{_escaped(target.name)}.*{_ENDING}"):
        with contextlib.suppress(OSError), part.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()


def _escaped(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)
