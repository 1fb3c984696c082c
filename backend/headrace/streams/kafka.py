"""Kafka by aiokafka: what topics there are, what they hold, and sending to them.

Invariants: whoever reads starts at a place of its own and commits nothing by itself; reading and
asking make no topic; each wait for brokers has an end.
"""

import asyncio
import heapq
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from headrace.streams.brokers import Brokers
from headrace.streams.closing import close_client, close_consumer, to_its_end
from headrace.streams.errors import BrokersUnreachable, PlaceLost
from headrace.streams.making import make_topic
from headrace.streams.messages import Message, Places, Published, Topic
from headrace.streams.metadata import topic_names, topic_now
from headrace.streams.security import Security
from headrace.streams.sending import Sender

ANSWER_SECONDS: Final = 10.0
_REQUEST_MS: Final = 8_000
# Each of its retries is a line; whoever is kept waiting says so once.
logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


class Kafka:
    """The brokers at `bootstrap`. Nothing is open until something is asked.

    Where BrokersUnreachable is raised it may be an AccessRefused, which says what to mend.
    """

    def __init__(self, bootstrap: str, security: Security | None = None) -> None:
        self._brokers = Brokers(bootstrap, security or Security())
        self._sender: Sender | None = None
        self._starting = asyncio.Lock()
        self._idempotent = True  # until the brokers turn out not to know of it

    @property
    def bootstrap(self) -> str:
        """Where the brokers are."""
        return self._brokers.bootstrap

    async def topics(self) -> list[str]:
        """Every topic that is not the brokers' own, by name. Raises BrokersUnreachable."""
        async with self._answering(), self._client() as client:
            return await topic_names(client)

    async def topic(self, name: str) -> Topic:
        """What a topic is by now. Raises TopicMissing and BrokersUnreachable."""
        async with self._answering(), self._client() as client:
            return await topic_now(client, name)

    async def publish(self, topic: str, *, key: bytes | None, value: bytes) -> Published:
        """Sends one message; every in-sync replica has it when this returns.

        Raises BrokersUnreachable, after which it may have been sent or not, and MessageRefused.
        """
        async with self._starting:
            if self._sender is None:
                self._sender = await self.sender()
            sender = self._sender
        try:
            return await sender.send(topic, key=key, value=value, timeout=ANSWER_SECONDS)
        except BrokersUnreachable:
            if self._sender is sender:
                self._sender = None
            await sender.abort()
            raise

    async def make_topic(self, name: str, *, partitions: int, config: Mapping[str, str]) -> Topic:
        """Makes a topic, unless somebody was faster, and returns it.

        Raises TopicRefused and BrokersUnreachable.
        """
        async with self._answering():
            return await make_topic(self._brokers, name, partitions=partitions, config=config)

    async def sender(self, *, idempotent: bool = True) -> Sender:
        """A sender of one's own, to be stopped by whoever asked. Raises BrokersUnreachable.

        One that is not `idempotent` gives up after a while, and may send a message twice.
        """
        if not idempotent:
            return await Sender.start(self._brokers, idempotent=False)
        sender = await Sender.start(self._brokers, idempotent=self._idempotent)
        self._idempotent = sender.idempotent
        return sender

    async def newest(self, topic: str, most: int, *, wait_seconds: float) -> "Newest":
        """The last `most` messages; where there are none, the first that comes in time.

        Raises TopicMissing, BrokersUnreachable and PlaceLost.
        """
        known = await self.topic(topic)
        async with self.reading(known, None) as reader:
            begins, ends = await reader.bounds()
            start = {p: max(begins[p], ends[p] - most) for p in known.partitions}
            reader.seek(start)
            found = await reader.until(ends, seconds=ANSWER_SECONDS)
            if not found and wait_seconds:
                found = await reader.batch(most, wait_seconds=wait_seconds)
        return Newest(known, ends, _in_order(found)[-most:])

    @asynccontextmanager
    async def reading(
        self, topic: Topic, start: Mapping[int, int] | None, *, group: str | None = None
    ) -> AsyncIterator["Reader"]:
        """A reader from `start`; None needs a `seek` first. A `group` can commit its places.

        Raises BrokersUnreachable.
        """
        consumer = AIOKafkaConsumer(
            **self._brokers.options,
            client_id="headrace",
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            request_timeout_ms=_REQUEST_MS,
            fetch_max_wait_ms=200,
        )
        try:
            async with self._answering():
                await to_its_end(consumer.start())
            reader = Reader(consumer, topic)
            if start is not None:
                reader.seek(start)
            yield reader
        finally:
            await close_consumer(consumer)

    async def close(self) -> None:
        """Sends what is under way and closes; safe to call twice."""
        sender, self._sender = self._sender, None
        if sender is not None:
            await sender.stop()

    @asynccontextmanager
    async def _answering(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                yield
        except (KafkaError, TimeoutError, OSError) as error:
            raise await self._brokers.why(error) from error

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[AIOKafkaClient]:
        client = AIOKafkaClient(**self._brokers.options, request_timeout_ms=_REQUEST_MS)
        try:
            await to_its_end(client.bootstrap())
            yield client
        finally:
            await close_client(client)


class Newest:
    """The last messages of a topic in order, and the place before them."""

    def __init__(self, topic: Topic, ends: Places, messages: Sequence[Message]) -> None:
        self.topic = topic
        self.messages = messages
        self.start = dict(ends)
        for message in reversed(messages):
            self.start[message.partition] = message.offset


class Reader:
    """Reads one topic from a place; made by `Kafka.reading`."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: Topic) -> None:
        self.topic = topic
        self._consumer = consumer
        self._parts = [TopicPartition(topic.name, each) for each in topic.partitions]
        consumer.assign(self._parts)

    def seek(self, places: Mapping[int, int]) -> None:
        """Goes on from `places`; a partition without one from its first offset ever."""
        for part in self._parts:
            self._consumer.seek(part, places.get(part.partition, 0))

    async def bounds(self) -> tuple[Places, Places]:
        """(the first offset, the offset after the last) by partition. Raises BrokersUnreachable."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                begins = await self._consumer.beginning_offsets(self._parts)
                ends = await self._consumer.end_offsets(self._parts)
        except (KafkaError, TimeoutError) as error:
            raise BrokersUnreachable("The brokers do not tell where the topic ends") from error
        return (
            {part.partition: offset for part, offset in begins.items()},
            {part.partition: offset for part, offset in ends.items()},
        )

    async def batch(self, most: int, *, wait_seconds: float) -> list[Message]:
        """What comes next, in order by partition; nothing where none comes in time.

        Raises PlaceLost where the place is none of the topic's.
        """
        try:
            found = await self._consumer.getmany(
                timeout_ms=round(wait_seconds * 1000), max_records=most
            )
        except OffsetOutOfRangeError as error:
            raise PlaceLost("The messages after this place are gone") from error
        except KafkaError as error:
            raise BrokersUnreachable(f"The topic cannot be read: {error}") from error
        return [_message(record) for records in found.values() for record in records]

    async def has_reached(self, ends: Mapping[int, int]) -> bool:
        """Whether all before `ends` was read. Raises BrokersUnreachable."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return not any([await self._before(part, ends) for part in self._parts])
        except (KafkaError, TimeoutError) as error:
            raise BrokersUnreachable("The topic cannot be read") from error

    async def until(self, ends: Mapping[int, int], *, seconds: float) -> list[Message]:
        """All messages up to `ends`. Raises BrokersUnreachable where that takes too long."""
        messages: list[Message] = []
        open_ = {part for part in self._parts if await self._before(part, ends)}
        try:
            async with asyncio.timeout(seconds):
                while open_:
                    messages += await self.batch(500, wait_seconds=0.2)
                    open_ = {part for part in open_ if await self._before(part, ends)}
        except TimeoutError as error:
            raise BrokersUnreachable("The topic cannot be read in time") from error
        return [each for each in messages if each.offset < ends[each.partition]]

    async def topic_now(self) -> Topic:
        """What the topic of this name is by now. Raises TopicMissing and BrokersUnreachable."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await topic_now(self._consumer._client, self.topic.name)
        except (KafkaError, TimeoutError) as error:
            raise BrokersUnreachable("The brokers do not tell what the topic is") from error

    async def commit(self, places: Mapping[int, int]) -> None:
        """Tells the group's places to the brokers, for others to see. Raises BrokersUnreachable."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._consumer.commit(
                    {TopicPartition(self.topic.name, p): offset for p, offset in places.items()}
                )
        except (KafkaError, TimeoutError) as error:
            raise BrokersUnreachable("The brokers took no commit") from error

    async def _before(self, part: TopicPartition, ends: Mapping[int, int]) -> bool:
        return bool(await self._consumer.position(part) < ends[part.partition])


def _in_order(messages: Sequence[Message]) -> list[Message]:
    """Oldest first; messages of one partition stay as they follow each other there."""
    parts: dict[int, list[Message]] = {}
    for message in messages:
        parts.setdefault(message.partition, []).append(message)
    return list(heapq.merge(*parts.values(), key=lambda each: each.timestamp or 0))


def _message(record: Any) -> Message:  # aiokafka has no types
    return Message(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
        timestamp=record.timestamp if record.timestamp >= 0 else None,
    )
