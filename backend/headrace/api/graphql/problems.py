"""What is wrong with a definition, with params or with a schedule, as the API shows it."""

import strawberry

from headrace.api.graphql.described import object_type
from headrace.api.graphql.graphs import Graph
from headrace.domain.problems import Problem


@object_type
class PipelineProblem:
    """One thing that is wrong with a definition, with what was given for its params, or with a
    schedule.
    """

    code: str = strawberry.field(
        description="YAML_SYNTAX, JSON_SYNTAX, TOO_LARGE, UNKNOWN_KEY, MISSING_KEY, WRONG_TYPE, "
        "INVALID_NAME, DUPLICATE_BLOCK, UNKNOWN_BLOCK_TYPE, INVALID_CONFIG, UNKNOWN_BLOCK (an "
        "edge's end), DUPLICATE_EDGE, CYCLE, INPUT_COUNT, UNKNOWN_PARAM, MISSING_PARAM, "
        "INVALID_PARAM, PYTHON_NOT_ALLOWED, INVALID_CRON or UNKNOWN_TIME_ZONE."
    )
    message: str = strawberry.field(description="What is wrong and what to do, for people.")
    path: list[str] = strawberry.field(
        description="The way to it through the document: keys, and positions in lists from 0."
    )
    line: int | None = strawberry.field(description="Counts from 1; null where there is no text.")
    column: int | None = strawberry.field(description="Counts from 1; null where there is no text.")
    blocks: list[str] = strawberry.field(
        description="The blocks concerned; of a CYCLE its blocks in order."
    )
    suggestion: str | None = strawberry.field(description="What should perhaps stand there.")

    @classmethod
    def of(cls, problem: Problem) -> "PipelineProblem":
        return cls(
            code=problem.code.value,
            message=problem.message,
            path=list(problem.path),
            line=problem.line,
            column=problem.column,
            blocks=list(problem.blocks),
            suggestion=problem.suggestion,
        )


@object_type
class PipelineValidation:
    """Whether a definition can be imported, and every problem if not."""

    valid: bool = strawberry.field(description="Whether it has no problem.")
    problems: list[PipelineProblem] = strawberry.field(
        description="Every problem, each with its place."
    )
    graph: Graph | None = strawberry.field(description="Its graph; null unless it is valid.")
