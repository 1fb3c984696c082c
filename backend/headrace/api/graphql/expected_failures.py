"""Expected failures that several mutations share, made of what services answer."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from headrace.api.graphql.failures import (
    ParamsInvalid,
    PipelineArchived,
    PipelineNotFound,
    ValueOutOfRange,
)
from headrace.api.graphql.problems import PipelineProblem
from headrace.domain.problems import Problem
from headrace.services import results, runs

if TYPE_CHECKING:
    from headrace.api.graphql.context import Context


def pipeline_not_found(name: str, outcome: runs.NoPipeline) -> PipelineNotFound:
    """That there is no pipeline of this name, and which names are nearly it."""
    words = none_named("pipeline", name, outcome.nearest)
    return PipelineNotFound(message=words, nearest=list(outcome.nearest))


async def pipeline_archived(
    context: "Context", name: str, outcome: runs.Archived
) -> PipelineArchived:
    """That the pipeline of this name is archived, and how it comes back."""
    pipeline = await context.load.pipeline_there(outcome.pipeline_id)
    words = f"Pipeline {name!r} is archived; importing it again revives it"
    return PipelineArchived(message=words, pipeline=pipeline)


def params_invalid(problems: tuple[Problem, ...]) -> ParamsInvalid:
    """What is wrong with what was given for the params: all of it."""
    words = f"What was given for the params has {counted(problems)}"
    return ParamsInvalid(message=words, problems=shown(problems))


def out_of_range(outcome: results.OutOfRange) -> ValueOutOfRange:
    """Which number is out of its range."""
    return ValueOutOfRange(
        message=f"`{outcome.field}` must be from {outcome.min} to {outcome.max}",
        field=outcome.field,
        min=outcome.min,
        max=outcome.max,
    )


def none_named(kind: str, name: str, nearest: Sequence[str] = ()) -> str:
    """That nothing of a kind has this name, the name cut where it is very long."""
    shown = repr(name if len(name) <= 100 else f"{name[:100]}…")
    hint = " or ".join(repr(each) for each in nearest)
    return f"There is no {kind} {shown}" + (f"; did you mean {hint}?" if hint else "")


def counted(problems: tuple[Problem, ...]) -> str:
    """The only problem, or how many there are."""
    if len(problems) == 1:
        return f"a problem: {problems[0].message}"
    return f"{len(problems)} problems"


def shown(problems: Iterable[Problem]) -> list[PipelineProblem]:
    """Problems as the API shows them."""
    return [PipelineProblem.of(problem) for problem in problems]
