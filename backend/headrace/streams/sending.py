"""Sending to topics: acks of all replicas, idempotent where the brokers can, order kept by key."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    IncompatibleBrokerVersion,
    KafkaConnectionError,
    KafkaError,
    UnknownError,
)
from aiokafka.partitioner import DefaultPartitioner

from headrace.streams.brokers import Brokers
from headrace.streams.closing import close_producer, to_its_end
from headrace.streams.errors import BrokersUnreachable, MessageRefused
from headrace.streams.messages import Published

_START_SECONDS: Final = 10.0
_STOP_SECONDS: Final = 5.0
_log = logging.getLogger("headrace.streams")

Keyed = tuple[bytes, bytes]
"""A message's key and value."""


class _NotIdempotent(Exception):
    """The brokers cannot take out repeats."""


class Sender:
    """An open producer; made by `start`, ended by `stop` or `abort`."""

    def __init__(self, producer: Any, *, idempotent: bool) -> None:
        self._producer = producer
        self.idempotent = idempotent
        self._partition_of = DefaultPartitioner()

    @classmethod
    async def start(cls, brokers: Brokers, *, idempotent: bool) -> "Sender":
        """An idempotent one as wished, and where the brokers can. Raises BrokersUnreachable."""
        if idempotent:
            try:
                return await cls._start(brokers, idempotent=True)
            except _NotIdempotent:
                # A repeat after a lost answer may then stand twice; ids tell.
                _log.warning("streams.not_idempotent: the brokers at %s cannot", brokers.bootstrap)
        return await cls._start(brokers, idempotent=False)

    @classmethod
    async def _start(cls, brokers: Brokers, *, idempotent: bool) -> "Sender":
        producer = AIOKafkaProducer(
            **brokers.options,
            client_id="headrace",
            acks="all",
            enable_idempotence=idempotent,
            request_timeout_ms=8_000,
            max_batch_size=768 * 1024,
        )
        sender = cls(producer, idempotent=idempotent)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await to_its_end(producer.start())
        except (KafkaError, TimeoutError, OSError) as error:
            await sender.abort()
            # How those answer that have no ids for producers.
            if idempotent and isinstance(error, IncompatibleBrokerVersion | UnknownError):
                raise _NotIdempotent from error
            raise await brokers.why(error) from error
        except asyncio.CancelledError:
            await sender.abort()
            raise
        return sender

    async def send(
        self, topic: str, *, key: bytes | None, value: bytes, timeout: float
    ) -> Published:
        """Sends one message and waits for it.

        Raises MessageRefused, and BrokersUnreachable where it may have been sent or not.
        """
        try:
            async with asyncio.timeout(timeout):
                sent = await self._producer.send_and_wait(topic, value, key=key)
        except (KafkaError, TimeoutError) as error:
            raise _reason(error) from error
        return Published(sent.partition, sent.offset)

    async def send_all(
        self,
        topic: str,
        messages: Sequence[tuple[bytes | None, bytes | None]],
        *,
        timeout: float,
    ) -> None:
        """Sends messages (key, value) and waits for all; those of one key keep their order.

        Raises MessageRefused, and BrokersUnreachable where some may have been sent or not.
        """
        try:
            async with asyncio.timeout(timeout):
                sent = [await self._producer.send(topic, value, key=key) for key, value in messages]
                await asyncio.gather(*sent)
        except (KafkaError, TimeoutError) as error:
            raise _reason(error) from error

    async def partitions(self, topic: str, *, timeout: float) -> list[int]:
        """The topic's partitions; it is made where the brokers allow. Raises BrokersUnreachable."""
        try:
            async with asyncio.timeout(timeout):
                return sorted(await self._producer.partitions_for(topic))
        except (KafkaError, TimeoutError) as error:
            raise _reason(error) from error

    def partition_of(self, key: bytes, partitions: list[int]) -> int:
        """Where messages of a key go, as Kafka's own clients have it."""
        return int(self._partition_of(key, partitions, partitions))

    async def send_in_order(
        self,
        topic: str,
        partition: int,
        messages: Sequence[Keyed],
        *,
        content_type: str,
        timeout: float,
    ) -> int:
        """Sends messages as they follow each other, as many as one batch holds; how many.

        All of a batch arrive, or none: one that is lost cannot be overtaken by what follows.
        Raises MessageRefused for a first one that is too large, and BrokersUnreachable.
        """
        batch = self._producer.create_batch()
        headers = [("content-type", content_type.encode())]
        count = 0
        for key, value in messages:
            if batch.append(key=key, value=value, timestamp=None, headers=headers) is None:
                break
            count += 1
        if not count:
            raise MessageRefused(f"A message of {len(messages[0][1])} bytes is too large")
        try:
            async with asyncio.timeout(timeout):
                await (await self._producer.send_batch(batch, topic, partition=partition))
        except (KafkaError, TimeoutError) as error:
            raise _reason(error) from error
        return count

    async def stop(self) -> None:
        """Sends what is under way, for a few seconds, and closes."""
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self._producer.flush()
        except (KafkaError, TimeoutError):
            _log.debug("streams.unflushed")
        await self.abort()

    async def abort(self) -> None:
        """Closes now: what is under way may have been sent or not."""
        await close_producer(self._producer)


def _reason(error: Exception) -> BrokersUnreachable | MessageRefused:
    if isinstance(error, KafkaError) and not error.retriable and not _lost(error):
        return MessageRefused(f"The brokers refuse it: {error}")
    return BrokersUnreachable("The brokers did not confirm it in time")


def _lost(error: KafkaError) -> bool:
    return isinstance(error, KafkaConnectionError)
