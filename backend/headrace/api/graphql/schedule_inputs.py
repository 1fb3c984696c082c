"""What clients say about schedules, and the checks that GraphQL's types do not make."""

from typing import Annotated, Final

import strawberry
from strawberry import UNSET

from headrace.api.graphql.described import input_type
from headrace.api.graphql.enums import ScheduleOverlap
from headrace.api.graphql.run_inputs import (
    KEY_WORDS,
    LabelInput,
    bad_input,
    given,
    labels_of,
)
from headrace.api.graphql.run_starts import params_of, priority_of
from headrace.api.graphql.scalars import JSON
from headrace.services.schedule_checks import (
    MOST_CATCH_UP_SECONDS,
    MOST_JITTER_SECONDS,
    SaveSchedule,
)

MAX_NOTE: Final = 500

CronArg = Annotated[str, strawberry.argument(description="The expression.")]
TimeZoneArg = Annotated[str, strawberry.argument(description="Whose clocks it follows.")]


@input_type
class SaveScheduleInput:
    """A schedule to be kept."""

    name: str = strawberry.field(description="Its name.")
    pipeline: str = strawberry.field(description="The pipeline's name.")
    cron: str = strawberry.field(
        description="Five fields: minute, hour, day of month, month, day of week; or six, with the "
        "seconds first; or @hourly, @daily, @weekly, @monthly, @yearly."
    )
    time_zone: str = strawberry.field(default="UTC", description="Such as Europe/Berlin.")
    params: JSON | None = strawberry.field(
        default=UNSET, description="An object: values for params by name, at most 256 KiB."
    )
    tick_param: str | None = strawberry.field(
        default=UNSET,
        description="A DATETIME or STRING param that gets each tick's time, and so none here.",
    )
    overlap: ScheduleOverlap = strawberry.field(
        default=ScheduleOverlap.SKIP,
        description="What a tick does while a run of the schedule has not ended.",
    )
    catch_up_seconds: float = strawberry.field(
        default=3600.0,
        description=f"How late a tick may still fire: 0..{MOST_CATCH_UP_SECONDS}.",
    )
    jitter_seconds: float = strawberry.field(
        default=0.0,
        description=f"How much later each tick may fire, by chance: 0..{MOST_JITTER_SECONDS}.",
    )
    priority: int = strawberry.field(
        default=0, description="Of its runs: -100..100; higher goes first."
    )
    labels: list[LabelInput] | None = strawberry.field(
        default=UNSET, description="Of its runs: at most 32, each key once."
    )
    replace_if_exists: bool = strawberry.field(
        default=False, description="Whether it takes the place of the schedule of its name."
    )
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY_WORDS)


@input_type
class PauseScheduleInput:
    """A schedule that is to start nothing for now."""

    name: str = strawberry.field(description="Its name.")
    note: str | None = strawberry.field(
        default=UNSET, description=f"Why, for whoever sees it: at most {MAX_NOTE} characters."
    )
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY_WORDS)


@input_type
class ResumeScheduleInput:
    """A schedule that is to go on."""

    name: str = strawberry.field(description="Its name.")
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY_WORDS)


@input_type
class DeleteScheduleInput:
    """A schedule that is to go."""

    name: str = strawberry.field(description="Its name.")
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY_WORDS)


def schedule_of(asked: SaveScheduleInput) -> SaveSchedule:
    """What the service is asked for. Raises ApiError BAD_USER_INPUT."""
    return SaveSchedule(
        name=asked.name,
        pipeline=asked.pipeline,
        cron=asked.cron,
        time_zone=asked.time_zone,
        params=params_of(given(asked.params)),
        tick_param=given(asked.tick_param),
        overlap=asked.overlap,
        catch_up_seconds=asked.catch_up_seconds,
        jitter_seconds=asked.jitter_seconds,
        priority=priority_of(asked.priority),
        labels=labels_of(given(asked.labels) or (), "labels"),
        replace=asked.replace_if_exists,
    )


def note_of(asked: PauseScheduleInput) -> str | None:
    """The note, None for an empty one. Raises ApiError BAD_USER_INPUT."""
    note = (given(asked.note) or "").strip()
    if len(note) > MAX_NOTE:
        raise bad_input("note", f"must be at most {MAX_NOTE} characters")
    return note or None
