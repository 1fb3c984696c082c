"""Messages of streams, as the API shows them."""

from typing import Annotated, TypeAlias

import strawberry

from headrace.api.errors import ApiError, Code
from headrace.api.graphql.described import object_type
from headrace.api.graphql.failures import StreamUnavailable, ValueOutOfRange
from headrace.api.graphql.run_inputs import given
from headrace.api.graphql.scalars import JSON, BigInt, Cursor, DateTime, optional_time
from headrace.services.streams import (
    MOST_MESSAGES,
    MOST_WAIT_MS,
    BadTopic,
    Placed,
    check_topic,
)
from headrace.streams.messages import NO_JSON, as_text

TopicArg: TypeAlias = Annotated[
    str | None, strawberry.argument(description="The topic; default KAFKA_TOPIC_DEFAULT.")
]
MaxMessages: TypeAlias = Annotated[
    int, strawberry.argument(description=f"At most so many: 1..{MOST_MESSAGES}.")
]
TimeoutMs: TypeAlias = Annotated[
    int,
    strawberry.argument(
        description=f"How long to wait if there are none, in milliseconds: 0..{MOST_WAIT_MS:,}."
    ),
]


def topic_name(asked: str | None) -> str | None:
    """The topic as it was asked for. Raises ApiError BAD_USER_INPUT for what can be none."""
    name = given(asked)
    try:
        check_topic(name)
    except BadTopic as error:
        raise ApiError(Code.BAD_USER_INPUT, str(error)) from error
    return name


@object_type
class StreamMessage:
    """A message of a stream."""

    cursor: Cursor = strawberry.field(description="The place after it: subscribe from there.")
    topic: str = strawberry.field(description="Its topic.")
    partition: int = strawberry.field(description="The partition of the topic that it is in.")
    offset: BigInt = strawberry.field(description="Its place in the partition.")
    key: str | None = strawberry.field(description="Its key, where that is text.")
    value: JSON | None = strawberry.field(
        description="What it says; null when it is not JSON (see `text`)."
    )
    text: str | None = strawberry.field(description="What it says, if it is text but no JSON.")
    size_bytes: int = strawberry.field(description="The size of what it says.")
    timestamp: DateTime | None = strawberry.field(description="When it was published.")

    @classmethod
    def of(cls, placed: Placed) -> "StreamMessage":
        message = placed.message
        value = message.json()
        return cls(
            cursor=Cursor(placed.cursor),
            topic=message.topic,
            partition=message.partition,
            offset=BigInt(message.offset),
            key=as_text(message.key),
            value=None if value is NO_JSON else JSON(value),
            text=message.text if value is NO_JSON else None,
            size_bytes=len(message.value or b""),
            timestamp=optional_time(message.timestamp),
        )


@object_type
class ConsumeMessagesSuccess:
    """The newest messages that are there; reading them took nothing away."""

    messages: list[StreamMessage] = strawberry.field(description="The messages, oldest first.")


ConsumeMessagesResult: TypeAlias = Annotated[
    ConsumeMessagesSuccess | StreamUnavailable | ValueOutOfRange,
    strawberry.union("ConsumeMessagesResult", description="What a look at a stream found."),
]
