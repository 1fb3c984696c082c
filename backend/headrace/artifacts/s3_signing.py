"""What the library cannot sign: a request to S3 whose query says more than the library knows of.

It signs a plain one, which settles the host, the region and who asks; the words that were missing
are added and the signature made anew (AWS Signature Version 4). That takes the secret key itself,
so it works where AWS_SECRET_ACCESS_KEY stands in the environment, and not by a role.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

if TYPE_CHECKING:
    from obstore.store import ObjectStore

Method = Literal["GET", "DELETE"]


def signed(
    store: "ObjectStore", method: Method, key: str, seconds: float, more: Mapping[str, str]
) -> str | None:
    """The address of a request with `more` in its query; None where the key is not known here."""
    import obstore
    from obstore.store import S3Store

    if not isinstance(store, S3Store):
        return None
    url = obstore.sign(store, method, key, timedelta(seconds=max(1, round(seconds))))
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    access_key, *scope = query.get("X-Amz-Credential", "").split("/")
    secret = os.environ.get("AWS_SECRET_ACCESS_KEY", "")
    if not secret or access_key != os.environ.get("AWS_ACCESS_KEY_ID"):
        return None
    query.pop("X-Amz-Signature")
    text = _encoded({**query, **more})
    request = [method, parts.path, text, f"host:{parts.netloc}\n", "host", "UNSIGNED-PAYLOAD"]
    digest = hashlib.sha256("\n".join(request).encode()).hexdigest()
    to_sign = ["AWS4-HMAC-SHA256", query["X-Amz-Date"], "/".join(scope), digest]
    signature = _signature(secret, scope, "\n".join(to_sign))
    return urlunsplit(parts._replace(query=f"{text}&X-Amz-Signature={signature}"))


def _encoded(query: Mapping[str, str]) -> str:
    pairs = ((quote(name, safe=""), quote(value, safe="")) for name, value in query.items())
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _signature(secret: str, scope: list[str], text: str) -> str:
    key = f"AWS4{secret}".encode()
    for word in scope:
        key = hmac.digest(key, word.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()
