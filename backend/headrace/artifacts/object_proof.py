"""Whether an object store can be trusted with artifacts: asked once, and then whether it is there.

Invariant: a store that lets two writers make one key is never used; that is found out by trying,
since no store says it of itself.
"""

import contextlib
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

from headrace.artifacts.errors import ContentUnavailable, StoreUnfit
from headrace.artifacts.object_store import Patience, answering, connect, words_for

_SIGN: Final = "headrace-store"
_FRESH_SECONDS: Final = 1.0
_WAIT_SECONDS: Final = 2.0
_TEXT: Final = b"Headrace keeps artifacts here.\n"
_HOW_TO: Final = "see docs/how-to/keep-artifacts-in-an-object-store.md"


class Proof:
    """Of one store; may be asked from any thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._proven = False
        self._turn = threading.Lock()
        self._found: str | None = None
        self._looked_at = float("-inf")
        self._store = connect(url, Patience.PERSON)
        self._quick = connect(url, Patience.CHECK)

    def prove(self) -> None:
        """Tries what must hold; raises StoreUnfit, or ContentUnavailable if nobody answers."""
        from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

        try:
            self._try_out()
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise StoreUnfit(
                f"ARTIFACTS_URL is {self._url}, and Headrace may not write there. "
                f"{words_for(error)}; {_HOW_TO}"
            ) from None
        except FileNotFoundError:
            raise StoreUnfit(
                f"ARTIFACTS_URL is {self._url}, and there is no such bucket or container; {_HOW_TO}"
            ) from None
        except BaseError as error:
            raise ContentUnavailable(words_for(error)) from None
        self._proven = True

    def check(self) -> str | None:
        """What is wrong now, in words. One asks at a time, and nobody waits long for another."""
        if not self._turn.acquire(timeout=_WAIT_SECONDS):
            return "The artifact store does not answer"
        try:
            if time.monotonic() - self._looked_at > _FRESH_SECONDS:
                self._found = self._look()
                self._looked_at = time.monotonic()
            return self._found
        finally:
            self._turn.release()

    def _look(self) -> str | None:
        import obstore

        try:
            with answering():
                obstore.head(self._quick, _SIGN)
        except FileNotFoundError:
            if self._proven:
                return "The artifact store has lost what Headrace put there, or its bucket is gone"
        except ContentUnavailable as error:
            return str(error)
        try:
            if not self._proven:
                self.prove()
        except (ContentUnavailable, StoreUnfit) as error:
            return str(error)
        return None

    def _try_out(self) -> None:
        import obstore

        first, second = (f"proof/{secrets.token_hex(8)}" for _ in range(2))
        try:
            obstore.put(self._store, _SIGN, _TEXT)
            self._once(lambda: obstore.put(self._store, first, _TEXT, mode="create"))
            self._once(lambda: obstore.copy(self._store, first, second, overwrite=False))
        finally:
            for key in (first, second):
                with contextlib.suppress(Exception):
                    obstore.delete(self._store, key)

    def _once(self, make: Callable[[], object]) -> None:
        from obstore.exceptions import AlreadyExistsError, NotSupportedError

        try:
            make()
            make()
        except AlreadyExistsError:
            return
        except NotSupportedError:
            pass
        raise StoreUnfit(
            f"ARTIFACTS_URL is {self._url}, a store that makes the same object twice: it "
            "does not enforce conditional writes, so two writers could spoil one artifact; "
            f"{_HOW_TO}"
        )
