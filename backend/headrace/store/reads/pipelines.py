"""Pipelines by name, and their versions newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from headrace.store.database import Snapshot
from headrace.store.reads.keyset import AnySelect, Keyset, Window
from headrace.store.reads.pairs import among_pairs, pairs
from headrace.store.reads.rows import Count, Page, columns_of, contains, like_pattern, made
from headrace.store.tables import pipeline_versions, pipelines

SCOPE: Final = "pipeline"


@dataclass(frozen=True, slots=True)
class PipelineRow:
    """A row of `pipelines`: times in ms since the epoch."""

    id: str
    name: str
    description: str | None
    latest_version: int
    created_at: int
    archived_at: int | None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A row of `pipeline_versions` without its document."""

    id: str
    pipeline_id: str
    number: int
    digest: str
    created_at: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PipelineFilter:
    """Which pipelines are meant. `archived`: only those, only the others, or (None) all."""

    name_contains: str | None = None
    archived: bool | None = False


_COLUMNS = columns_of(PipelineRow, pipelines)
_BY_IDS = select(*_COLUMNS).where(pipelines.c.id.in_(bindparam("ids", expanding=True)))
_BY_NAME = select(*_COLUMNS).where(pipelines.c.name == bindparam("name"))

_VERSION_COLUMNS = columns_of(VersionRow, pipeline_versions)
_VERSIONS_BY_IDS = select(*_VERSION_COLUMNS).where(
    pipeline_versions.c.id.in_(bindparam("ids", expanding=True))
)
_VERSIONS_BY_NUMBERS = select(*_VERSION_COLUMNS).where(
    among_pairs(pipeline_versions.c.pipeline_id, pipeline_versions.c.number)
)
_DOCUMENTS = select(pipeline_versions.c.id, pipeline_versions.c.document).where(
    pipeline_versions.c.id.in_(bindparam("ids", expanding=True))
)
_VERSIONS = Keyset(
    select(*_VERSION_COLUMNS).where(pipeline_versions.c.pipeline_id == bindparam("pipeline")),
    pipeline_versions.c.number,
    descending=True,
)
_VERSION_COUNT = select(func.count()).where(
    pipeline_versions.c.pipeline_id == bindparam("pipeline")
)


def versions_scope(pipeline_id: str) -> str:
    """What the cursors of a pipeline's versions belong to."""
    return f"version:{pipeline_id}"


async def pipelines_by_id(snapshot: Snapshot, ids: Sequence[str]) -> dict[str, PipelineRow]:
    """The pipelines that exist among `ids`."""
    return {row.id: row for row in made(PipelineRow, await snapshot.all(_BY_IDS, ids=ids))}


async def pipeline_by_name(snapshot: Snapshot, name: str) -> PipelineRow | None:
    """The pipeline of this name, archived or not."""
    row = await snapshot.first(_BY_NAME, name=name)
    return made(PipelineRow, [row])[0] if row else None


async def pipeline_page(
    snapshot: Snapshot, wanted: Window, condition: PipelineFilter
) -> Page[PipelineRow]:
    """A page of the pipelines that meet a condition, by name."""
    rows = await _list(*_shape(condition)).page(snapshot, wanted, **_values(condition))
    return Page.of(rows, PipelineRow, lambda pipeline: pipeline.name)


async def pipeline_count(snapshot: Snapshot, condition: PipelineFilter) -> Count:
    """How many pipelines meet a condition."""
    row = await snapshot.first(_counted(*_shape(condition)), **_values(condition))
    assert row is not None
    return Count(row[0])


async def versions_by_id(snapshot: Snapshot, ids: Sequence[str]) -> dict[str, VersionRow]:
    """The pipeline versions that exist among `ids`."""
    rows = await snapshot.all(_VERSIONS_BY_IDS, ids=ids)
    return {row.id: row for row in made(VersionRow, rows)}


async def versions_by_number(
    snapshot: Snapshot, numbers: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], VersionRow]:
    """The versions that exist among (pipeline id, number) pairs."""
    rows = await snapshot.all(_VERSIONS_BY_NUMBERS, **pairs(numbers))
    return {(row.pipeline_id, row.number): row for row in made(VersionRow, rows)}


async def documents_of(snapshot: Snapshot, version_ids: Sequence[str]) -> dict[str, str]:
    """The canonical JSON documents of versions."""
    return {row.id: row.document for row in await snapshot.all(_DOCUMENTS, ids=version_ids)}


async def version_page(snapshot: Snapshot, wanted: Window, pipeline_id: str) -> Page[VersionRow]:
    """A page of a pipeline's versions, newest first."""
    rows = await _VERSIONS.page(snapshot, wanted, pipeline=pipeline_id)
    return Page.of(rows, VersionRow, lambda version: version.number)


async def version_count(snapshot: Snapshot, pipeline_id: str) -> Count:
    """How many versions a pipeline has."""
    row = await snapshot.first(_VERSION_COUNT, pipeline=pipeline_id)
    assert row is not None
    return Count(row[0])


def _shape(condition: PipelineFilter) -> tuple[bool, bool | None]:
    return condition.name_contains is not None, condition.archived


def _values(condition: PipelineFilter) -> dict[str, Any]:
    part = condition.name_contains
    return {} if part is None else {"part": like_pattern(part)}


@lru_cache(maxsize=6)
def _list(by_part: bool, archived: bool | None) -> Keyset:
    return Keyset(_where(select(*_COLUMNS), by_part, archived), pipelines.c.name)


@lru_cache(maxsize=6)
def _counted(by_part: bool, archived: bool | None) -> AnySelect:
    return _where(select(func.count()).select_from(pipelines), by_part, archived)


def _where(statement: AnySelect, by_part: bool, archived: bool | None) -> AnySelect:
    if by_part:
        statement = statement.where(contains(pipelines.c.name, "part"))
    if archived is not None:
        is_null = pipelines.c.archived_at.is_(None)
        statement = statement.where(~is_null if archived else is_null)
    return statement
