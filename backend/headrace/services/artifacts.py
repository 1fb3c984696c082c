"""Use cases of artifacts: sign, locate for a download."""

import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import bindparam, select

from headrace.artifacts.errors import ArtifactError
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
    """Where an artifact's bytes are: a file, or (`data`) here."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str
    path: Path | None
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
    path = None
    if row.removed_at is None and row.data is None:
        try:
            path = services.content.open(row.uri)
        except ArtifactError:
            return ArtifactRemoved(artifact_id)
    elif row.removed_at is not None:
        return ArtifactRemoved(artifact_id)
    return Located(
        name=row.name,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        path=path,
        data=row.data,
    )
