"""From what services answer to the members of the result unions."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, assert_never

from headrace.api.graphql.failures import (
    ArtifactNotFound,
    IdempotencyConflict,
    LimitExceeded,
    ParamsInvalid,
    PathRefused,
    PipelineArchived,
    PipelineExists,
    PipelineInvalid,
    PipelineNotFound,
    PipelineVersionNotFound,
    RunAlreadyFinished,
    RunNotFound,
    ValueOutOfRange,
)
from headrace.api.graphql.problems import PipelineProblem
from headrace.api.graphql.results import (
    CancelRunResult,
    CancelRunsResult,
    CancelRunsSuccess,
    CancelRunSuccess,
    ImportPipelineResult,
    ImportPipelineSuccess,
    SignArtifactResult,
    SignArtifactSuccess,
    StartRunResult,
    StartRunSuccess,
    SynthesizeDatasetResult,
    SynthesizeDatasetSuccess,
)
from headrace.api.graphql.scalars import DateTime
from headrace.artifacts.errors import PathNotAllowed
from headrace.domain.problems import Problem
from headrace.services import artifacts, datasets, pipelines, results, runs

if TYPE_CHECKING:
    from headrace.api.graphql.context import Context


async def imported(
    context: "Context",
    outcome: pipelines.Imported | pipelines.Exists | results.Invalid | results.IdempotencyConflict,
) -> ImportPipelineResult:
    """What became of importPipeline."""
    await context.renew()
    load = context.load
    match outcome:
        case pipelines.Imported(pipeline_id, version_id, created):
            return ImportPipelineSuccess(
                pipeline=await load.pipeline_there(pipeline_id),
                version=await load.version_there(version_id),
                created=created,
            )
        case pipelines.Exists(pipeline_id):
            pipeline = await load.pipeline_there(pipeline_id)
            words = f"There is another pipeline {pipeline.name!r}; ask for it to be replaced"
            return PipelineExists(message=words, pipeline=pipeline)
        case results.Invalid(problems):
            words = f"The definition has {_counted(problems)}"
            return PipelineInvalid(message=words, problems=_problems(problems))
        case results.IdempotencyConflict(message):
            return IdempotencyConflict(message=message)
        case never:
            assert_never(never)


async def started(context: "Context", name: str, outcome: runs.StartResult) -> StartRunResult:
    """What became of startRun for the pipeline `name`."""
    await context.renew()
    load = context.load
    match outcome:
        case runs.Started(run_id):
            return StartRunSuccess(run=await load.run_there(run_id))
        case runs.NoPipeline(nearest):
            return PipelineNotFound(message=_no_pipeline(name, nearest), nearest=list(nearest))
        case runs.NoVersion(latest):
            words = f"Pipeline {name!r} has no such version; its latest is {latest}"
            return PipelineVersionNotFound(message=words, latest=latest)
        case runs.Archived(pipeline_id):
            words = f"Pipeline {name!r} is archived; importing it again revives it"
            return PipelineArchived(message=words, pipeline=await load.pipeline_there(pipeline_id))
        case results.Invalid(problems):
            words = f"What was given for the params has {_counted(problems)}"
            return ParamsInvalid(message=words, problems=_problems(problems))
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


async def signed(
    context: "Context", outcome: artifacts.Signed | artifacts.ArtifactMissing | results.OutOfRange
) -> SignArtifactResult:
    """What became of signArtifact."""
    match outcome:
        case artifacts.Signed(url, expires_at, artifact_id):
            return SignArtifactSuccess(
                url=url,
                expires_at=DateTime(expires_at),
                artifact=await context.load.artifact_there(artifact_id),
            )
        case artifacts.ArtifactMissing(artifact_id):
            return ArtifactNotFound(message=f"There is no artifact {artifact_id}")
        case results.OutOfRange():
            return _out_of_range(outcome)
        case never:
            assert_never(never)


def synthesized(
    outcome: datasets.Synthesized
    | PathNotAllowed
    | results.OutOfRange
    | results.IdempotencyConflict,
) -> SynthesizeDatasetResult:
    """What became of synthesizeDataset."""
    match outcome:
        case datasets.Synthesized(count, path):
            return SynthesizeDatasetSuccess(count=count, path=path)
        case PathNotAllowed():
            return PathRefused(message=str(outcome), allowed_roots=list(outcome.allowed_roots))
        case results.OutOfRange():
            return _out_of_range(outcome)
        case results.IdempotencyConflict(message):
            return IdempotencyConflict(message=message)
        case never:
            assert_never(never)


async def _cancelled(context: "Context", each: runs.CancelResult) -> CancelRunResult:
    if isinstance(each, runs.RunMissing):
        return RunNotFound(message=f"There is no run {each.run_id}")
    run = await context.load.run_there(each.run_id)
    if isinstance(each, runs.Cancelled):
        return CancelRunSuccess(run=run)
    words = f"Run {each.run_id} is over already: it is {run.status.value}"
    return RunAlreadyFinished(message=words, run=run)


def _no_pipeline(name: str, nearest: Iterable[str]) -> str:
    shown = repr(name if len(name) <= 100 else f"{name[:100]}…")
    hint = " or ".join(repr(each) for each in nearest)
    return f"There is no pipeline {shown}" + (f"; did you mean {hint}?" if hint else "")


def _counted(problems: tuple[Problem, ...]) -> str:
    if len(problems) == 1:
        return f"a problem: {problems[0].message}"
    return f"{len(problems)} problems"


def _problems(problems: Iterable[Problem]) -> list[PipelineProblem]:
    return [PipelineProblem.of(problem) for problem in problems]


def _out_of_range(outcome: results.OutOfRange) -> ValueOutOfRange:
    return ValueOutOfRange(
        message=f"`{outcome.field}` must be from {outcome.min} to {outcome.max}",
        field=outcome.field,
        min=outcome.min,
        max=outcome.max,
    )
