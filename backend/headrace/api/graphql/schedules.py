"""Schedules and what became of their ticks, as the API shows them."""

import json
from itertools import islice
from typing import Annotated, Final

import strawberry
from strawberry import UNSET, Private

from headrace.api.graphql.connections import After, Connection, First
from headrace.api.graphql.described import object_type
from headrace.api.graphql.enums import ScheduleOverlap, TickOutcome
from headrace.api.graphql.interfaces import Node
from headrace.api.graphql.operation import Info
from headrace.api.graphql.problems import PipelineProblem
from headrace.api.graphql.references import PipelineRef, RunRef
from headrace.api.graphql.run_inputs import bad_input
from headrace.api.graphql.runs import Label
from headrace.api.graphql.scalars import JSON, DateTime, JsonText, optional_time
from headrace.domain.schedules import Timing
from headrace.services.schedules import CheckedCron
from headrace.store.reads.schedules import ScheduleRow, TickRow
from headrace.store.schedules import timing_of

MOST_TIMES: Final = 100
CountArg = Annotated[int, strawberry.argument(description=f"At most so many: 1..{MOST_TIMES}.")]


@object_type
class ScheduleTick:
    """What became of a tick of a schedule. Of each schedule the newest 100 are kept."""

    at: DateTime = strawberry.field(
        description="Its time as the cron expression has it; of MISSED ticks that of the last."
    )
    decided_at: DateTime = strawberry.field(description="When it was fired or given up.")
    outcome: TickOutcome = strawberry.field(description="What became of it.")
    message: str | None = strawberry.field(description="Why, in words.")
    count: int = strawberry.field(
        description="How many ticks this stands for: more than one only of MISSED ones."
    )
    run_id: Private[str | None]

    @classmethod
    def of(cls, row: TickRow) -> "ScheduleTick":
        return cls(
            at=DateTime(row.tick_at),
            decided_at=DateTime(row.decided_at),
            outcome=TickOutcome(row.outcome),
            message=row.message,
            count=row.count,
            run_id=row.run_id,
        )

    @strawberry.field
    async def run(self, info: Info) -> RunRef | None:
        """Of STARTED its run, of SKIPPED the run that had not ended; null once that is deleted."""
        return None if self.run_id is None else await info.context.load.run.load(self.run_id)


@object_type
class Schedule(Node):
    """Starts runs of a pipeline's latest version by a cron expression: one run for each tick,
    however many Headrace processes there are.
    """

    name: str = strawberry.field(description="Unique; [A-Za-z0-9_][A-Za-z0-9_.-]{0,99}.")
    cron: str = strawberry.field(
        description="Five fields: minute, hour, day of month, month, day of week; or six, with the "
        "seconds first."
    )
    time_zone: str = strawberry.field(description="Whose clocks it follows, such as Europe/Berlin.")
    params: JSON = strawberry.field(description="The values that it gives to params, by name.")
    tick_param: str | None = strawberry.field(
        description="The param that gets each tick's time, RFC 3339 with the zone's offset."
    )
    overlap: ScheduleOverlap = strawberry.field(
        description="What a tick does while a run of the schedule has not ended."
    )
    catch_up_seconds: float = strawberry.field(
        description="How late a tick may still fire; one that is later is MISSED. Ten seconds "
        "late is never too late."
    )
    jitter_seconds: float = strawberry.field(
        description="Each tick fires up to so much later, by a time that is its own."
    )
    priority: int = strawberry.field(description="Of its runs: -100..100; higher goes first.")
    labels: list[Label] = strawberry.field(description="Of its runs.")
    paused: bool = strawberry.field(description="Whether it starts nothing until it is resumed.")
    paused_at: DateTime | None = strawberry.field(description="Since when it is paused.")
    pause_note: str | None = strawberry.field(description="Why it is paused.")
    created_at: DateTime = strawberry.field(description="When it was first saved.")
    updated_at: DateTime = strawberry.field(description="When it was last changed.")
    pipeline_id: Private[str]
    timing: Private[Timing]
    next_tick: Private[int | None]

    @classmethod
    def of(cls, row: ScheduleRow) -> "Schedule":
        labels = json.loads(row.labels)
        return cls(
            id=strawberry.ID(row.id),
            name=row.name,
            cron=row.cron,
            time_zone=row.time_zone,
            params=JSON(JsonText(row.params)),
            tick_param=row.tick_param,
            overlap=ScheduleOverlap(row.overlap),
            catch_up_seconds=row.catch_up_ms / 1000,
            jitter_seconds=row.jitter_ms / 1000,
            priority=row.priority,
            labels=[Label(key=key, value=value) for key, value in sorted(labels.items())],
            paused=row.paused_at is not None,
            paused_at=optional_time(row.paused_at),
            pause_note=row.pause_note,
            created_at=DateTime(row.created_at),
            updated_at=DateTime(row.updated_at),
            pipeline_id=row.pipeline_id,
            timing=timing_of(row),
            next_tick=row.next_tick_at,
        )

    @strawberry.field
    async def pipeline(self, info: Info) -> PipelineRef:
        """The pipeline; each run is of the version that is the latest then."""
        return await info.context.load.pipeline_there(self.pipeline_id)

    @strawberry.field
    def cron_in_words(self) -> str:
        """The expression in English."""
        return self.timing.cron.words

    @strawberry.field
    def next_fire_times(self, count: CountArg = 5) -> list[DateTime]:
        """When its next ticks fire, jitter included; none while it is paused."""
        if self.paused or self.next_tick is None:
            return []
        wanted = most_times(count)
        return [DateTime(at) for at in islice(self.timing.fire_times(self.next_tick - 1), wanted)]

    @strawberry.field
    async def last_tick(self, info: Info) -> ScheduleTick | None:
        """What became of its newest tick."""
        return await info.context.load.last_tick.load(self.id)

    @strawberry.field
    async def ticks(
        self, info: Info, first: First = UNSET, after: After = UNSET
    ) -> Connection[ScheduleTick]:
        """What became of its ticks, newest first."""
        return await info.context.lists.ticks(self.id, first=first, after=after)

    @strawberry.field
    async def active_runs(self, info: Info) -> list[RunRef]:
        """Its runs that have not ended, the oldest first."""
        load = info.context.load
        found = await load.run.load_many(await load.active_runs.load(self.id))
        return [run for run in found if run is not None]


@object_type
class CronCheck:
    """What a cron expression says and when it ticks next, or every problem with it."""

    valid: bool = strawberry.field(description="Whether a schedule can have it.")
    problems: list[PipelineProblem] = strawberry.field(
        description="Every problem; its path is `cron` or `timeZone`."
    )
    in_words: str | None = strawberry.field(description="The expression in English.")
    next_times: list[DateTime] = strawberry.field(description="Its next ticks.")

    @classmethod
    def of(cls, checked: CheckedCron) -> "CronCheck":
        return cls(
            valid=not checked.problems,
            problems=[PipelineProblem.of(problem) for problem in checked.problems],
            in_words=checked.words,
            next_times=[DateTime(at) for at in checked.next_ticks],
        )


def most_times(count: int) -> int:
    """How many times are asked for. Raises ApiError BAD_USER_INPUT."""
    if not 1 <= count <= MOST_TIMES:
        raise bad_input("count", f"must be from 1 to {MOST_TIMES}")
    return count
