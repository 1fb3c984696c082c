"""How the collector and a writer of the same bytes do not cross.

Object stores have no "delete if unchanged" that all of them know. So whoever removes says so first
by `removing/…` and only then looks whether the bytes are old; whoever finds old bytes writes them
anew first and only then looks whether somebody is removing. One of the two sees the other.
"""

import contextlib
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from headrace.artifacts.errors import ContentUnavailable
from headrace.artifacts.object_store import age_of, answering

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_LOOK_SECONDS: Final = 0.1
_WAIT_SECONDS: Final = 30.0
_LEFT_SECONDS: Final = 600.0
"""A removal takes moments: this old, its word is of one that died."""


class Removals:
    """Of one object store."""

    def __init__(self, store: "ObjectStore") -> None:
        self._store = store

    @contextlib.contextmanager
    def of(self, key: str) -> Iterator[bool]:
        """Whether this is the one process that may remove `key` within the block."""
        import obstore
        from obstore.exceptions import AlreadyExistsError

        word = _word(key)
        try:
            with answering():
                obstore.put(self._store, word, b"", mode="create")
        except AlreadyExistsError:
            self._forget_dead(word)
            yield False
            return
        try:
            yield True
        finally:
            self._forget(word)

    def under_way(self, key: str) -> bool:
        """Whether somebody may be about to remove it."""
        return self._age(_word(key)) is not None

    def wait_for(self, key: str) -> None:
        """Returns when nobody removes it any more; raises ContentUnavailable."""
        word = _word(key)
        until = time.monotonic() + _WAIT_SECONDS
        while self._age(word) is not None:
            if time.monotonic() > until:
                raise ContentUnavailable("The artifact store is still removing these very bytes")
            time.sleep(_LOOK_SECONDS)

    def _age(self, word: str) -> float | None:
        import obstore

        try:
            with answering():
                return age_of(obstore.head(self._store, word))
        except FileNotFoundError:
            return None

    def _forget_dead(self, word: str) -> None:
        age = self._age(word)
        if age is not None and age > _LEFT_SECONDS:
            self._forget(word)

    def _forget(self, word: str) -> None:
        import obstore

        with contextlib.suppress(FileNotFoundError, ContentUnavailable), answering():
            obstore.delete(self._store, word)


def _word(key: str) -> str:
    return f"removing/{key.removeprefix('sha256/').replace('/', '')}"
