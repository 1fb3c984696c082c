"""KAFKA_SINK: each row becomes a message of a topic, and is handed on as it came.

Invariants: a batch is handed on once every in-sync replica has all of its messages; those of one
key keep the order of their rows; memory holds one batch. Another attempt sends again.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import Field

from headrace.blocks import BadInput, Block, Config, Context, Dataset, Inputs, Output
from headrace.blocks.rows import batch_to_rows
from headrace_worker.blocks.batches import pieces
from headrace_worker.blocks.kafka import TOPIC_PATTERN, brokers

if TYPE_CHECKING:
    from arro3.core import RecordBatch

    from headrace.streams.kafka import Kafka
    from headrace.streams.sending import Sender

SEND_SECONDS = 60.0


class KafkaSinkConfig(Config):
    """Which topic, and what of a row is sent."""

    topic: str = Field(pattern=TOPIC_PATTERN, description="The topic to send to.")
    key_column: str | None = Field(
        default=None, description="The column that is the message's key; by default it has none."
    )
    value_column: str | None = Field(
        default=None,
        description="The column that is the message; by default the whole row, as JSON.",
    )


class KafkaSink(Block[KafkaSinkConfig]):
    """Sends each row as a message to a Kafka topic, and hands the rows on. Exactly one input."""

    name = "KAFKA_SINK"
    min_inputs = 1
    max_inputs = 1

    def run(self, config: KafkaSinkConfig, inputs: Inputs, ctx: Context) -> Output:
        dataset = inputs.one()
        _check_columns(config, dataset)
        return _batches(config, dataset, ctx)


def _check_columns(config: KafkaSinkConfig, dataset: Dataset) -> None:
    from arro3.core import Schema

    names = Schema.from_arrow(dataset.schema).names
    for key in ("key_column", "value_column"):
        name = getattr(config, key)
        if name is not None and name not in names:
            raise BadInput(
                f"There is no column {name!r}. The columns are: {', '.join(names) or 'none'}."
                f" Set {key} to one of them."
            )


def _batches(config: KafkaSinkConfig, dataset: Dataset, ctx: Context) -> "Iterator[RecordBatch]":
    done = 0
    with brokers(ctx) as (kafka, runner):
        sender = runner.run(_sender(kafka))
        try:
            for piece in pieces(dataset):
                ctx.raise_if_cancelled()
                messages = [_message(config, row) for row in batch_to_rows(piece)]
                runner.run(sender.send_all(config.topic, messages, timeout=SEND_SECONDS))
                done += len(messages)
                ctx.progress(done, dataset.rows)
                yield piece
        finally:
            runner.run(sender.abort())
    summary = f"{done:,} {'message' if done == 1 else 'messages'} to {config.topic}"
    ctx.log.info(summary)


async def _sender(kafka: "Kafka") -> "Sender":
    return await kafka.sender()


def _message(config: KafkaSinkConfig, row: dict[str, Any]) -> tuple[bytes | None, bytes | None]:
    key = None if config.key_column is None else _bytes(row[config.key_column])
    if config.value_column is not None:
        return key, _bytes(row[config.value_column])
    return key, json.dumps(row, ensure_ascii=False, default=str, separators=(",", ":")).encode()


def _bytes(value: Any) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else json.dumps(value, default=str)).encode()
