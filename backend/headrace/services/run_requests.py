"""From what is asked for to a run that can be made: the pipeline found, its params bound, paths and
modules allowed. Whoever starts runs, people or messages, goes through here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, bindparam, func, select

from headrace.domain.definition import Definition, definition_from_document
from headrace.domain.grants import Grants
from headrace.domain.lifecycle import RunTrigger
from headrace.domain.suggestions import nearest_many
from headrace.services.binding import Binder
from headrace.services.results import Invalid
from headrace.store.database import Snapshot
from headrace.store.runs import NewRun
from headrace.store.tables import pipeline_versions, pipelines

_PIPELINE = (
    select(
        pipelines.c.id,
        pipelines.c.latest_version,
        pipelines.c.archived_at,
        pipeline_versions.c.id.label("version_id"),
        pipeline_versions.c.document,
    )
    .outerjoin(
        pipeline_versions,
        (pipeline_versions.c.pipeline_id == pipelines.c.id)
        & (
            pipeline_versions.c.number
            == func.coalesce(bindparam("number", type_=Integer), pipelines.c.latest_version)
        ),
    )
    .where(pipelines.c.name == bindparam("name"))
)
_NAMES = select(pipelines.c.name).where(pipelines.c.archived_at.is_(None)).limit(2_000)


@dataclass(frozen=True, kw_only=True)
class StartRun:
    """What is asked for. `params` are as given; `version`: None means the latest."""

    pipeline: str
    version: int | None = None
    params: Mapping[str, Any]
    priority: int = 0
    labels: Mapping[str, str]
    timeout_seconds: float | None = None
    trigger: RunTrigger = RunTrigger.API
    grants: Grants | None = None


@dataclass(frozen=True)
class NoPipeline:
    """No pipeline has that name; `nearest` do."""

    nearest: tuple[str, ...]


@dataclass(frozen=True)
class NoVersion:
    latest: int


@dataclass(frozen=True)
class Archived:
    pipeline_id: str


Refused = NoPipeline | NoVersion | Archived


@dataclass(frozen=True)
class Version:
    """A version of a pipeline that can be run."""

    pipeline_id: str
    version_id: str
    definition: Definition


@dataclass(frozen=True, kw_only=True)
class Starter:
    """How runs are made in this process; `published`: their events go to the stream."""

    binder: Binder
    published: bool

    async def find(self, snapshot: Snapshot, asked: StartRun) -> Version | Refused:
        """The version that is asked for."""
        return await find_version(snapshot, asked.pipeline, asked.version)

    def bound(self, found: Version, asked: StartRun) -> NewRun | Invalid:
        """The run to be made, with its params bound."""
        values, problems = self.binder.bind(found.definition, asked.params, asked.grants)
        if problems:
            return Invalid(tuple(problems))
        return NewRun(
            pipeline_id=found.pipeline_id,
            version_id=found.version_id,
            trigger=asked.trigger,
            params=values,
            priority=asked.priority,
            labels=asked.labels,
            timeout_seconds=asked.timeout_seconds,
            grants=asked.grants,
            published=self.published,
        )


async def find_version(snapshot: Snapshot, pipeline: str, number: int | None) -> Version | Refused:
    """The version of a pipeline that a run can be made of; None means the latest."""
    row = await snapshot.first(_PIPELINE, name=pipeline, number=number)
    if row is None:
        return await no_pipeline(snapshot, pipeline)
    if row.archived_at is not None:
        return Archived(row.id)
    if row.version_id is None:
        return NoVersion(row.latest_version)
    definition = definition_from_document(json.loads(row.document))
    return Version(row.id, row.version_id, definition)


async def no_pipeline(snapshot: Snapshot, name: str) -> NoPipeline:
    """That there is no pipeline of this name, with the names that are nearly it."""
    names = [each.name for each in await snapshot.all(_NAMES)]
    return NoPipeline(tuple(nearest_many(name, names)))
