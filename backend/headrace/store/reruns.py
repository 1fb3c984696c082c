"""What a rerun must know of the run that it repeats, in one moment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from headrace.domain.grants import Grants
from headrace.domain.ids import block_id
from headrace.domain.lifecycle import BlockStatus, RunStatus
from headrace.domain.reruns import Earlier
from headrace.store.database import Snapshot
from headrace.store.runs import Reused
from headrace.store.tables import (
    artifacts,
    block_runs,
    pipeline_versions,
    pipelines,
    run_labels,
    runs,
)

_RUN = (
    select(
        runs.c.pipeline_id,
        runs.c.version_id,
        runs.c.status,
        runs.c.params,
        runs.c.priority,
        runs.c.timeout_ms,
        runs.c.grants,
        pipeline_versions.c.document,
        pipelines.c.name.label("pipeline"),
        pipelines.c.latest_version,
    )
    .join(pipeline_versions, pipeline_versions.c.id == runs.c.version_id)
    .join(pipelines, pipelines.c.id == runs.c.pipeline_id)
    .where(runs.c.id == bindparam("run"))
)
_LABELS = select(run_labels.c.key, run_labels.c.value).where(
    run_labels.c.run_id == bindparam("run")
)
_BLOCKS = (
    select(
        block_runs.c.position,
        block_runs.c.name,
        block_runs.c.status,
        block_runs.c.rows_done,
        block_runs.c.output_id,
        block_runs.c.reused_from,
        artifacts.c.removed_at,
    )
    .outerjoin(artifacts, artifacts.c.id == block_runs.c.output_id)
    .where(block_runs.c.run_id == bindparam("run"))
    .order_by(block_runs.c.position)
)
_LATEST = (
    select(pipeline_versions.c.id, pipeline_versions.c.document)
    .where(pipeline_versions.c.pipeline_id == bindparam("pipeline"))
    .where(pipeline_versions.c.number == bindparam("number"))
)


@dataclass(frozen=True, kw_only=True)
class ParentRun:
    """A run as its rerun sees it. `outputs`: by block name, what a rerun would link."""

    run_id: str
    pipeline_id: str
    pipeline: str
    latest_version: int
    version_id: str
    document: Mapping[str, Any]
    status: RunStatus
    params: Mapping[str, Any]
    priority: int
    timeout_seconds: float | None
    labels: Mapping[str, str]
    grants: Grants | None
    earlier: Mapping[str, Earlier]
    outputs: Mapping[str, Reused]


async def parent_run(snapshot: Snapshot, run_id: str) -> ParentRun | None:
    """The run, or None when there is none."""
    row = await snapshot.first(_RUN, run=run_id)
    if row is None:
        return None
    blocks = await snapshot.all(_BLOCKS, run=run_id)
    labels = await snapshot.all(_LABELS, run=run_id)
    return ParentRun(
        run_id=run_id,
        pipeline_id=row.pipeline_id,
        pipeline=row.pipeline,
        latest_version=row.latest_version,
        version_id=row.version_id,
        document=json.loads(row.document),
        status=RunStatus(row.status),
        params=json.loads(row.params),
        priority=row.priority,
        timeout_seconds=None if row.timeout_ms is None else row.timeout_ms / 1000,
        labels={label.key: label.value for label in labels},
        grants=Grants.from_json(json.loads(row.grants)) if row.grants else None,
        earlier={
            block.name: Earlier(
                status=BlockStatus(block.status), output_kept=block.removed_at is None
            )
            for block in blocks
        },
        outputs={
            block.name: Reused(
                position=block.position,
                block_run_id=block.reused_from or block_id(run_id, block.position),
                output_id=block.output_id,
                rows=block.rows_done,
            )
            for block in blocks
        },
    )


async def latest_version(snapshot: Snapshot, parent: ParentRun) -> tuple[str, Mapping[str, Any]]:
    """(id, document) of the newest version of the run's pipeline."""
    row = await snapshot.first(_LATEST, pipeline=parent.pipeline_id, number=parent.latest_version)
    assert row is not None
    return str(row.id), json.loads(row.document)
