"""Hints between processes by a topic of Kafka's, where WAKEUPS=kafka asks for it.

Whoever commits never waits: hints are merged until the one before them is sent. Each process reads
from the topic's end, without a group. While the brokers are away, and now and then, everybody is
told to look at everything, so a lost hint costs latency and nothing else.
"""

import asyncio
import contextlib
import logging
import random
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import orjson

from headrace.store.hints import Hints
from headrace.streams.errors import AccessRefused, PlaceLost, StreamError, TopicMissing
from headrace.streams.messages import Message, Topic

if TYPE_CHECKING:
    from headrace.streams.kafka import Kafka, Reader
    from headrace.streams.sending import Sender

_RETENTION_MS: Final = 600_000
_MOST_BYTES: Final = 60_000
_MOST_MESSAGES: Final = 500
_EVERYTHING: Final = orjson.dumps(Hints(everything=True).to_wire())
_WAIT_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 5.0
_AWAY_LOOK_SECONDS: Final = 1.0
_REFUSED_SECONDS: Final = 10.0
_SEND_SECONDS: Final = 4.0
_LAST_SEND_SECONDS: Final = 1.0
_log = logging.getLogger("headrace.live.hint_topic")


def hint_topic_of(default_topic: str) -> str:
    """The name of the topic that carries hints, beside the one for run events."""
    return f"{default_topic}.hints"


class HintTopic:
    """Of one process, from `start` to `close`. Both may be called more than once."""

    def __init__(self, kafka: "Kafka", name: str) -> None:
        self._kafka = kafka
        self._name = name
        self._token = secrets.token_hex(8).encode()
        self._received: Callable[[Hints], None] = lambda _: None
        self._pending = Hints()
        self._news = asyncio.Event()
        self._sender: Sender | None = None  # while both ways are open
        self._away = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, received: Callable[[Hints], None]) -> None:
        """`received` gets the hints of other processes, on the loop. No broker is waited for."""
        if not self._tasks:
            self._received = received
            self._tasks = [
                asyncio.create_task(self._keep_open(), name="hint-topic"),
                asyncio.create_task(self._look(), name="hint-topic-look"),
            ]

    def send(self, hints: Hints) -> None:
        """Tells every other process; never blocks, never fails."""
        if not self._pending.everything:
            self._pending.merge(replace(hints, events={}))
        self._news.set()

    async def close(self) -> None:
        """Sends what is to be sent, if that is quick."""
        tasks, self._tasks = self._tasks, []
        if self._sender is not None and self._pending:
            with contextlib.suppress(StreamError):
                await self._send_pending(self._sender, _LAST_SEND_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_open(self) -> None:
        while True:
            rest = _AWAY_LOOK_SECONDS
            try:
                await self._exchange()
            except StreamError as error:
                if isinstance(error, AccessRefused):
                    rest = _REFUSED_SECONDS  # brokers lock users out who knock too often
                self._went_away(error)
            except Exception:
                _log.exception("hint_topic.failed")
            # What nobody was told meanwhile.
            self._pending = Hints(everything=True)
            self._news.set()
            await asyncio.sleep(rest * random.uniform(0.5, 1.5))

    async def _exchange(self) -> None:
        """Sends and reads until one of both fails. Raises StreamError."""
        async with self._kafka.reading(await self._topic(), None) as reader:
            _, ends = await reader.bounds()
            reader.seek(ends)
            self._sender = sender = await self._kafka.sender(idempotent=False)
            try:
                self._came_back()
                self._received(Hints(everything=True))  # what was told while nobody listened
                await _first_to_fail(self._read(reader), self._send(sender))
            finally:
                self._sender = None
                await sender.abort()

    async def _topic(self) -> Topic:
        """The topic, made where it is missing. Raises StreamError."""
        try:
            return await self._kafka.topic(self._name)
        except TopicMissing:
            config = {"retention.ms": str(_RETENTION_MS), "cleanup.policy": "delete"}
            return await self._kafka.make_topic(self._name, partitions=1, config=config)

    async def _read(self, reader: "Reader") -> None:
        loop = asyncio.get_running_loop()
        asked = loop.time()
        while True:
            found = await reader.batch(_MOST_MESSAGES, wait_seconds=_WAIT_SECONDS)
            if others := [each for each in found if each.key != self._token]:
                self._received(_merged(others))
            if loop.time() - asked > _LOOK_SECONDS:
                # A reader whose brokers are gone waits without a word.
                now = await reader.topic_now()
                if not now.is_same(reader.topic) or now.partitions != reader.topic.partitions:
                    raise PlaceLost(f"The topic {self._name} was changed")
                asked = loop.time()

    async def _send(self, sender: "Sender") -> None:
        while True:
            await self._news.wait()
            await self._send_pending(sender, _SEND_SECONDS)

    async def _send_pending(self, sender: "Sender", seconds: float) -> None:
        hints, self._pending = self._pending, Hints()
        self._news.clear()
        if hints:
            await sender.send(self._name, key=self._token, value=_value(hints), timeout=seconds)

    async def _look(self) -> None:
        while True:
            open_ = self._sender is not None
            await asyncio.sleep(_LOOK_SECONDS if open_ else _AWAY_LOOK_SECONDS)
            self._received(Hints(everything=True))

    def _went_away(self, error: StreamError) -> None:
        if not self._away:  # an outage is logged once
            _log.warning("hint_topic.away: %s; changes are found by looking", error)
        self._away = True

    def _came_back(self) -> None:
        if self._away:
            _log.info("hint_topic.back topic=%s", self._name)
        self._away = False


async def _first_to_fail(*works: Coroutine[Any, Any, None]) -> None:
    """Runs all until one fails, and raises its error, not in a group of errors."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


def _value(hints: Hints) -> bytes:
    value = orjson.dumps(hints.to_wire())
    return value if len(value) <= _MOST_BYTES else _EVERYTHING


def _merged(messages: list[Message]) -> Hints:
    merged = Hints()
    for message in messages:
        try:
            merged.merge(Hints.from_wire(orjson.loads(message.value or b"")))
        except (ValueError, KeyError, TypeError):
            merged.everything = True
    return merged
