"""Uploads to S3 that nobody ends: what a killed writer sent is invisible there, and still paid for.

The library has no word for them, so they are listed and ended by requests of our own, where those
can be signed. Elsewhere a rule of the bucket does it, as the how-to says: S3 and Google then end
what is unfinished after so many days, Azure does by itself after a week.
"""

import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from headrace.artifacts.errors import ContentUnavailable
from headrace.artifacts.s3_signing import Method, signed

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_SECONDS: Final = 10
_GONE: Final = 404


@dataclass(frozen=True)
class Upload:
    """One that was begun and not ended; `since` in Unix seconds."""

    key: str
    id: str
    since: float


def unfinished(bucket: "ObjectStore", prefix: str) -> Iterator[Upload]:
    """Those whose key begins so; none where they cannot be asked for. Raises ContentUnavailable."""
    after: dict[str, str] = {}
    while True:
        body = _ask(bucket, "GET", "", {"uploads": "", "prefix": prefix, **after})
        if not body:
            return
        page = ElementTree.fromstring(body)  # our own store's answer to a signed request
        for each in page.iterfind("{*}Upload"):
            since = datetime.fromisoformat(_text(each, "Initiated")).timestamp()
            yield Upload(_text(each, "Key"), _text(each, "UploadId"), since)
        if _text(page, "IsTruncated") != "true":
            return
        after = {
            "key-marker": _text(page, "NextKeyMarker"),
            "upload-id-marker": _text(page, "NextUploadIdMarker"),
        }


def give_up(bucket: "ObjectStore", upload: Upload) -> None:
    """Its parts go; harmless for one that is over. Raises ContentUnavailable."""
    _ask(bucket, "DELETE", upload.key, {"uploadId": upload.id})


def _ask(bucket: "ObjectStore", method: Method, key: str, query: dict[str, str]) -> bytes | None:
    url = signed(bucket, method, key, 60, query)
    if url is None:
        return None
    request = urllib.request.Request(url, method=method)  # the store's own address
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == _GONE:
            return b""
        raise ContentUnavailable(f"The artifact store answers {error.code}") from None
    except OSError:
        raise ContentUnavailable("The artifact store does not answer") from None


def _text(element: ElementTree.Element, name: str) -> str:
    return element.findtext(f"{{*}}{name}") or ""
