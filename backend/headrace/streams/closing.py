"""Getting through with aiokafka whatever happens meanwhile.

It leaves sockets open where it is cancelled while it connects, and where its own tasks end with an
error while it closes; and it swallows a cancellation that comes while it closes, so that whoever
was cancelled would go on for ever. Here it always works in a task of its own. Nothing of what is
closed is used any more, so no error counts.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")

_CLOSE_SECONDS: Final = 5.0
_END_SECONDS: Final = 5.0
_log = logging.getLogger("headrace.streams")


async def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives. Whoever is cancelled meanwhile goes when it has ended.

    It has a while for that: a producer that is let in by one broker, and by none of those that this
    one names, would start for ever.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        _, unended = await asyncio.wait({task}, timeout=_END_SECONDS)
        if unended:
            task.cancel()
            await asyncio.wait(unended)
        if not task.cancelled():
            task.exception()  # seen: nobody waits for it any more
        raise


async def close_client(client: Any) -> None:
    """Closes all connections of an AIOKafkaClient."""
    await to_its_end(_close_client(client))


async def close_consumer(consumer: Any) -> None:
    """Stops an AIOKafkaConsumer."""
    await to_its_end(_close_consumer(consumer))


async def close_producer(producer: Any) -> None:
    """Closes an AIOKafkaProducer now: what is under way may have been sent or not."""
    await to_its_end(_close_producer(producer))


async def _close_client(client: Any) -> None:
    if not await _quietly(client.close()):
        client._sync_task = None  # it has ended, with the error that came in between
        await _quietly(client.close())


async def _close_consumer(consumer: Any) -> None:
    if not await _quietly(consumer.stop()):
        await _close_client(consumer._client)


async def _close_producer(producer: Any) -> None:
    # Its own `stop` waits for all it holds, and an idempotent one never gives up.
    producer._closed = True
    await _quietly(producer._sender.close())
    await _close_client(producer.client)


async def _quietly(work: Coroutine[Any, Any, None]) -> bool:
    """Whether it ended well and in time."""
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await work
    except (Exception, asyncio.CancelledError):
        # Nobody cancels this task: it is one of aiokafka's own that was, where brokers are gone.
        _log.debug("streams.closed_badly", exc_info=True)
        return False
    return True
