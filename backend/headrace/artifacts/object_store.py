"""The way to an object store: one library, how long it is waited for, and its failures in words.

Credentials are the store's own business: its standard environment variables (AWS_ACCESS_KEY_ID,
GOOGLE_APPLICATION_CREDENTIALS, AZURE_STORAGE_ACCOUNT_KEY, …), a role or the machine's identity, all
of which the library finds by itself. Invariant: no error that leaves here holds one.
"""

import contextlib
import os
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from headrace.artifacts.errors import ContentUnavailable, StoreUnfit

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ObjectStore

_STATUS = re.compile(r"status code: (\d{3}[A-Za-z ]*)")
# Where a machine's own identity is asked for when no variable names another.
_IDENTITY = re.compile(r"169\.254\.|metadata\.google|/latest/(api|meta-data)")
_REASON = re.compile(r"<Code>(\w{1,60})</Code>")


class Patience(Enum):
    """How long a store that does not answer is asked again: (times at most, seconds).

    A block's is what a store's restart takes; for longer outages there are the block's retries.
    """

    BLOCK = (60, 30)
    PERSON = (3, 8)
    CHECK = (0, 2)


def connect(url: str, patience: Patience, *, public_url: str = "") -> "ObjectStore":
    """The store at `s3://bucket/prefix`, `gs://…` or `az://…`; nothing is asked of it yet.

    With `public_url` an S3 store that signs for that address. Raises StoreUnfit.
    """
    try:
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ImportError as error:
        raise StoreUnfit(
            "ARTIFACTS_URL names an object store, whose package is not installed: "
            "pip install 'headrace[s3]'"
        ) from error
    times, seconds = patience.value
    # No word on timeouts or HTTP: the library would then look at no AWS_ALLOW_HTTP and its like.
    options: dict[str, Any] = {
        "retry_config": {
            "max_retries": times,
            "retry_timeout": timedelta(seconds=seconds),
            "backoff": {
                "init_backoff": timedelta(milliseconds=200),
                "max_backoff": timedelta(seconds=5),
                "base": 2,
            },
        },
    }
    if public_url:
        options["endpoint"] = public_url
    if url.startswith("s3://") and "AWS_COPY_IF_NOT_EXISTS" not in os.environ:
        # What S3 itself can do; the variable names another way for a store that has its own.
        options["copy_if_not_exists"] = "multipart"
    try:
        return from_url(url, **options)
    except (BaseError, ValueError) as error:
        # Its text may quote a value that stands in a wrong variable.
        raise StoreUnfit(
            f"ARTIFACTS_URL is {url}, and the settings of that store cannot be used "
            f"({type(error).__name__}); see docs/how-to/keep-artifacts-in-an-object-store.md"
        ) from None


@contextlib.contextmanager
def answering() -> Iterator[None]:
    """Within it, what the store fails at is ContentUnavailable; what is not there or there already
    stays FileNotFoundError and obstore's AlreadyExistsError.
    """
    from obstore.exceptions import AlreadyExistsError, BaseError

    try:
        yield
    except AlreadyExistsError:
        raise
    except BaseError as error:
        # Without its cause: the library's text quotes whole requests.
        raise ContentUnavailable(words_for(error)) from None


def age_of(found: "ObjectMeta") -> float:
    """Seconds since it was written, by two clocks, which S3 lets differ by 15 minutes."""
    return max(0.0, time.time() - found["last_modified"].timestamp())


def words_for(error: Exception) -> str:
    """Why the store did not do it, fit for anybody's eyes."""
    text = str(error)
    if _IDENTITY.search(text):
        return (
            "There are no credentials for the artifact store: its variables are not set in the "
            "environment, and this machine has no identity of its own"
        )
    status, reason = _STATUS.search(text), _REASON.search(text)
    if status is not None:
        told = status[1].strip() + (f", {reason[1]}" if reason is not None else "")
        return f"The artifact store answers {told}"
    return "The artifact store does not answer"
