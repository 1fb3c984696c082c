"""Use cases of artifacts: sign, locate for a download."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import bindparam, select

from headrace.artifacts.content import Stored
from headrace.services.core import Services
from headrace.services.results import OutOfRange
from headrace.store.database import Snapshot
from headrace.store.tables import artifacts, inline_data

MOST_TTL_SECONDS = 86_400

_FIND = (
    select(
        artifacts.c.id,
        artifacts.c.name,
        artifacts.c.uri,
        artifacts.c.media_type,
        artifacts.c.size_bytes,
        artifacts.c.sha256,
        artifacts.c.removed_at,
        inline_data.c.data,
    )
    .outerjoin(inline_data, inline_data.c.artifact_id == artifacts.c.id)
    .where(artifacts.c.id == bindparam("artifact"))
)


@dataclass(frozen=True)
class Signed:
    """`expires_at` in ms since the epoch."""

    url: str
    expires_at: int
    artifact_id: str


@dataclass(frozen=True)
class ArtifactMissing:
    artifact_id: str


@dataclass(frozen=True)
class ArtifactRemoved:
    """Cleanup removed its bytes."""

    artifact_id: str


@dataclass(frozen=True, kw_only=True)
class Located:
    """Where an artifact's bytes are: at `uri` in the content store, or (`data`) here."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str
    uri: str
    data: bytes | None


async def sign(
    services: Services, artifact_id: str, ttl_seconds: int | None = None
) -> Signed | ArtifactMissing | ArtifactRemoved | OutOfRange:
    """A URL that downloads one artifact until it expires, with no key."""
    if ttl_seconds is not None and not 1 <= ttl_seconds <= MOST_TTL_SECONDS:
        return OutOfRange("ttlSeconds", 1, MOST_TTL_SECONDS)
    async with services.store.snapshot() as snapshot:
        row = await snapshot.first(_FIND, artifact=artifact_id)
    if row is None:
        return ArtifactMissing(artifact_id)
    if row.removed_at is not None:
        return ArtifactRemoved(artifact_id)
    expires, signature = services.signer.sign(artifact_id, now=time.time(), ttl_seconds=ttl_seconds)
    query = urlencode({"expires": expires, "signature": signature})
    url = f"{download_url(services, artifact_id)}?{query}"
    return Signed(url, expires * 1000, artifact_id)


def download_url(services: Services, artifact_id: str) -> str:
    """The unsigned address of an artifact; relative unless PUBLIC_URL is set."""
    return f"{services.settings.public_url.rstrip('/')}/artifacts/{artifact_id}/download"


async def locate(
    services: Services, artifact_id: str
) -> Located | ArtifactMissing | ArtifactRemoved:
    """Where the bytes are, for a download."""
    async with services.store.snapshot() as snapshot:
        return await locate_in(services, snapshot, artifact_id)


async def locate_in(
    services: Services, snapshot: Snapshot, artifact_id: str
) -> Located | ArtifactMissing | ArtifactRemoved:
    """The same inside a snapshot that is open already (a preview)."""
    row = await snapshot.first(_FIND, artifact=artifact_id)
    if row is None:
        return ArtifactMissing(artifact_id)
    if row.removed_at is not None:
        return ArtifactRemoved(artifact_id)
    return Located(
        name=row.name,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        uri=row.uri,
        data=row.data,
    )


async def source_of(services: Services, located: Located) -> Stored | bytes:
    """An artifact's bytes, to be read. It may ask an object store: no snapshot shall be open.

    Raises ContentMissing, NotContentUri (it was kept in another store), ContentUnavailable.
    """
    if located.data is not None:
        return located.data
    return await asyncio.to_thread(services.content.open, located.uri)
