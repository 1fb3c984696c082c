"""Signatures of download addresses.

Invariant: whoever holds a signature may do one thing (a method, on one subject) until one moment,
and nobody without a secret can make one. Secrets rotate: the newest signs, the previous ones still
verify.
"""

import hmac
from dataclasses import dataclass, field

ARTIFACTS = "headrace/artifact/1"
DATASETS = "headrace/dataset/1"


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Signs with `secret`, verifies with it and with `previous`; `ttl_seconds` is how long by
    default. What was signed for one `purpose` opens nothing of another.
    """

    secret: str = field(repr=False)
    previous: tuple[str, ...] = field(default=(), repr=False)
    ttl_seconds: int = 300
    purpose: str = ARTIFACTS

    def sign(
        self, subject: str, *, now: float, method: str = "GET", ttl_seconds: int | None = None
    ) -> tuple[int, str]:
        """The end of the permission in Unix seconds (exclusive) and its signature in hex.

        `now` is in Unix seconds.
        """
        expires = int(now) + (self.ttl_seconds if ttl_seconds is None else ttl_seconds)
        return expires, self._signature(self.secret, method, subject, expires)

    def verify(
        self, subject: str, *, expires: int, signature: str, now: float, method: str = "GET"
    ) -> bool:
        """Whether `signature` permits `method` now; one for GET permits HEAD too."""
        methods = ("GET", "HEAD") if method == "HEAD" else (method,)
        given = signature.encode("utf-8", "surrogateescape")
        # Every candidate is compared, so that the time taken tells nothing.
        matches = [
            hmac.compare_digest(self._signature(secret, one, subject, expires).encode(), given)
            for secret in (self.secret, *self.previous)
            for one in methods
        ]
        return any(matches) and now < expires

    def _signature(self, secret: str, method: str, subject: str, expires: int) -> str:
        # Only the subject may hold a line's end, so no two statements are the same text.
        text = "\n".join((self.purpose, method, subject, str(expires)))
        return hmac.digest(secret.encode(), text.encode("utf-8", "surrogateescape"), "sha256").hex()
