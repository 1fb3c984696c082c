"""KAFKA_SOURCE: the messages of a topic become rows, from its oldest one to an end.

Invariants: the end is fixed when the block starts, or comes with silence, so the block always ends;
nothing is committed and nothing taken away, so another attempt reads the same; memory holds one
batch.
"""

from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from headrace.blocks import BadInput, Block, Config, Context, Inputs, Output
from headrace.blocks.rows import rows_to_batch
from headrace.streams.messages import Message, as_text
from headrace_worker.blocks.kafka import TOPIC_PATTERN, brokers

if TYPE_CHECKING:
    from arro3.core import RecordBatch, Schema

    from headrace.streams.kafka import Kafka

BATCH = 1_000
_WAIT_SECONDS = 0.5


class KafkaSourceConfig(Config):
    """Which topic, and where reading ends."""

    topic: str = Field(pattern=TOPIC_PATTERN, description="The topic to read, from its oldest.")
    until: Literal["end", "silence"] = Field(
        default="end",
        description="Where it ends: at the topic's end as of the block's start, or once no message "
        "came for silence_seconds.",
    )
    silence_seconds: float = Field(default=10, gt=0, le=3_600, description="With until: silence.")
    max_messages: int | None = Field(
        default=None, ge=1, description="At most so many messages; by default all."
    )


class KafkaSource(Block[KafkaSourceConfig]):
    """Reads the messages of a Kafka topic up to an end. Inputs only order: it reads after them."""

    name = "KAFKA_SOURCE"

    def run(self, config: KafkaSourceConfig, inputs: Inputs, ctx: Context) -> Output:
        return _batches(config, ctx)


def _batches(config: KafkaSourceConfig, ctx: Context) -> "Iterator[RecordBatch]":
    schema = _schema()
    total = 0
    with brokers(ctx) as (kafka, runner):
        pages = _pages(config, kafka)
        try:
            while (messages := runner.run(anext(pages, None))) is not None:
                ctx.raise_if_cancelled()
                total += len(messages)
                yield rows_to_batch([_row(message) for message in messages], schema=schema)
                ctx.progress(total)
        finally:
            runner.run(pages.aclose())
    # Always one batch, so that a topic without messages still hands on its columns.
    yield rows_to_batch([], schema=schema)
    ctx.progress(total, total)
    summary = f"{config.topic}: {total:,} {'message' if total == 1 else 'messages'}"
    ctx.log.info(summary)


async def _pages(config: KafkaSourceConfig, kafka: "Kafka") -> AsyncGenerator[list[Message], None]:
    """What there is to be read, in pieces; pieces may be empty while messages are waited for."""
    import asyncio

    topic = await kafka.topic(config.topic)
    async with kafka.reading(topic, None) as reader:
        begins, ends = await reader.bounds()
        reader.seek(begins)
        left = config.max_messages
        silent_at = asyncio.get_running_loop().time() + config.silence_seconds
        while left is None or left > 0:
            if config.until == "end" and await reader.has_reached(ends):
                return
            most = BATCH if left is None else min(left, BATCH)
            found = await reader.batch(most, wait_seconds=_WAIT_SECONDS)
            now = asyncio.get_running_loop().time()
            if found:
                silent_at = now + config.silence_seconds
            elif config.until == "silence" and now >= silent_at:
                return
            if config.until == "end":
                found = [each for each in found if each.offset < ends[each.partition]]
            left = None if left is None else left - len(found)
            yield found


def _row(message: Message) -> dict[str, Any]:
    place = f"{message.topic}, partition {message.partition}, offset {message.offset}"
    for name, data in (("key", message.key), ("value", message.value)):
        if data is not None and as_text(data) is None:
            raise BadInput(f"{place}: its {name} is no text")
    at = message.timestamp
    return {
        "key": as_text(message.key),
        "value": message.text,
        "partition": message.partition,
        "offset": message.offset,
        "timestamp": None if at is None else datetime.fromtimestamp(at / 1000, UTC),
    }


def _schema() -> "Schema":
    from arro3.core import DataType, Schema
    from arro3.core import Field as ArrowField

    return Schema(
        [
            ArrowField("key", DataType.string()),
            ArrowField("value", DataType.string()),
            ArrowField("partition", DataType.int64()),
            ArrowField("offset", DataType.int64()),
            ArrowField("timestamp", DataType.timestamp("us", tz="UTC")),
        ]
    )
