"""From what the services of runs answer to the members of the result unions."""

from typing import TYPE_CHECKING, assert_never

from headrace.api.graphql.expected_failures import (
    params_invalid,
    pipeline_archived,
    pipeline_not_found,
)
from headrace.api.graphql.failures import (
    IdempotencyConflict,
    LimitExceeded,
    PipelineVersionNotFound,
    RerunImpossible,
    RunAlreadyFinished,
    RunNotFound,
)
from headrace.api.graphql.rerun_plans import RerunReason
from headrace.api.graphql.results import (
    CancelRunResult,
    CancelRunsResult,
    CancelRunsSuccess,
    CancelRunSuccess,
    RerunResult,
    StartRunResult,
    StartRunSuccess,
)
from headrace.services import reruns, results, runs

if TYPE_CHECKING:
    from headrace.api.graphql.context import Context


async def started(context: "Context", name: str, outcome: runs.StartResult) -> StartRunResult:
    """What became of startRun for the pipeline `name`."""
    await context.renew()
    match outcome:
        case runs.Started(run_id):
            return StartRunSuccess(run=await context.load.run_there(run_id))
        case runs.NoPipeline():
            return pipeline_not_found(name, outcome)
        case runs.NoVersion(latest):
            words = f"Pipeline {name!r} has no such version; its latest is {latest}"
            return PipelineVersionNotFound(message=words, latest=latest)
        case runs.Archived():
            return await pipeline_archived(context, name, outcome)
        case results.Invalid(problems):
            return params_invalid(problems)
        case results.IdempotencyConflict(message):
            return IdempotencyConflict(message=message)
        case never:
            assert_never(never)


async def rerun(
    context: "Context",
    outcome: runs.Started
    | runs.RunMissing
    | results.Invalid
    | reruns.Impossible
    | results.IdempotencyConflict,
) -> RerunResult:
    """What became of rerun."""
    await context.renew()
    match outcome:
        case runs.Started(run_id):
            return StartRunSuccess(run=await context.load.run_there(run_id))
        case runs.RunMissing(run_id):
            return _run_not_found(run_id)
        case results.Invalid(problems):
            return params_invalid(problems)
        case reruns.Impossible(reasons):
            first = reasons[0].message if reasons else "it has nothing to run"
            return RerunImpossible(
                message=f"There can be no such rerun: {first}",
                reasons=[RerunReason.of(reason) for reason in reasons],
            )
        case results.IdempotencyConflict(message):
            return IdempotencyConflict(message=message)
        case never:
            assert_never(never)


async def cancelled(
    context: "Context", outcome: runs.CancelResults | runs.TooMany | results.IdempotencyConflict
) -> CancelRunsResult:
    """What became of cancelRuns."""
    await context.renew()
    match outcome:
        case runs.CancelResults(found):
            # Asked for all together, so that one statement finds the runs of every result.
            ids = [each.run_id for each in found if not isinstance(each, runs.RunMissing)]
            await context.load.run.load_many(ids)
            return CancelRunsSuccess(results=[await _cancelled(context, each) for each in found])
        case runs.TooMany(most):
            return LimitExceeded(message=f"At most {most} runs at once", max=most)
        case results.IdempotencyConflict(message):
            return IdempotencyConflict(message=message)
        case never:
            assert_never(never)


async def _cancelled(context: "Context", each: runs.CancelResult) -> CancelRunResult:
    if isinstance(each, runs.RunMissing):
        return _run_not_found(each.run_id)
    run = await context.load.run_there(each.run_id)
    if isinstance(each, runs.Cancelled):
        return CancelRunSuccess(run=run)
    words = f"Run {each.run_id} is over already: it is {run.status.value}"
    return RunAlreadyFinished(message=words, run=run)


def _run_not_found(run_id: str) -> RunNotFound:
    return RunNotFound(message=f"There is no run {run_id}")
