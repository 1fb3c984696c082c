"""Use cases of reruns: say what one would do, do it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any

from headrace.domain.definition import Definition, definition_from_document
from headrace.domain.lifecycle import RUN_TERMINAL, RunTrigger
from headrace.domain.params import bind
from headrace.domain.reruns import Reason, RerunFrom, RerunPlan, filled, plan_rerun
from headrace.domain.validation import check_bound
from headrace.services.core import Services
from headrace.services.modules import allowed_module
from headrace.services.results import IdempotencyConflict, Invalid
from headrace.services.runs import RunMissing, Started
from headrace.store.database import Snapshot
from headrace.store.idempotency import Key, KeyReused, keep, key_of, recall
from headrace.store.reruns import ParentRun, latest_version, parent_run
from headrace.store.runs import NewRun, create_run
from headrace.store.transaction import Transaction


class VersionChoice(StrEnum):
    """Which version a rerun runs."""

    SAME = "SAME"
    LATEST = "LATEST"


@dataclass(frozen=True, kw_only=True)
class Rerun:
    """What is asked for. `blocks` only with `start` BLOCKS."""

    run_id: str
    start: RerunFrom = RerunFrom.FAILED
    blocks: Sequence[str] = ()
    version: VersionChoice = VersionChoice.SAME


@dataclass(frozen=True)
class Impossible:
    """Why there can be no such rerun: all of it."""

    reasons: tuple[Reason, ...]


async def plan(snapshot: Snapshot, asked: Rerun) -> RerunPlan | None:
    """What a rerun would reuse, run and skip, and why; None when there is no such run.

    A rerun that is impossible has its reasons in `impossible`.
    """
    parent = await parent_run(snapshot, asked.run_id)
    if parent is None:
        return None
    prepared = await _prepare(snapshot, parent, asked)
    if isinstance(prepared, Invalid):
        reasons = tuple(Reason("", problem.message) for problem in prepared.problems)
        return RerunPlan(impossible=reasons)
    return prepared.plan


async def rerun(
    services: Services,
    asked: Rerun,
    *,
    principal: str,
    idempotency_key: str | None = None,
) -> Started | RunMissing | Invalid | Impossible | IdempotencyConflict:
    """Queues a run that repeats another one; what it reuses has succeeded when this returns."""
    key = _key(asked, principal, idempotency_key)
    try:
        if kept := await services.store.write(lambda tx: recall(tx, key)):
            return Started(kept["run_id"])
        async with services.store.snapshot() as snapshot:
            parent = await parent_run(snapshot, asked.run_id)
            if parent is None:
                return RunMissing(asked.run_id)
            prepared = _checked(services, await _prepare(snapshot, parent, asked))
        if not isinstance(prepared, _Prepared):
            return prepared
        new = _new(parent, prepared, published=services.streams.on)
        return await services.store.write(partial(_start, key=key, new=new))
    except KeyReused as error:
        return IdempotencyConflict(str(error))


@dataclass(frozen=True)
class _Prepared:
    version_id: str
    definition: Definition
    params: dict[str, Any]
    parent: ParentRun
    plan: RerunPlan


async def _prepare(snapshot: Snapshot, parent: ParentRun, asked: Rerun) -> _Prepared | Invalid:
    before = definition_from_document(parent.document)
    definition, version_id, params = before, parent.version_id, dict(parent.params)
    if asked.version is VersionChoice.LATEST:
        version_id, document = await latest_version(snapshot, parent)
        definition = definition_from_document(document)
        known = {param.name for param in definition.params}
        given = {name: value for name, value in parent.params.items() if name in known}
        params, problems = bind(definition.params, given)
        if problems:
            return Invalid(tuple(problems))
    found = plan_rerun(
        filled(definition, params),
        filled(before, parent.params),
        parent.earlier,
        start=asked.start,
        blocks=asked.blocks,
    )
    if parent.status not in RUN_TERMINAL:
        words = f"the run is {parent.status}: wait for its end, or cancel it first"
        found = RerunPlan(impossible=(Reason("", words),))
    return _Prepared(version_id, definition, params, parent, found)


def _checked(services: Services, prepared: _Prepared | Invalid) -> _Prepared | Invalid | Impossible:
    """Refuses what cannot be done; block types and modules may have gone since the import."""
    if isinstance(prepared, Invalid):
        return prepared
    if prepared.plan.impossible:
        return Impossible(prepared.plan.impossible)
    allow = allowed_module(services.settings, prepared.parent.grants)
    problems = check_bound(
        prepared.definition, prepared.params, services.catalogue, allow_python_module=allow
    )
    return Invalid(problems) if problems else prepared


def _key(asked: Rerun, principal: str, key: str | None) -> Key | None:
    given = {
        "run_id": asked.run_id,
        "start": asked.start,
        "blocks": list(asked.blocks),
        "version": asked.version,
    }
    return key_of(principal, "rerun", key, given)


def _new(parent: ParentRun, prepared: _Prepared, *, published: bool) -> NewRun:
    positions = {block.name: n for n, block in enumerate(prepared.definition.blocks)}
    return NewRun(
        pipeline_id=parent.pipeline_id,
        version_id=prepared.version_id,
        trigger=RunTrigger.RERUN,
        params=prepared.params,
        priority=parent.priority,
        labels=parent.labels,
        timeout_seconds=parent.timeout_seconds,
        grants=parent.grants,
        parent_id=parent.run_id,
        reuse=tuple(
            replace(parent.outputs[name], position=positions[name]) for name in prepared.plan.reuse
        ),
        published=published,
    )


def _start(tx: Transaction, key: Key | None, new: NewRun) -> Started:
    if kept := recall(tx, key):
        return Started(kept["run_id"])
    run_id = create_run(tx, new)
    keep(tx, key, {"run_id": run_id})
    return Started(run_id)
