"""What writers that died left under `tmp/`: whole objects that were never copied, and unfinished
uploads.
"""

import contextlib
import time
from typing import TYPE_CHECKING, Final

from headrace.artifacts.object_store import Patience, age_of, answering, connect
from headrace.artifacts.s3_uploads import give_up, unfinished

if TYPE_CHECKING:
    from obstore.store import ObjectStore

TMP: Final = "tmp/"
_EVERY_SECONDS: Final = 3_600.0
_WHOLE_SECONDS: Final = 86_400
"""A whole object is copied within minutes: this old, it was left."""
_UNFINISHED_SECONDS: Final = 7 * 86_400
"""A block may write one file for days. Its own worker ends its uploads at once when it is killed;
this is for those whose worker died too.
"""


class Leftovers:
    """Of one store. Listing is paid for, so only each hour looks for what is old."""

    def __init__(self, url: str, store: "ObjectStore") -> None:
        self._store = store
        self._bucket: ObjectStore | None = None
        scheme, _, place = url.partition("://")
        bucket, _, prefix = place.partition("/")
        self._prefix = f"{prefix}/" if prefix else ""
        if scheme == "s3":
            self._bucket = connect(f"s3://{bucket}", Patience.PERSON)
        self._next = 0.0

    def of_writer(self, name: str) -> int:
        """Removes what one writer left; how much. Raises ContentUnavailable."""
        prefix = f"{TMP}{name}-"
        return self._whole(prefix, 0.0) + self._unfinished(prefix, 0.0)

    def of_long_ago(self) -> int:
        """Removes what is too old to belong to anyone; how much. Raises ContentUnavailable."""
        now = time.monotonic()
        if now < self._next:
            return 0
        self._next = now + _EVERY_SECONDS
        # A copy to its key is an upload too, by the library's way to copy on a condition.
        return self._whole(TMP, _WHOLE_SECONDS) + self._unfinished("", _UNFINISHED_SECONDS)

    def _whole(self, prefix: str, older_than_seconds: float) -> int:
        import obstore

        removed = 0
        with answering():
            for page in obstore.list(self._store, TMP):
                for one in page:
                    if one["path"].startswith(prefix) and age_of(one) >= older_than_seconds:
                        with contextlib.suppress(FileNotFoundError):
                            obstore.delete(self._store, one["path"])
                        removed += 1
        return removed

    def _unfinished(self, prefix: str, older_than_seconds: float) -> int:
        if self._bucket is None:
            return 0
        left = [
            upload
            for upload in unfinished(self._bucket, f"{self._prefix}{prefix}")
            if time.time() - upload.since >= older_than_seconds
        ]
        for upload in left:
            give_up(self._bucket, upload)
        return len(left)
