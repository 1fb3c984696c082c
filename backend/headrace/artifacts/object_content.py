"""The content store in an object store: S3, Google Cloud Storage or Azure, by one library.

The key of published bytes is `sha256/ab/cdef…` below the prefix, made by a conditional create:
exactly one writer makes it, whoever comes later finds it. What is larger than a part is uploaded
under `tmp/` while it is written, and copied to its key on the same condition. Bytes that were
published into the local folder before stay readable.
"""

import contextlib
import os
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from headrace.artifacts.content import ContentPlace, Published, TemporaryContent
from headrace.artifacts.errors import ContentMissing, ContentUnavailable, NotContentUri
from headrace.artifacts.local_content import LocalContent
from headrace.artifacts.object_files import ATTRIBUTES, PART_BYTES, GrowingObject, StoredObject
from headrace.artifacts.object_leftovers import TMP, Leftovers
from headrace.artifacts.object_links import Links
from headrace.artifacts.object_proof import Proof
from headrace.artifacts.object_removals import Removals
from headrace.artifacts.object_store import Patience, age_of, answering, connect

if TYPE_CHECKING:
    from obstore import ObjectMeta

_KEY = re.compile(r"sha256/[0-9a-f]{2}/[0-9a-f]{62}")
_TRIES: Final = 10
_AGAIN_SECONDS: Final = 0.2
LARGEST_COPY_BYTES: Final = 5 * 2**30
"""The most that S3 copies at once."""
_RENEW_SECONDS: Final = 1_800
"""Older bytes are written anew, since the collector may be about to take them."""


class ObjectContent:
    """See `ContentStore`."""

    def __init__(
        self,
        place: ContentPlace,
        *,
        patient: bool = False,
        largest_copy_bytes: int = LARGEST_COPY_BYTES,
    ) -> None:
        self.root = place.folder
        self.writer = place.writer or secrets.token_hex(6)
        self._url = place.url.rstrip("/")
        self._local = LocalContent(place.folder)
        self._store = connect(self._url, Patience.BLOCK if patient else Patience.PERSON)
        self._proof = Proof(self._url)
        self._removals = Removals(self._store)
        self._leftovers = Leftovers(self._url, self._store)
        self._links = Links(self._url, place.public_url) if place.public_url else None
        self._largest_copy = largest_copy_bytes

    def temporary(self) -> TemporaryContent:
        key = f"{TMP}{self.writer}-{os.getpid()}-{secrets.token_hex(8)}"
        return TemporaryContent(GrowingObject(self._store, key))

    def temporary_folder(self) -> contextlib.AbstractContextManager[Path]:
        return self._local.temporary_folder()

    def publish(self, content: TemporaryContent) -> Published:
        growing = content.growing
        if not isinstance(growing, GrowingObject):
            raise TypeError("This content belongs to another store")
        content.close()
        digest, size = content.sha256, content.size_bytes
        key = f"sha256/{digest[:2]}/{digest[2:]}"
        try:
            self._settle(key, size, lambda overwrite: self._put(growing, key, size, overwrite))
        except FileNotFoundError:
            raise ContentUnavailable("The artifact store has lost what was just written") from None
        growing.discard()
        return Published(uri=f"{self._url}/{key}", sha256=digest, size_bytes=size)

    def path(self, uri: str) -> Path | None:
        if uri.startswith("local://"):
            return self._local.path(uri)
        self._key(uri)
        return None

    def open(self, uri: str) -> Path | StoredObject:
        if uri.startswith("local://"):
            return self._local.open(uri)
        found = self._head(key := self._key(uri))
        if found is None:
            raise ContentMissing(uri)
        return StoredObject(self._store, key, uri, found["size"])

    def remove(self, uri: str, *, untouched_seconds: float = 0.0) -> bool:
        if uri.startswith("local://"):
            return self._local.remove(uri, untouched_seconds=untouched_seconds)
        key = self._key(uri)
        found = self._head(key)
        if found is None or age_of(found) < untouched_seconds:
            return False
        with self._removals.of(key) as mine:
            # Looked at again: from here on no writer takes what it finds for granted.
            found = self._head(key) if mine else None
            if found is None or age_of(found) < untouched_seconds:
                return False
            self._delete(key)
        return True

    def sweep_temporaries(
        self, *, older_than_seconds: float = 60.0, writer: int | None = None
    ) -> int:
        local = self._local.sweep_temporaries(older_than_seconds=older_than_seconds, writer=writer)
        if writer is None:
            return local + self._leftovers.of_long_ago()
        return local + self._leftovers.of_writer(f"{self.writer}-{writer}")

    def prepare(self) -> None:
        self._proof.prove()

    def check(self) -> str | None:
        return self._proof.check()

    def signed_url(
        self, uri: str, seconds: float, *, disposition: str, media_type: str
    ) -> str | None:
        if self._links is None or uri.startswith("local://"):
            return None
        headers = {"content-disposition": disposition, "content-type": media_type}
        return self._links.to(self._key(uri), seconds, headers)

    def _put(self, growing: GrowingObject, key: str, size: int, overwrite: bool) -> None:
        import obstore
        from obstore.exceptions import AlreadyExistsError

        with answering():
            if growing.head is not None:
                obstore.put(
                    self._store,
                    key,
                    bytes(growing.head),
                    attributes=ATTRIBUTES,
                    mode="overwrite" if overwrite else "create",
                    use_multipart=False,
                )
            elif size <= self._largest_copy:
                obstore.copy(self._store, growing.key, key, overwrite=overwrite)
            elif not overwrite and self._head(key) is not None:
                raise AlreadyExistsError(key)
            else:
                self._send_through(growing.key, key, size)

    def _send_through(self, source: str, key: str, size: int) -> None:
        """A copy by way of this process: slow, and of any size.

        Under one key are equal bytes: whichever upload ends last changes nothing.
        """
        copy = GrowingObject(self._store, key)
        with StoredObject(self._store, source, source, size).open("rb") as whole:
            while part := whole.read(PART_BYTES):
                copy.write(part)
        copy.complete()

    def _settle(self, key: str, size: int, put: Callable[[bool], None]) -> None:
        """Put, unless these very bytes are there and stay for the row to come."""
        from obstore.exceptions import AlreadyExistsError

        for _ in range(_TRIES):
            try:
                put(False)
                return
            except AlreadyExistsError:
                found = self._head(key)
            if found is None:
                # It was removed just now, or the other writer is not quite done.
                time.sleep(_AGAIN_SECONDS)
                continue
            if found["size"] == size and age_of(found) < _RENEW_SECONDS:
                return
            put(True)
            if not self._removals.under_way(key):
                return
            self._removals.wait_for(key)
        raise ContentUnavailable("The artifact store has these very bytes and has them not")

    def _head(self, key: str) -> "ObjectMeta | None":
        import obstore

        try:
            with answering():
                return obstore.head(self._store, key)
        except FileNotFoundError:
            return None

    def _delete(self, key: str) -> None:
        import obstore

        with contextlib.suppress(FileNotFoundError), answering():
            obstore.delete(self._store, key)

    def _key(self, uri: str) -> str:
        key = uri.removeprefix(f"{self._url}/")
        if key == uri or _KEY.fullmatch(key) is None:
            raise NotContentUri(uri)
        return key
