"""What clients say about triggers, and the checks that GraphQL's types do not make."""

from typing import Any

import strawberry
from strawberry import UNSET

from headrace.api.graphql.described import input_type
from headrace.api.graphql.enums import TriggerStart
from headrace.api.graphql.run_inputs import KEY_WORDS, bad_input
from headrace.api.graphql.streams import topic_name
from headrace.api.graphql.triggers import SOURCE_WORDS
from headrace.domain.triggers import MOST_PARAMS
from headrace.store.triggers import TriggerDefinition


@input_type
class TriggerParamInput:
    """Where a run's param is to come from."""

    name: str = strawberry.field(description="The param.")
    source: str = strawberry.field(description=SOURCE_WORDS)


@input_type
class SaveTriggerInput:
    """A trigger to be made, or to take the place of the one of its name."""

    name: str = strawberry.field(description="Its name.")
    pipeline: str = strawberry.field(description="The pipeline whose runs it starts.")
    topic: str = strawberry.field(description="The topic that it reads.")
    params: list[TriggerParamInput] = strawberry.field(
        default_factory=list, description=f"At most {MOST_PARAMS}, each param once."
    )
    start: TriggerStart = strawberry.field(
        default=TriggerStart.LATEST,
        description="Where it begins the topic: a trigger that has begun goes on where it is.",
    )
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY_WORDS)


@input_type
class PauseTriggerInput:
    """A trigger that is to stop reading."""

    name: str = strawberry.field(description="Its name.")
    reason: str | None = strawberry.field(default=UNSET, description="Why, for people.")


@input_type
class ResumeTriggerInput:
    """A trigger that is to read again."""

    name: str = strawberry.field(description="Its name.")
    start: TriggerStart | None = strawberry.field(
        default=UNSET,
        description="Begin the topic there, whatever was read before; default: go on, and after a "
        "reset at the earliest message.",
    )


@input_type
class DeleteTriggerInput:
    """A trigger to be deleted; the runs that it started stay."""

    name: str = strawberry.field(description="Its name.")


@input_type
class DismissPoisonMessageInput:
    """A message that somebody has seen to."""

    id: strawberry.ID = strawberry.field(description="The message.")


def definition_of(asked: SaveTriggerInput) -> TriggerDefinition:
    """What the service is asked for. Raises ApiError BAD_USER_INPUT."""
    if len(asked.params) > MOST_PARAMS:
        raise bad_input("params", f"must be at most {MOST_PARAMS}")
    sources: dict[str, Any] = {each.name: each.source for each in asked.params}
    if len(sources) < len(asked.params):
        raise bad_input("params", "must name each param once")
    return TriggerDefinition(
        name=asked.name,
        pipeline=asked.pipeline,
        topic=topic_name(asked.topic) or "",
        params=sources,
        start=asked.start,
    )
