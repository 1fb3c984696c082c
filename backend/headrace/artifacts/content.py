"""The local content store: bytes under the name of their own SHA-256.

Invariant: a file under `sha256/` is complete, durable and holds exactly the bytes its name digests.
Bytes are written to `tmp/`, digested on the way, synced, and only then linked to their name, so
that a crash at any instant leaves either nothing or the whole. Publishing makes no artifact: a row
does. No database and no event loop: a block's own process publishes through this module.
"""

import contextlib
import errno
import fcntl
import hashlib
import io
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from headrace.artifacts.durable import sync_file, sync_folder
from headrace.artifacts.errors import ContentMissing, NotContentUri

if TYPE_CHECKING:
    from typing_extensions import Buffer

_URI = re.compile(r"local://sha256/([0-9a-f]{2})/([0-9a-f]{62})")
_BUFFER_BYTES = 256 * 1024
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


@dataclass(frozen=True, kw_only=True)
class Published:
    """Where published bytes are, and what they are; `sha256` is lower-case hex."""

    uri: str
    sha256: str
    size_bytes: int


def content_uri(sha256: str) -> str:
    """The address of the bytes with this lower-case hex digest."""
    return f"local://sha256/{sha256[:2]}/{sha256[2:]}"


class TemporaryContent(io.BufferedWriter):
    """A binary file, written once from front to end, on its way into the store.

    Closing it keeps it for `ContentStore.publish`; `discard` drops it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._digesting = _DigestingFile(path)
        super().__init__(self._digesting, _BUFFER_BYTES)

    def seekable(self) -> bool:
        return False

    @property
    def sha256(self) -> str:
        """The digest of the bytes that left the buffer: of all of them once flushed."""
        return self._digesting.digest.hexdigest()

    @property
    def size_bytes(self) -> int:
        """How many bytes left the buffer: all of them once flushed."""
        return self._digesting.size_bytes

    def close(self) -> None:
        """Flush and sync; the bytes can be published afterwards too."""
        if not self.closed:
            self.flush()
            self._digesting.sync()
        super().close()

    def discard(self) -> None:
        """Close and remove; harmless after `publish`."""
        with contextlib.suppress(OSError):
            super().close()
        self.path.unlink(missing_ok=True)
        self.release()

    def release(self) -> None:
        """Let the sweep remove the file if it is still there."""
        self._digesting.release()


class _DigestingFile(io.RawIOBase):
    def __init__(self, path: Path) -> None:
        super().__init__()
        # Read-only for every later opener: what a name promises is never rewritten in place.
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
        self._fd = os.open(path, flags, 0o444)
        # Held until released, or the writer's death: how the sweep tells a living file from a left
        # one.
        fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._released = False
        self.digest = hashlib.sha256()
        self.size_bytes = 0

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd

    def write(self, data: "Buffer", /) -> int:
        view = memoryview(data)
        written = os.write(self._fd, view)
        self.digest.update(view[:written])
        self.size_bytes += written
        return written

    def sync(self) -> None:
        sync_file(self._fd)

    def release(self) -> None:
        if not self._released:
            self._released = True
            os.close(self._fd)

    def __del__(self) -> None:
        self.release()


class ContentStore:
    """Content under `root`: `root/tmp/*` on the way, `root/sha256/ab/cdef…` published."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._temporaries = root / "tmp"
        self._published = root / "sha256"

    def temporary(self) -> TemporaryContent:
        """A new file to write; nobody finds it before `publish`."""
        self._temporaries.mkdir(parents=True, exist_ok=True)
        return TemporaryContent(self._temporaries / f"{os.getpid()}-{secrets.token_hex(8)}")

    @contextlib.contextmanager
    def temporary_folder(self) -> Iterator[Path]:
        """A folder for what is never published; it goes with the `with` block, or by the sweep."""
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
        """Make the bytes durable under their digest; bytes that are there already are kept.

        Closes `content`. When it returns, the file and its name survive a loss of power.
        """
        content.close()
        published = Published(
            uri=content_uri(content.sha256), sha256=content.sha256, size_bytes=content.size_bytes
        )
        target = self._path(published.uri)
        if not target.parent.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            sync_folder(self._published)
            sync_folder(self.root)
        self._link(content.path, target, published.size_bytes)
        content.release()
        sync_folder(target.parent)
        return published

    def open(self, uri: str) -> Path:
        """Where the bytes of `uri` are; raises `NotContentUri` or `ContentMissing`."""
        path = self._path(uri)
        if not path.is_file():
            raise ContentMissing(uri)
        return path

    def remove(self, uri: str, *, untouched_seconds: float = 0.0) -> bool:
        """Remove the bytes unless they were published (again) within `untouched_seconds`.

        False when nothing was removed. Only the collector may call this, for a digest without rows.
        """
        path = self._path(uri)
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
        """Remove what writers that died left behind; returns how many files went.

        With `writer`, the id of a process that is known to be dead: only its files, of any age.
        A file whose writer lives is locked and stays, whatever its age.
        """
        if not self._temporaries.is_dir():
            return 0
        if writer is not None:
            return sum(_sweep(path, 0.0) for path in self._temporaries.glob(f"{writer}-*"))
        return sum(_sweep(path, older_than_seconds) for path in self._temporaries.iterdir())

    def _path(self, uri: str) -> Path:
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
