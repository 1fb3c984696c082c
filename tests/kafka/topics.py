"""What a topic holds, read by a client beside Headrace's own."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic

from headrace.streams.errors import BrokersUnreachable, TopicMissing
from headrace.streams.kafka import Kafka
from headrace.streams.messages import Message, Topic

PATIENCE_SECONDS = 60
Events = dict[str, list[dict[str, Any]]]


async def read_until(
    kafka: Kafka, name: str, enough: Callable[[list[Message]], bool]
) -> list[Message]:
    """The messages of a topic from its start, as soon as they are enough."""
    messages: list[Message] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                topic = await kafka.topic(name)
                break
            except (TopicMissing, BrokersUnreachable):
                await asyncio.sleep(0.05)  # it is made with the first message
        async with kafka.reading(topic, {}) as reader:
            while not enough(messages):
                messages += await reader.batch(500, wait_seconds=1)
    return messages


def by_run(messages: list[Message]) -> Events:
    """Events by run, in the order in which each partition has them."""
    found: Events = {}
    for message in messages:
        event = json.loads(message.value or b"")
        assert message.key is not None
        assert message.key.decode() == event["subject"]
        found.setdefault(event["subject"], []).append(event)
    return found


def without_repeats(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each event where it came first."""
    return list({event["id"]: event for event in events[::-1]}.values())[::-1]


async def make_topic(bootstrap: str, name: str, partitions: int = 3) -> None:
    """Makes a topic, as its owner would."""
    async with _admin(bootstrap) as admin:
        await admin.create_topics([NewTopic(name, partitions, 1)])


async def delete_topic(kafka: Kafka, name: str) -> None:
    """Deletes a topic, and returns once it is gone.

    Whoever reads it still may have asked for it by then, which makes another one of its name.
    """
    topic = await kafka.topic(name)
    async with _admin(kafka.bootstrap) as admin:
        await admin.delete_topics([name])
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await _is_there(kafka, topic):  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.05)  # the brokers do it in their own time


async def _is_there(kafka: Kafka, topic: Topic) -> bool:
    try:
        return (await kafka.topic(topic.name)).is_same(topic)
    except TopicMissing:
        return False


async def grow_topic(bootstrap: str, name: str, partitions: int) -> None:
    """Gives a topic more partitions."""
    async with _admin(bootstrap) as admin:
        await admin.create_partitions({name: NewPartitions(partitions)})


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()
