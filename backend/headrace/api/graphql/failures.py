"""Expected failures of mutations: members of their result unions."""

import strawberry
from strawberry import Private

from headrace.api.graphql.described import object_type
from headrace.api.graphql.enums import ErrorCode
from headrace.api.graphql.interfaces import Error
from headrace.api.graphql.pipelines import Pipeline
from headrace.api.graphql.problems import PipelineProblem
from headrace.api.graphql.rerun_plans import RerunReason
from headrace.api.graphql.runs import Run


@object_type
class IdempotencyConflict(Error):
    """The idempotency key was used with another input before."""

    error_code = ErrorCode.IDEMPOTENCY_CONFLICT


@object_type
class PipelineInvalid(Error):
    """The definition has problems: all of them are here, and nothing was saved."""

    error_code = ErrorCode.INVALID

    problems: list[PipelineProblem] = strawberry.field(description="Every problem.")


@object_type
class PipelineExists(Error):
    """Another definition has that name, and replacing it was not asked for."""

    error_code = ErrorCode.CONFLICT

    pipeline: Pipeline = strawberry.field(description="The pipeline that has the name.")


@object_type
class PipelineNotFound(Error):
    """No pipeline has that name."""

    error_code = ErrorCode.NOT_FOUND

    nearest: list[str] = strawberry.field(description="Names that are nearly that.")


@object_type
class PipelineVersionNotFound(Error):
    """The pipeline has no version of that number."""

    error_code = ErrorCode.NOT_FOUND

    latest: int = strawberry.field(description="The newest version's number.")


@object_type
class PipelineArchived(Error):
    """The pipeline is archived; importing it again revives it."""

    error_code = ErrorCode.CONFLICT

    pipeline: Pipeline = strawberry.field(description="The pipeline.")


@object_type
class ParamsInvalid(Error):
    """What was given for the params has problems: all of them are here."""

    error_code = ErrorCode.INVALID

    problems: list[PipelineProblem] = strawberry.field(description="Every problem.")


@object_type
class RunRefused(Error):
    """A limit whose overflow policy refuses is full."""

    error_code = ErrorCode.LIMIT


@object_type
class RunNotFound(Error):
    """No run has that id."""

    error_code = ErrorCode.NOT_FOUND


@object_type
class RunAlreadyFinished(Error):
    """The run was over already."""

    error_code = ErrorCode.CONFLICT

    run: Run = strawberry.field(description="The run.")


@object_type
class RerunImpossible(Error):
    """There can be no such rerun: all that stands against it is here, and nothing was started."""

    error_code = ErrorCode.CONFLICT

    reasons: list[RerunReason] = strawberry.field(description="Every reason.")


@object_type
class LimitExceeded(Error):
    """More was asked for at once than is allowed."""

    error_code = ErrorCode.LIMIT

    max: int = strawberry.field(description="The most that is allowed.")


@object_type
class ArtifactNotFound(Error):
    """No artifact has that id (code NOT_FOUND), or cleanup removed its bytes (code GONE)."""

    error_code = ErrorCode.NOT_FOUND
    removed: Private[bool] = False

    @strawberry.field
    def code(self) -> ErrorCode:
        """NOT_FOUND, or GONE where cleanup removed it."""
        return ErrorCode.GONE if self.removed else self.error_code


@object_type
class PathRefused(Error):
    """The path is out of reach, or holds a file that Headrace did not write."""

    error_code = ErrorCode.FORBIDDEN

    allowed_roots: list[str] = strawberry.field(description="Where it may lie.")


@object_type
class ValueOutOfRange(Error):
    """A number is out of its range."""

    error_code = ErrorCode.INVALID

    field: str = strawberry.field(description="The input's field.")
    min: int = strawberry.field(description="The smallest value, included.")
    max: int = strawberry.field(description="The largest value, included.")


@object_type
class StreamUnavailable(Error):
    """Streaming is switched off, or the brokers are not to be reached."""

    error_code = ErrorCode.UNAVAILABLE
