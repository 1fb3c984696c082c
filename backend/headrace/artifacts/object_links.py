"""Links by which clients get an object from its store, without the bytes passing through us."""

from collections.abc import Mapping
from datetime import timedelta

from headrace.artifacts.object_store import Patience, connect
from headrace.artifacts.s3_signing import signed


class Links:
    """Of one S3 store, at the address where clients reach it."""

    def __init__(self, url: str, public_url: str) -> None:
        self._store = connect(url, Patience.PERSON, public_url=public_url)

    def to(self, key: str, seconds: float, headers: Mapping[str, str]) -> str:
        """Good for so long. Under a role the store is not told the headers, and keeps its own."""
        import obstore
        from obstore.store import S3Store

        asked = {f"response-{name}": value for name, value in headers.items()}
        named = signed(self._store, "GET", key, seconds, asked)
        if named is not None:
            return named
        assert isinstance(self._store, S3Store)
        return obstore.sign(self._store, "GET", key, timedelta(seconds=max(1, round(seconds))))
