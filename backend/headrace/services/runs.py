"""Use cases of runs: start, cancel."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Integer, bindparam, func, select

from headrace.artifacts.errors import PathNotAllowed
from headrace.artifacts.roots import Roots
from headrace.domain.definition import Definition, ParamType, definition_from_document
from headrace.domain.grants import Grants
from headrace.domain.lifecycle import RunTrigger
from headrace.domain.params import bind
from headrace.domain.problems import Problem, ProblemCode
from headrace.domain.suggestions import nearest_many
from headrace.domain.validation import check_bound
from headrace.services.core import Services
from headrace.services.modules import allowed_module
from headrace.services.results import IdempotencyConflict, Invalid
from headrace.store import runs as store_runs
from headrace.store.database import Snapshot
from headrace.store.idempotency import Key, KeyReused, keep, recall
from headrace.store.run_edit import RunGone
from headrace.store.tables import pipeline_versions, pipelines
from headrace.store.transaction import Transaction

MOST_CANCELLED_AT_ONCE = 500

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
class Started:
    run_id: str


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


@dataclass(frozen=True)
class Cancelled:
    """The run is cancelled or is being cancelled."""

    run_id: str


@dataclass(frozen=True)
class RunMissing:
    run_id: str


@dataclass(frozen=True)
class AlreadyFinished:
    run_id: str


CancelResult = Cancelled | RunMissing | AlreadyFinished


@dataclass(frozen=True)
class CancelResults:
    """One for each run, in the order asked."""

    results: tuple[CancelResult, ...]


@dataclass(frozen=True)
class TooMany:
    max: int


StartResult = Started | NoPipeline | NoVersion | Archived | Invalid | IdempotencyConflict


async def start_run(
    services: Services,
    asked: StartRun,
    *,
    principal: str,
    idempotency_key: str | None = None,
) -> StartResult:
    """Queues a run of a pipeline version with bound params; durable when this returns."""
    key = _start_key(asked, principal, idempotency_key)
    try:
        if key is not None and (kept := await services.store.write(partial(recall, key=key))):
            # Before anything is looked up: a repeat succeeds even if the pipeline is archived now.
            return Started(kept["run_id"])
        async with services.store.snapshot() as snapshot:
            found = await _find(snapshot, asked)
        if not isinstance(found, _Version):
            return found
        values, problems = _bind(services, found.definition, asked)
        if problems:
            return Invalid(tuple(problems))
        return await services.store.write(partial(_start, key=key, new=_new(asked, found, values)))
    except KeyReused as error:
        return IdempotencyConflict(str(error))


async def cancel_runs(
    services: Services,
    run_ids: Sequence[str],
    *,
    reason: str | None,
    principal: str,
    idempotency_key: str | None = None,
    meant: Any = None,
) -> CancelResults | TooMany | IdempotencyConflict:
    """Asks for cancellation of each run, all in one transaction.

    `meant` (JSON) is what the key stands for where that is not the ids: a filter finds other runs
    each time, and still a repeat is to give the results of the first.
    """
    key = None
    if idempotency_key is not None:
        asked = {"run_ids": list(run_ids)} if meant is None else {"meant": meant}
        key = Key(principal, "cancelRuns", idempotency_key, {**asked, "reason": reason})

    def unit(tx: Transaction) -> CancelResults | TooMany:
        if (kept := recall(tx, key)) is not None:
            return CancelResults(tuple(_RESULTS[name](run_id) for name, run_id in kept))
        if len(run_ids) > MOST_CANCELLED_AT_ONCE:
            return TooMany(MOST_CANCELLED_AT_ONCE)
        results = tuple(_cancel(tx, run_id, reason) for run_id in run_ids)
        keep(tx, key, [[type(each).__name__, each.run_id] for each in results])
        return CancelResults(results)

    try:
        return await services.store.write(unit)
    except KeyReused as error:
        return IdempotencyConflict(str(error))


_RESULTS: dict[str, type[Cancelled] | type[RunMissing] | type[AlreadyFinished]] = {
    each.__name__: each for each in (Cancelled, RunMissing, AlreadyFinished)
}


@dataclass(frozen=True)
class _Version:
    pipeline_id: str
    version_id: str
    definition: Definition


def _cancel(tx: Transaction, run_id: str, reason: str | None) -> CancelResult:
    try:
        asked = store_runs.cancel_run(tx, run_id, reason)
    except RunGone:
        return RunMissing(run_id)
    return Cancelled(run_id) if asked else AlreadyFinished(run_id)


async def _find(
    snapshot: Snapshot, asked: StartRun
) -> _Version | NoPipeline | NoVersion | Archived:
    row = await snapshot.first(_PIPELINE, name=asked.pipeline, number=asked.version)
    if row is None:
        return await no_pipeline(snapshot, asked.pipeline)
    if row.archived_at is not None:
        return Archived(row.id)
    if row.version_id is None:
        return NoVersion(row.latest_version)
    definition = definition_from_document(json.loads(row.document))
    return _Version(row.id, row.version_id, definition)


async def no_pipeline(snapshot: Snapshot, name: str) -> NoPipeline:
    """That there is no pipeline of this name, with the names that are nearly it."""
    names = [each.name for each in await snapshot.all(_NAMES)]
    return NoPipeline(tuple(nearest_many(name, names)))


def _bind(
    services: Services, definition: Definition, asked: StartRun
) -> tuple[dict[str, Any], list[Problem]]:
    values, problems = bind(definition.params, asked.params)
    if problems:
        return values, problems
    roots = roots_with(services.roots, asked.grants)
    for param in definition.params:
        value = values.get(param.name)
        if param.type is ParamType.PATH and isinstance(value, str):
            try:
                roots.input(value)
            except PathNotAllowed as error:
                problems.append(_path_problem(param.name, error))
    if not problems:
        allow = allowed_module(services.settings, asked.grants)
        problems.extend(
            check_bound(definition, values, services.catalogue, allow_python_module=allow)
        )
    return values, problems


def roots_with(roots: Roots, grants: Grants | None) -> Roots:
    """The roots of the settings, and the very paths that the local command line allowed."""
    if grants is None or not grants.paths:
        return roots
    return roots.allowing(grants.paths)


def _path_problem(name: str, error: PathNotAllowed) -> Problem:
    return Problem(
        code=ProblemCode.INVALID_PARAM,
        message=f'Param "{name}": {error}',
        path=("params", name),
        suggestion=error.suggestion,
    )


def _new(asked: StartRun, found: _Version, values: Mapping[str, Any]) -> store_runs.NewRun:
    return store_runs.NewRun(
        pipeline_id=found.pipeline_id,
        version_id=found.version_id,
        trigger=asked.trigger,
        params=values,
        priority=asked.priority,
        labels=asked.labels,
        timeout_seconds=asked.timeout_seconds,
        grants=asked.grants,
    )


def _start(tx: Transaction, key: Key | None, new: store_runs.NewRun) -> Started:
    if kept := recall(tx, key):
        return Started(kept["run_id"])
    run_id = store_runs.create_run(tx, new)
    keep(tx, key, {"run_id": run_id})
    return Started(run_id)


def _start_key(asked: StartRun, principal: str, key: str | None) -> Key | None:
    if key is None:
        return None
    given = {
        "pipeline": asked.pipeline,
        "version": asked.version,
        "params": dict(asked.params),
        "priority": asked.priority,
        "labels": dict(asked.labels),
        "timeout_seconds": asked.timeout_seconds,
    }
    return Key(principal, "startRun", key, given)
