"""Signatures of download addresses.

Invariant: whoever holds a signature may do one thing (a method, on one artifact) until one moment,
and nobody without a secret can make one. Secrets rotate: the newest signs, the previous ones still
verify.
"""

import hmac
from dataclasses import dataclass, field

_PURPOSE = "headrace/artifact/1"


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Signs with `secret`, verifies with it and with `previous`; `ttl_seconds` is how long by
    default.
    """

    secret: str = field(repr=False)
    previous: tuple[str, ...] = field(default=(), repr=False)
    ttl_seconds: int = 300

    def sign(
        self, artifact_id: str, *, now: float, method: str = "GET", ttl_seconds: int | None = None
    ) -> tuple[int, str]:
        """The end of the permission in Unix seconds (exclusive) and its signature in hex.

        `now` is in Unix seconds.
        """
        expires = int(now) + (self.ttl_seconds if ttl_seconds is None else ttl_seconds)
        return expires, _signature(self.secret, method, artifact_id, expires)

    def verify(
        self, artifact_id: str, *, expires: int, signature: str, now: float, method: str = "GET"
    ) -> bool:
        """Whether `signature` permits `method` now; one for GET permits HEAD too."""
        methods = ("GET", "HEAD") if method == "HEAD" else (method,)
        given = signature.encode("utf-8", "surrogateescape")
        # Every candidate is compared, so that the time taken tells nothing.
        matches = [
            hmac.compare_digest(_signature(secret, one, artifact_id, expires).encode(), given)
            for secret in (self.secret, *self.previous)
            for one in methods
        ]
        return any(matches) and now < expires


def _signature(secret: str, method: str, artifact_id: str, expires: int) -> str:
    text = "\n".join((_PURPOSE, method, artifact_id, str(expires)))
    return hmac.digest(secret.encode(), text.encode("utf-8", "surrogateescape"), "sha256").hex()
