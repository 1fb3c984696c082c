"""Making a topic of Headrace's own."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    InvalidReplicationFactorError,
    NoError,
    TopicAlreadyExistsError,
    for_code,
)
from aiokafka.protocol.admin import CreateTopicsRequest

from headrace.streams.brokers import Brokers
from headrace.streams.closing import close_client, to_its_end
from headrace.streams.errors import TopicMissing, TopicRefused
from headrace.streams.messages import Topic
from headrace.streams.metadata import topic_now

_AS_THE_BROKERS_WISH: Final = -1
_REQUEST_MS: Final = 8_000


async def make_topic(
    brokers: Brokers, name: str, *, partitions: int, config: Mapping[str, str]
) -> Topic:
    """Makes a topic, unless there is one, and returns it once the brokers know it.

    Raises TopicRefused, and what aiokafka raises. Never ends where they never know it.
    """
    admin = AIOKafkaAdminClient(**brokers.options, request_timeout_ms=_REQUEST_MS)
    try:
        await to_its_end(admin.start())
        error = InvalidReplicationFactorError
        for replicas in (_AS_THE_BROKERS_WISH, 1):  # older brokers want a number
            if error is InvalidReplicationFactorError:
                new: Any = (name, partitions, replicas, [], list(config.items()))
                request = CreateTopicsRequest([new], _REQUEST_MS, False)
                error = _error(await admin._send_to_controller(request))
        if error not in (NoError, TopicAlreadyExistsError):
            raise TopicRefused(f"The brokers do not make the topic {name}: {error.__name__}")
        while True:
            try:
                return await topic_now(admin._client, name)
            except TopicMissing:
                await asyncio.sleep(0.05)  # brokers tell each other in their own time
    finally:
        await close_client(admin._client)


def _error(answer: Any) -> Any:
    (told,) = answer.to_object()["topic_errors"]
    return for_code(told["error_code"])
