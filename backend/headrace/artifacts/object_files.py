"""Objects of an object store as files: one that grows, and one that is read from any place.

Invariant: whatever an object's size, writing holds three parts of it and reading one piece.
"""

import contextlib
import io
from typing import IO, TYPE_CHECKING, Any, Final, Literal

from headrace.artifacts.content import GrowingFile
from headrace.artifacts.errors import ContentMissing, ContentUnavailable
from headrace.artifacts.object_store import answering

if TYPE_CHECKING:
    from obstore import WritableFile
    from obstore.store import ObjectStore
    from typing_extensions import Buffer

ATTRIBUTES: Final = {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": "attachment",
}
"""No browser shows what it gets from the store by itself."""
PART_BYTES: Final = 8 * 1024 * 1024
_PARTS_AT_ONCE: Final = 2
_LEAST_PIECE: Final = 256 * 1024
_LARGEST_PIECE: Final = 4 * 1024 * 1024


class GrowingObject(GrowingFile):
    """Up to a part is held here (`head`); what is larger goes to `key` as it comes, in parts."""

    def __init__(self, store: "ObjectStore", key: str) -> None:
        super().__init__()
        self.key = key
        self.head: bytearray | None = bytearray()
        self._store = store
        self._parts: WritableFile | None = None
        self._broken = False

    def append(self, view: memoryview) -> int:
        if self.head is not None and len(self.head) + len(view) <= PART_BYTES:
            self.head += view
        elif self.head is not None:
            head, self.head = self.head, None
            self._send(bytes(head) + view)
        else:
            # A copy: the library goes on reading after the buffer is somebody else's.
            self._send(bytes(view))
        return len(view)

    def complete(self) -> None:
        if self._parts is not None:
            with self._whole_or_broken():
                self._parts.close()

    def discard(self) -> None:
        import obstore

        self.head = bytearray()
        parts, self._parts = self._parts, None
        if parts is None or self._broken:
            # A broken upload is ended by the sweep: to ask a store that is away takes long.
            return
        # There is no word for giving up an upload, so it is ended and removed.
        with contextlib.suppress(ContentUnavailable, FileNotFoundError), answering():
            if not parts.closed():
                parts.close()
            obstore.delete(self._store, self.key)

    def _send(self, data: bytes) -> None:
        import obstore

        with self._whole_or_broken():
            if self._parts is None:
                self._parts = obstore.open_writer(
                    self._store,
                    self.key,
                    attributes=ATTRIBUTES,
                    buffer_size=PART_BYTES,
                    max_concurrency=_PARTS_AT_ONCE,
                )
            self._parts.write(data)

    @contextlib.contextmanager
    def _whole_or_broken(self) -> Any:
        if self._broken:
            raise ContentUnavailable("The artifact store did not take an earlier part")
        try:
            with answering():
                yield
        except FileNotFoundError:
            self._broken = True
            raise ContentUnavailable("The artifact store gave the upload up") from None
        except BaseException:
            self._broken = True
            raise


class StoredObject:
    """A published object; opened like a `Path`. `fault` is why reading it failed last."""

    def __init__(self, store: "ObjectStore", key: str, uri: str, size_bytes: int) -> None:
        self._store, self._key, self._uri = store, key, uri
        self.size_bytes = size_bytes
        self.fault: Exception | None = None

    def open(self, mode: Literal["rb"] = "rb", /) -> IO[bytes]:
        return io.BufferedReader(_RangedObject(self), _LARGEST_PIECE)

    def part(self, start: int, end: int) -> memoryview:
        """Those bytes; raises ContentMissing or ContentUnavailable."""
        import obstore

        try:
            with answering():
                data = obstore.get_range(self._store, self._key, start=start, end=end)
        except FileNotFoundError:
            self.fault = ContentMissing(self._uri)
            raise self.fault from None
        except ContentUnavailable as error:
            self.fault = error
            raise
        self.fault = None
        return memoryview(data)


class _RangedObject(io.RawIOBase):
    """Reads by ranges: small ones at first and after a leap, larger ones while it goes on."""

    def __init__(self, whole: StoredObject) -> None:
        super().__init__()
        self._whole = whole
        self._size = whole.size_bytes
        self._at = 0
        self._piece = _LEAST_PIECE

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        place = max(0, base + offset)
        if place != self._at:
            self._at, self._piece = place, _LEAST_PIECE
        return place

    def readinto(self, buffer: "Buffer", /) -> int:
        with memoryview(buffer).cast("B") as view:
            data = self._next(min(len(view), self._piece))
            view[: len(data)] = data
        self._piece = min(self._piece * 2, _LARGEST_PIECE)
        return len(data)

    def readall(self) -> bytes:
        # The one it inherits asks for 8 KiB at a time.
        return bytes(self._next(self._size))

    def _next(self, most: int) -> memoryview:
        start, end = self._at, min(self._at + most, self._size)
        if start >= end:
            return memoryview(b"")
        data = self._whole.part(start, end)
        self._at = end
        return data
