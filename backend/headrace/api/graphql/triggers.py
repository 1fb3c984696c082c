"""Triggers and the messages that they could make nothing of, as the API shows them."""

import json

import strawberry
from strawberry import UNSET, Private

from headrace.api.graphql.connections import After, Before, CountedConnection, First, Last
from headrace.api.graphql.described import object_type
from headrace.api.graphql.enums import TriggerStart, TriggerStatus
from headrace.api.graphql.interfaces import Node
from headrace.api.graphql.operation import Info
from headrace.api.graphql.pipelines import Pipeline
from headrace.api.graphql.references import RunRef
from headrace.api.graphql.scalars import BigInt, DateTime, optional_time
from headrace.store.reads.triggers import PlaceRow, PoisonRow, TriggerRow

SOURCE_WORDS = (
    "Where in a message its value is: `value` (all that it says), a JSON pointer such as "
    "`/order/id`, `key`, `header:NAME`, `topic`, `partition`, `offset` or `timestamp`."
)


@object_type
class TriggerParam:
    """Where a run's param comes from."""

    name: str = strawberry.field(description="The param.")
    source: str = strawberry.field(description=SOURCE_WORDS)


@object_type
class TriggerPlace:
    """How far a trigger has come in one partition."""

    partition: int = strawberry.field(description="The partition.")
    next_offset: BigInt = strawberry.field(description="What lies before it is done with.")
    end_offset: BigInt = strawberry.field(
        description="The partition's end, as it was seen last: a few seconds ago at most."
    )

    @classmethod
    def of(cls, row: PlaceRow) -> "TriggerPlace":
        return cls(
            partition=row.partition,
            next_offset=BigInt(row.next_offset),
            end_offset=BigInt(row.end_offset),
        )


@object_type
class PoisonMessage(Node):
    """A message that could start no run. It is kept, and those after it go on."""

    partition: int = strawberry.field(description="The partition of the topic that it is in.")
    offset: BigInt = strawberry.field(description="Its place in the partition.")
    error: str = strawberry.field(description="Why it could start no run.")
    key: str | None = strawberry.field(description="Its key, where that is text.")
    value: str | None = strawberry.field(
        description="What it says, where that is text: its first 65,536 characters."
    )
    size_bytes: BigInt = strawberry.field(description="The size of what it says.")
    sent_at: DateTime | None = strawberry.field(description="When it was published.")
    created_at: DateTime = strawberry.field(description="When it was read.")

    @classmethod
    def of(cls, row: PoisonRow) -> "PoisonMessage":
        return cls(
            id=strawberry.ID(row.id),
            partition=row.partition,
            offset=BigInt(row.at_offset),
            error=row.error,
            key=row.key,
            value=row.value,
            size_bytes=BigInt(row.size_bytes),
            sent_at=optional_time(row.sent_at),
            created_at=DateTime(row.created_at),
        )


@object_type
class Trigger(Node):
    """Messages of a topic that start runs of a pipeline: each message exactly one run."""

    name: str = strawberry.field(description="Its name.")
    pipeline_name: str = strawberry.field(description="The name of the pipeline that it starts.")
    topic: str = strawberry.field(description="The topic that it reads.")
    start: TriggerStart = strawberry.field(description="Where it begins a topic.")
    status: TriggerStatus = strawberry.field(description="Whether it reads.")
    status_reason: str | None = strawberry.field(description="Why it does not read.")
    problem: str | None = strawberry.field(
        description="What it waits for while it is ACTIVE: brokers, a topic, a pipeline."
    )
    created_at: DateTime = strawberry.field(description="When it was made.")
    changed_at: DateTime = strawberry.field(description="When somebody changed it last.")
    last_message_at: DateTime | None = strawberry.field(
        description="When it handled a message last."
    )
    last_error: str | None = strawberry.field(
        description="Why its last message started no run; null if it did."
    )
    sources: Private[dict[str, str]]
    last_run_id: Private[str | None]

    @classmethod
    def of(cls, row: TriggerRow) -> "Trigger":
        return cls(
            id=strawberry.ID(row.id),
            name=row.name,
            pipeline_name=row.pipeline,
            topic=row.topic,
            start=TriggerStart(row.start_at),
            status=TriggerStatus(row.status),
            status_reason=row.status_reason,
            problem=row.problem,
            created_at=DateTime(row.created_at),
            changed_at=DateTime(row.changed_at),
            last_message_at=optional_time(row.last_message_at),
            last_error=row.last_error,
            sources=json.loads(row.params),
            last_run_id=row.last_run_id,
        )

    @strawberry.field
    def params(self) -> list[TriggerParam]:
        """Where the params of its runs come from, by name."""
        return [TriggerParam(name=name, source=self.sources[name]) for name in sorted(self.sources)]

    @strawberry.field
    async def pipeline(self, info: Info) -> Pipeline | None:
        """The pipeline that it starts; null where there is none of that name."""
        return await info.context.load.pipeline_by_name(self.pipeline_name)

    @strawberry.field
    async def places(self, info: Info) -> list[TriggerPlace]:
        """How far it has come, by partition; empty before it has begun."""
        return await info.context.load.trigger_places.load(self.id)

    @strawberry.field
    async def lag(self, info: Info) -> BigInt | None:
        """How many messages it has not handled yet; null before it has begun."""
        places = await info.context.load.trigger_places.load(self.id)
        if not places:
            return None
        return BigInt(sum(max(0, each.end_offset - each.next_offset) for each in places))

    @strawberry.field
    async def last_run(self, info: Info) -> RunRef | None:
        """The run that its last message started; null if it started none, or it is gone."""
        return await info.context.load.run.load(self.last_run_id) if self.last_run_id else None

    @strawberry.field
    async def poison_count(self, info: Info) -> int:
        """How many messages could start no run and wait for somebody to see to them."""
        return await info.context.load.poison_count.load(self.id)

    @strawberry.field
    async def poison_messages(
        self,
        info: Info,
        *,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> CountedConnection[PoisonMessage]:
        """The messages that could start no run, newest first."""
        return await info.context.lists.poison(
            self.id, first=first, after=after, last=last, before=before
        )
