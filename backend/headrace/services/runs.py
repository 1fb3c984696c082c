"""Use cases of runs: start, cancel."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from headrace.services.core import Services
from headrace.services.results import IdempotencyConflict, Invalid
from headrace.services.run_requests import (
    Archived,
    NoPipeline,
    NoVersion,
    Refused,
    StartRun,
    Version,
)
from headrace.store import runs as store_runs
from headrace.store.idempotency import Key, KeyReused, keep, key_of, recall
from headrace.store.run_edit import RunGone
from headrace.store.transaction import Transaction

__all__ = [
    "MOST_CANCELLED_AT_ONCE",
    "AlreadyFinished",
    "Archived",
    "CancelResult",
    "CancelResults",
    "Cancelled",
    "NoPipeline",
    "NoVersion",
    "RunMissing",
    "StartResult",
    "StartRun",
    "Started",
    "TooMany",
    "cancel_runs",
    "start_run",
]

MOST_CANCELLED_AT_ONCE = 500


@dataclass(frozen=True)
class Started:
    run_id: str


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


StartResult = Started | Refused | Invalid | IdempotencyConflict


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
            found = await services.starter.find(snapshot, asked)
        if not isinstance(found, Version):
            return found
        new = services.starter.bound(found, asked)
        if isinstance(new, Invalid):
            return new
        return await services.store.write(partial(_start, key=key, new=new))
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
    asked = {"run_ids": list(run_ids)} if meant is None else {"meant": meant}
    key = key_of(principal, "cancelRuns", idempotency_key, {**asked, "reason": reason})

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


def _cancel(tx: Transaction, run_id: str, reason: str | None) -> CancelResult:
    try:
        asked = store_runs.cancel_run(tx, run_id, reason)
    except RunGone:
        return RunMissing(run_id)
    return Cancelled(run_id) if asked else AlreadyFinished(run_id)


def _start(tx: Transaction, key: Key | None, new: store_runs.NewRun) -> Started:
    if kept := recall(tx, key):
        return Started(kept["run_id"])
    run_id = store_runs.create_run(tx, new)
    keep(tx, key, {"run_id": run_id})
    return Started(run_id)


def _start_key(asked: StartRun, principal: str, key: str | None) -> Key | None:
    given = {
        "pipeline": asked.pipeline,
        "version": asked.version,
        "params": dict(asked.params),
        "priority": asked.priority,
        "labels": dict(asked.labels),
        "timeout_seconds": asked.timeout_seconds,
    }
    return key_of(principal, "startRun", key, given)
