"""The local content store: files under the name of their own SHA-256.

Bytes are written to `tmp/`, digested on the way, synced, and only then linked to their name, so
that a crash at any instant leaves either nothing or the whole.
"""

import contextlib
import errno
import fcntl
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from headrace.artifacts.content import GrowingFile, Published, TemporaryContent
from headrace.artifacts.durable import sync_file, sync_folder
from headrace.artifacts.errors import ContentMissing, NotContentUri

_URI = re.compile(r"local://sha256/([0-9a-f]{2})/([0-9a-f]{62})")
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def local_uri(sha256: str) -> str:
    """The address of the bytes with this lower-case hex digest."""
    return f"local://sha256/{sha256[:2]}/{sha256[2:]}"


class _LocalFile(GrowingFile):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        # Read-only for every later opener: what a name promises is never rewritten in place.
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
        self._fd = os.open(path, flags, 0o444)
        # Held until released, or the writer's death: how the sweep tells a living file from a left
        # one.
        fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._released = False

    def fileno(self) -> int:
        return self._fd

    def append(self, view: memoryview) -> int:
        return os.write(self._fd, view)

    def complete(self) -> None:
        sync_file(self._fd)

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self.release()

    def release(self) -> None:
        """Let the sweep remove the file if it is still there."""
        if not self._released:
            self._released = True
            os.close(self._fd)

    def __del__(self) -> None:
        self.release()


class LocalContent:
    """See `ContentStore`; `root/tmp/*` is on the way, `root/sha256/ab/cdef…` published."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.writer = ""
        self._temporaries = root / "tmp"
        self._published = root / "sha256"

    def temporary(self) -> TemporaryContent:
        self._temporaries.mkdir(parents=True, exist_ok=True)
        path = self._temporaries / f"{os.getpid()}-{secrets.token_hex(8)}"
        return TemporaryContent(_LocalFile(path))

    @contextlib.contextmanager
    def temporary_folder(self) -> Iterator[Path]:
        self._temporaries.mkdir(parents=True, exist_ok=True)
        path = self._temporaries / f"{os.getpid()}-{secrets.token_hex(8)}"
        path.mkdir()
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)
            os.close(descriptor)

    def publish(self, content: TemporaryContent) -> Published:
        file = content.growing
        if not isinstance(file, _LocalFile):
            raise TypeError("This content belongs to another store")
        content.close()
        published = Published(
            uri=local_uri(content.sha256), sha256=content.sha256, size_bytes=content.size_bytes
        )
        target = self._place(published.uri)
        if not target.parent.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            sync_folder(self._published)
            sync_folder(self.root)
        self._link(file.path, target, published.size_bytes)
        file.release()
        sync_folder(target.parent)
        return published

    def path(self, uri: str) -> Path:
        path = self._place(uri)
        if not path.is_file():
            raise ContentMissing(uri)
        return path

    def open(self, uri: str) -> Path:
        return self.path(uri)

    def remove(self, uri: str, *, untouched_seconds: float = 0.0) -> bool:
        path = self._place(uri)
        try:
            if untouched_seconds and time.time() - path.stat().st_mtime < untouched_seconds:
                return False
            path.unlink()
        except FileNotFoundError:
            return False
        return True

    def sweep_temporaries(
        self, *, older_than_seconds: float = 60.0, writer: int | None = None
    ) -> int:
        if not self._temporaries.is_dir():
            return 0
        if writer is not None:
            return sum(_sweep(path, 0.0) for path in self._temporaries.glob(f"{writer}-*"))
        return sum(_sweep(path, older_than_seconds) for path in self._temporaries.iterdir())

    def prepare(self) -> None:
        pass  # what is wrong with a folder is told when it is written to

    def check(self) -> str | None:
        # The folder is made with the first artifact; until then the one it will be made in counts.
        there = next(each for each in (self.root, *self.root.absolute().parents) if each.exists())
        if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
            return None
        return "ARTIFACTS_DIR cannot be written"

    def signed_url(
        self, uri: str, seconds: float, *, disposition: str, media_type: str
    ) -> str | None:
        return None

    def _place(self, uri: str) -> Path:
        match = _URI.fullmatch(uri)
        if match is None:
            raise NotContentUri(uri)
        return self._published / match[1] / match[2]

    def _link(self, temporary: Path, target: Path, size_bytes: int) -> None:
        try:
            os.link(temporary, target)
        except FileExistsError:
            if target.stat().st_size != size_bytes:
                # Somebody cut the published file; its name promises these very bytes.
                temporary.replace(target)
                return
            # The collector spares what was touched lately, so the row about to come finds its
            # bytes.
            os.utime(target)
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            temporary.replace(target)
            return
        temporary.unlink()


def _sweep(path: Path, older_than_seconds: float) -> bool:
    try:
        # A file is created a moment before it is locked: the age covers that moment.
        if time.time() - path.stat().st_mtime < older_than_seconds:
            return False
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        return True
    finally:
        os.close(descriptor)
