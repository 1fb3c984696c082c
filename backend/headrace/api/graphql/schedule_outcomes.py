"""What mutations of schedules answer, and how the service's outcomes become that."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, assert_never

import strawberry

from headrace.api.graphql.described import object_type
from headrace.api.graphql.enums import ErrorCode
from headrace.api.graphql.expected_failures import (
    counted,
    none_named,
    pipeline_archived,
    pipeline_not_found,
    shown,
)
from headrace.api.graphql.failures import IdempotencyConflict, PipelineArchived, PipelineNotFound
from headrace.api.graphql.interfaces import Error
from headrace.api.graphql.problems import PipelineProblem
from headrace.api.graphql.schedules import Schedule
from headrace.services import results, runs, schedules

if TYPE_CHECKING:
    from headrace.api.graphql.context import Context


@object_type
class SaveScheduleSuccess:
    """The schedule is kept, and ticks from now on; one that was paused is paused still."""

    schedule: Schedule = strawberry.field(description="The schedule.")
    created: bool = strawberry.field(description="Whether it is new.")


@object_type
class PauseScheduleSuccess:
    """The schedule starts nothing until it is resumed; runs that it started go on."""

    schedule: Schedule = strawberry.field(description="The schedule.")


@object_type
class ResumeScheduleSuccess:
    """The schedule ticks from now on; what passed while it was paused is not made good."""

    schedule: Schedule = strawberry.field(description="The schedule.")


@object_type
class DeleteScheduleSuccess:
    """The schedule is gone; its runs go on and stay."""

    id: strawberry.ID = strawberry.field(description="The id that it had.")
    name: str = strawberry.field(description="The name that it had.")


@object_type
class ScheduleInvalid(Error):
    """The schedule has problems: all of them are here, and nothing was saved. The path of each
    begins with the input's field.
    """

    error_code = ErrorCode.INVALID

    problems: list[PipelineProblem] = strawberry.field(description="Every problem.")


@object_type
class ScheduleExists(Error):
    """A schedule has that name, and replacing it was not asked for."""

    error_code = ErrorCode.CONFLICT

    schedule: Schedule = strawberry.field(description="The schedule that has the name.")


@object_type
class ScheduleNotFound(Error):
    """No schedule has that name."""

    error_code = ErrorCode.NOT_FOUND

    nearest: list[str] = strawberry.field(description="Names that are nearly that.")


SaveScheduleResult: TypeAlias = Annotated[
    SaveScheduleSuccess
    | ScheduleInvalid
    | ScheduleExists
    | PipelineNotFound
    | PipelineArchived
    | IdempotencyConflict,
    strawberry.union("SaveScheduleResult", description="What became of a schedule to be kept."),
]
PauseScheduleResult: TypeAlias = Annotated[
    PauseScheduleSuccess | ScheduleNotFound | IdempotencyConflict,
    strawberry.union("PauseScheduleResult", description="What became of a pause."),
]
ResumeScheduleResult: TypeAlias = Annotated[
    ResumeScheduleSuccess | ScheduleNotFound | IdempotencyConflict,
    strawberry.union("ResumeScheduleResult", description="What became of a resumption."),
]
DeleteScheduleResult: TypeAlias = Annotated[
    DeleteScheduleSuccess | ScheduleNotFound | IdempotencyConflict,
    strawberry.union("DeleteScheduleResult", description="What became of a schedule to go."),
]


async def saved(
    context: "Context", pipeline: str, outcome: schedules.SaveResult
) -> SaveScheduleResult:
    """What became of saveSchedule for the pipeline of this name."""
    await context.renew()
    load = context.load
    match outcome:
        case schedules.Saved(schedule_id, created):
            schedule = await load.schedule_there(schedule_id)
            return SaveScheduleSuccess(schedule=schedule, created=created)
        case schedules.ScheduleExists(schedule_id):
            schedule = await load.schedule_there(schedule_id)
            words = f"There is a schedule {schedule.name!r}; ask for it to be replaced"
            return ScheduleExists(message=words, schedule=schedule)
        case results.Invalid(problems):
            words = f"The schedule has {counted(problems)}"
            return ScheduleInvalid(message=words, problems=shown(problems))
        case runs.NoPipeline():
            return pipeline_not_found(pipeline, outcome)
        case runs.Archived():
            return await pipeline_archived(context, pipeline, outcome)
        case results.IdempotencyConflict(message):
            return IdempotencyConflict(message=message)
        case never:
            assert_never(never)


async def paused(
    context: "Context", name: str, outcome: schedules.ChangeResult
) -> PauseScheduleResult:
    """What became of pauseSchedule."""
    await context.renew()
    if isinstance(outcome, schedules.Changed):
        schedule = await context.load.schedule_there(outcome.schedule_id)
        return PauseScheduleSuccess(schedule=schedule)
    return _refused(name, outcome)


async def resumed(
    context: "Context", name: str, outcome: schedules.ChangeResult
) -> ResumeScheduleResult:
    """What became of resumeSchedule."""
    await context.renew()
    if isinstance(outcome, schedules.Changed):
        schedule = await context.load.schedule_there(outcome.schedule_id)
        return ResumeScheduleSuccess(schedule=schedule)
    return _refused(name, outcome)


def deleted(name: str, outcome: schedules.ChangeResult) -> DeleteScheduleResult:
    """What became of deleteSchedule."""
    if isinstance(outcome, schedules.Changed):
        return DeleteScheduleSuccess(id=strawberry.ID(outcome.schedule_id), name=name)
    return _refused(name, outcome)


def _refused(
    name: str, outcome: schedules.NoSchedule | results.IdempotencyConflict
) -> ScheduleNotFound | IdempotencyConflict:
    if isinstance(outcome, results.IdempotencyConflict):
        return IdempotencyConflict(message=outcome.message)
    words = none_named("schedule", name, outcome.nearest)
    return ScheduleNotFound(message=words, nearest=list(outcome.nearest))
