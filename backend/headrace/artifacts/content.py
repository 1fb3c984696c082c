"""Content stores: bytes under the name of their own SHA-256, whatever keeps them.

Invariant: what is found under a digest is complete, durable and holds exactly the bytes that the
digest names; a crash at any instant leaves either nothing there or the whole. Publishing makes no
artifact: a row does. No database and no event loop: a block's own process publishes through here.
"""

import contextlib
import hashlib
import io
from abc import abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from typing_extensions import Buffer

_BUFFER_BYTES = 256 * 1024


@dataclass(frozen=True, kw_only=True)
class Published:
    """Where published bytes are, and what they are; `sha256` is lower-case hex."""

    uri: str
    sha256: str
    size_bytes: int


class Stored(Protocol):
    """Published bytes, to be opened as often as one likes: a `Path`, or what is opened like one."""

    def open(self, mode: Literal["rb"], /) -> IO[bytes]:
        """A file to read from any place."""


def fault_of(source: Stored | bytes) -> Exception | None:
    """Why bytes could not be read, which an Arrow library only makes a text of; None if it did."""
    fault = getattr(source, "fault", None)
    return fault if isinstance(fault, Exception) else None


class GrowingFile(io.RawIOBase):
    """Bytes on their way to where a store keeps them, digested on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.digest = hashlib.sha256()
        self.size_bytes = 0

    def writable(self) -> bool:
        return True

    def write(self, data: "Buffer", /) -> int:
        view = memoryview(data)
        written = self.append(view)
        self.digest.update(view[:written])
        self.size_bytes += written
        return written

    @abstractmethod
    def append(self, view: memoryview) -> int:
        """Take bytes, which are good only until it returns; how many were taken."""

    @abstractmethod
    def complete(self) -> None:
        """Nothing more comes: make durable what came."""

    @abstractmethod
    def discard(self) -> None:
        """Leave nothing behind; harmless after the store has published it."""


class TemporaryContent(io.BufferedWriter):
    """A binary file, written once from front to end, on its way into the store.

    Closing it keeps it for `ContentStore.publish`; `discard` drops it.
    """

    def __init__(self, growing: GrowingFile) -> None:
        self.growing = growing
        super().__init__(growing, _BUFFER_BYTES)

    def seekable(self) -> bool:
        return False

    @property
    def sha256(self) -> str:
        """The digest of the bytes that left the buffer: of all of them once flushed."""
        return self.growing.digest.hexdigest()

    @property
    def size_bytes(self) -> int:
        """How many bytes left the buffer: all of them once flushed."""
        return self.growing.size_bytes

    def close(self) -> None:
        """Flush and make durable; the bytes can be published afterwards too."""
        if not self.closed:
            self.flush()
            self.growing.complete()
        super().close()

    def discard(self) -> None:
        """Close and remove; harmless after `publish`."""
        with contextlib.suppress(OSError):
            super().close()
        self.growing.discard()


class ContentStore(Protocol):
    """Where artifacts are kept; `root` is this machine's folder for what never leaves it."""

    @property
    def root(self) -> Path: ...

    @property
    def writer(self) -> str:
        """What the names of this store's temporary content begin with, for its block processes."""

    def temporary(self) -> TemporaryContent:
        """A new file to write; nobody finds it before `publish`."""

    def temporary_folder(self) -> AbstractContextManager[Path]:
        """A folder for what is never published; it goes with the `with` block, or by the sweep."""

    def publish(self, content: TemporaryContent) -> Published:
        """Make the bytes durable under their digest; bytes that are there already are kept.

        Closes `content`. When it returns, the bytes and their name survive a loss of power.
        """

    def path(self, uri: str) -> Path | None:
        """The bytes as a file of this machine, or None for bytes that are elsewhere.

        Raises `NotContentUri`, and for a file that is gone `ContentMissing`.
        """

    def open(self, uri: str) -> Stored:
        """The bytes of `uri`; raises `NotContentUri` or `ContentMissing`."""

    def remove(self, uri: str, *, untouched_seconds: float = 0.0) -> bool:
        """Remove the bytes unless they were published (again) within `untouched_seconds`.

        False when nothing was removed. Only the collector may call this, for a digest without rows.
        """

    def sweep_temporaries(
        self, *, older_than_seconds: float = 60.0, writer: int | None = None
    ) -> int:
        """Remove what writers that died left behind; returns how much went.

        With `writer`, the id of a block process of ours that is known to be dead: only what it
        left, of any age. What belongs to a living writer stays, whatever its age.
        """

    def prepare(self) -> None:
        """Make sure that the store can be trusted with artifacts.

        Raises `StoreUnfit`, or `ContentUnavailable` where that cannot be told now.
        """

    def check(self) -> str | None:
        """What is wrong with the store now, in words; None while it can be written."""

    def signed_url(
        self, uri: str, seconds: float, *, disposition: str, media_type: str
    ) -> str | None:
        """Where clients get the bytes from the store itself, for so long; None: only from here.

        The store answers with these headers where it can be told.
        """


@dataclass(frozen=True, kw_only=True)
class ContentPlace:
    """Where artifacts are kept: in the object store `url`, or where there is none in `folder`.

    `public_url` is the object store's address as clients reach it. `writer` is of the process
    that a block's process belongs to; a process of its own leaves it empty.
    """

    folder: Path
    url: str = ""
    public_url: str = ""
    writer: str = ""


def content_store(place: ContentPlace, *, patient: bool = False) -> ContentStore:
    """The store of a place; nothing is asked of it yet.

    `patient` waits half a minute for an object store that does not answer, as a block may; others
    have somebody who waits for them. Raises `StoreUnfit` where the library for it is missing.
    """
    if not place.url:
        from headrace.artifacts.local_content import LocalContent

        return LocalContent(place.folder)
    from headrace.artifacts.object_content import ObjectContent

    return ObjectContent(place, patient=patient)
