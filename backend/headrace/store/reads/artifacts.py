"""Artifacts by id, of blocks, and of a run in the order of their creation."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from headrace.store.database import Snapshot
from headrace.store.reads.blocks import BlockKey
from headrace.store.reads.keyset import Keyset, Window
from headrace.store.reads.rows import Count, Page, columns_of, distinct, grouped, made
from headrace.store.tables import artifacts


@dataclass(frozen=True, slots=True)
class ArtifactRow:
    """A row of `artifacts`: times in ms since the epoch."""

    id: str
    run_id: str | None
    seq: int
    position: int
    block: str
    attempt: int
    name: str
    uri: str
    media_type: str
    size_bytes: int
    sha256: str
    rows: int | None
    created_at: int
    removed_at: int | None


_COLUMNS = columns_of(ArtifactRow, artifacts)
_BY_IDS = select(*_COLUMNS).where(artifacts.c.id.in_(bindparam("ids", expanding=True)))
_OF_RUN = Keyset(select(*_COLUMNS).where(artifacts.c.run_id == bindparam("run")), artifacts.c.seq)
_COUNT = select(func.count()).where(artifacts.c.run_id == bindparam("run"))
_OF_BLOCKS = (
    select(*_COLUMNS)
    .where(artifacts.c.run_id.in_(bindparam("runs", expanding=True)))
    .where(artifacts.c.position.in_(bindparam("positions", expanding=True)))
    .order_by(artifacts.c.run_id, artifacts.c.seq)
)


def artifacts_scope(run_id: str) -> str:
    """What the cursors of a run's artifacts belong to."""
    return f"artifact:{run_id}"


async def artifacts_by_id(snapshot: Snapshot, ids: Sequence[str]) -> dict[str, ArtifactRow]:
    """The artifacts that exist among `ids`."""
    return {row.id: row for row in made(ArtifactRow, await snapshot.all(_BY_IDS, ids=ids))}


async def artifacts_of_blocks(
    snapshot: Snapshot, keys: Sequence[BlockKey]
) -> dict[BlockKey, list[ArtifactRow]]:
    """Each block's artifacts in the order of their creation."""
    runs = distinct(run for run, _ in keys)
    positions = distinct(position for _, position in keys)
    rows = await snapshot.all(_OF_BLOCKS, runs=runs, positions=positions)
    return grouped(made(ArtifactRow, rows), lambda row: (row.run_id or "", row.position))


async def artifact_page(snapshot: Snapshot, wanted: Window, run_id: str) -> Page[ArtifactRow]:
    """A page of a run's artifacts in the order of their creation."""
    rows = await _OF_RUN.page(snapshot, wanted, run=run_id)
    return Page.of(rows, ArtifactRow, lambda artifact: artifact.seq)


async def artifact_count(snapshot: Snapshot, run_id: str) -> Count:
    """How many artifacts a run has."""
    row = await snapshot.first(_COUNT, run=run_id)
    assert row is not None
    return Count(row[0])
