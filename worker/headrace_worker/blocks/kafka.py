"""What both Kafka blocks do: reach the brokers from a block's process, and name what is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from headrace.blocks import BadInput, BlockError, Context, Permanent
from headrace.streams.errors import (
    AccessRefused,
    KafkaMissing,
    MessageRefused,
    PlaceLost,
    StreamError,
    TopicMissing,
)

if TYPE_CHECKING:
    import asyncio

    from headrace.streams.kafka import Kafka

TOPIC_PATTERN = r"^[A-Za-z0-9._-]{1,249}$"


@contextmanager
def brokers(ctx: Context) -> "Iterator[tuple[Kafka, asyncio.Runner]]":
    """The brokers of the settings, and a loop to talk to them on.

    Raises BadInput where streaming is off, and BlockError for what goes wrong meanwhile: what
    another attempt may find better is retryable.
    """
    import asyncio

    bootstrap = ctx.environment.kafka_bootstrap
    if not bootstrap:
        raise BadInput("Streaming is off where this block runs: STREAM_BACKEND is none")
    try:
        from headrace.streams.kafka import Kafka
    except ModuleNotFoundError as error:
        raise BadInput(str(KafkaMissing())) from error
    try:
        with asyncio.Runner() as runner:
            yield Kafka(bootstrap, ctx.environment.kafka_security), runner
    except (TopicMissing, MessageRefused, PlaceLost) as error:
        raise BadInput(str(error)) from error
    except AccessRefused as error:
        raise Permanent(str(error)) from error
    except StreamError as error:
        raise BlockError(str(error)) from error
