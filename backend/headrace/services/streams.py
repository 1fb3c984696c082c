"""Use cases of streams: publish, look, follow. While STREAM_BACKEND=none each says so.

A cursor is the place after a message, in the topic as it was: whoever follows from there misses
nothing and sees nothing twice. It fits no topic that was made anew under the same name.
"""

import contextlib
import json
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from headrace.domain.errors import HeadraceError
from headrace.services.results import IdempotencyConflict, OutOfRange
from headrace.settings import Settings
from headrace.store.database import Store
from headrace.store.idempotency import KeyReused, keep, key_of, recall
from headrace.store.reads.keyset import BadCursor, decode_text, encode_cursor
from headrace.streams.errors import KafkaMissing, PlaceLost, StreamError, TopicMissing
from headrace.streams.messages import (
    Message,
    Places,
    Topic,
    places_from_text,
    places_to_text,
)
from headrace.streams.security import Security

if TYPE_CHECKING:
    from headrace.streams.kafka import Kafka, Reader
    from headrace.streams.sending import Sender

MOST_MESSAGES: Final = 500
MOST_WAIT_MS: Final = 30_000
OFF: Final = "Streaming is off: STREAM_BACKEND is none"
_TOPIC: Final = re.compile(r"[A-Za-z0-9._-]{1,249}")
_BATCH: Final = 200
_WAIT_SECONDS: Final = 1.0


class BadTopic(HeadraceError):
    """A text that can name no topic, or names one of the brokers' own."""


class ExtraMissing(HeadraceError):
    """What a setting chooses is not installed."""


class PlaceGone(HeadraceError):
    """The messages after a cursor are gone, or its topic is."""


@dataclass(frozen=True)
class Unavailable:
    """No stream can be reached, or none as was asked, and why."""

    message: str = OFF


@dataclass(frozen=True)
class PublishedTo:
    """Where a message went."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True)
class Placed:
    """A message, and the cursor of the place after it."""

    message: Message
    cursor: str


class Streams:
    """The brokers that this process talks to; `kafka` is None while streaming is off."""

    def __init__(self, kafka: "Kafka | None", default_topic: str, store: Store) -> None:
        self.kafka = kafka
        self.default_topic = default_topic
        self._store = store

    @property
    def on(self) -> bool:
        """Whether there is a stream that events go to."""
        return self.kafka is not None

    async def topics(self) -> list[str]:
        """The topics that can be read and written; none while streaming is off.

        Raises StreamError.
        """
        if self.kafka is None:
            return []
        return [name for name in await self.kafka.topics() if not name.startswith("__")]

    async def publish(
        self,
        *,
        topic: str | None,
        key: str | None,
        value: Any,
        principal: str,
        idempotency_key: str | None = None,
    ) -> PublishedTo | Unavailable | IdempotencyConflict:
        """Publishes a JSON value; the idempotency key is recorded after that (at least once)."""
        if self.kafka is None:
            return Unavailable()
        name = topic or self.default_topic
        given = {"topic": name, "key": key, "value": value}
        kept = key_of(principal, "publishMessage", idempotency_key, given)
        try:
            if before := await self._store.write(partial(recall, key=kept)):
                return PublishedTo(**before)
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            sent = await self.kafka.publish(
                name, key=None if key is None else key.encode(), value=text.encode()
            )
            found = PublishedTo(name, sent.partition, sent.offset)
            await self._store.write(partial(keep, key=kept, result=asdict(found)))
        except KeyReused as error:
            return IdempotencyConflict(str(error))
        except StreamError as error:
            return Unavailable(str(error))
        return found

    async def consume(
        self, *, topic: str | None, max_messages: int, timeout_ms: int
    ) -> Sequence[Placed] | OutOfRange | Unavailable:
        """The newest messages; waits up to `timeout_ms` if there are none."""
        if not 1 <= max_messages <= MOST_MESSAGES:
            return OutOfRange("maxMessages", 1, MOST_MESSAGES)
        if not 0 <= timeout_ms <= MOST_WAIT_MS:
            return OutOfRange("timeoutMs", 0, MOST_WAIT_MS)
        if self.kafka is None:
            return Unavailable()
        name = topic or self.default_topic
        try:
            found = await self.kafka.newest(name, max_messages, wait_seconds=timeout_ms / 1000)
        except StreamError as error:
            return Unavailable(str(error))
        return _placed(found.topic, dict(found.start), found.messages)

    async def follow(self, topic: str | None, after: str | None) -> AsyncGenerator[Placed, None]:
        """The messages after a cursor (None: those that come from now on), for ever.

        Raises BadCursor, PlaceGone, and StreamError.
        """
        if self.kafka is None:
            raise StreamError(OFF)
        name = topic or self.default_topic
        known = await self.kafka.topic(name)
        places = None if after is None else _place_of(after, known)
        while True:
            async with self.kafka.reading(known, places) as reader:
                if places is None:
                    _, places = await reader.bounds()
                    reader.seek(places)
                async with aclosing(_pages(reader, places)) as pages:
                    async for page in pages:
                        for each in page:
                            yield each
            # The topic has grown: read its new partitions too.
            known = await self.kafka.topic(name)

    async def sender(self) -> "Sender":
        """A sender of one's own. Raises BrokersUnreachable; streaming must be on."""
        assert self.kafka is not None
        return await self.kafka.sender()

    async def ping(self) -> None:
        """Whether the brokers answer. Raises BrokersUnreachable; streaming must be on."""
        assert self.kafka is not None
        with contextlib.suppress(TopicMissing):
            await self.kafka.topic(self.default_topic)

    async def close(self) -> None:
        """Closes what is open; safe to call twice."""
        if self.kafka is not None:
            await self.kafka.close()


def check_topic(name: str | None) -> None:
    """Raises BadTopic for a text that can name no topic, or names one of the brokers' own."""
    if name is None:
        return
    if _TOPIC.fullmatch(name) is None or name in {".", ".."}:
        raise BadTopic("A topic's name has 1 to 249 of the characters A-Z, a-z, 0-9, ., _ and -")
    if name.startswith("__"):
        raise BadTopic(f"{name} is the brokers' own")


async def _pages(reader: "Reader", places: Places) -> AsyncGenerator[list[Placed], None]:
    """What comes, moving `places` on; ends when the topic has more partitions than the reader."""
    while True:
        try:
            found = await reader.batch(_BATCH, wait_seconds=_WAIT_SECONDS)
        except PlaceLost as error:
            raise PlaceGone(str(error)) from error
        now = await reader.topic_now()
        if not now.is_same(reader.topic):
            raise PlaceGone(f"The topic {now.name} was made anew")
        yield _placed(reader.topic, places, found)
        if now.partitions != reader.topic.partitions:
            return


def _placed(topic: Topic, places: Places, messages: Sequence[Message]) -> list[Placed]:
    """Each message with its cursor; `places` is the place before the first, and moves on."""
    found = []
    for message in messages:
        places[message.partition] = message.offset + 1
        text = f"{topic.cluster}/{topic.id};{places_to_text(places)}"
        found.append(Placed(message, encode_cursor(_scope(topic.name), text)))
    return found


def _place_of(cursor: str, topic: Topic) -> Places:
    identity, semicolon, text = decode_text(cursor, _scope(topic.name)).rpartition(";")
    try:
        places = places_from_text(text)
    except ValueError as error:
        raise BadCursor("This cursor does not belong to this list") from error
    if not semicolon or identity != f"{topic.cluster}/{topic.id}":
        raise PlaceGone(f"The topic {topic.name} was made anew")
    return places


def _scope(topic: str) -> str:
    return f"messages:{topic}"


def kafka_of(settings: Settings) -> "Kafka | None":
    """The brokers that the settings choose; nothing is open yet.

    Raises ExtraMissing where the package for them is not there.
    """
    if settings.stream_backend == "none":
        return None
    try:
        from headrace.streams.kafka import Kafka
    except ModuleNotFoundError as error:
        raise ExtraMissing(str(KafkaMissing())) from error
    return Kafka(settings.kafka_bootstrap, security_of(settings))


def security_of(settings: Settings) -> Security:
    """How the settings reach the brokers; relative paths start at the working directory."""
    ca, cert, key = (
        str(Path(path).absolute()) if path else ""
        for path in (
            settings.kafka_ssl_cafile,
            settings.kafka_ssl_certfile,
            settings.kafka_ssl_keyfile,
        )
    )
    return Security(
        protocol=settings.kafka_security_protocol,
        mechanism=settings.kafka_sasl_mechanism,
        username=settings.kafka_sasl_username,
        password=settings.kafka_sasl_password,
        ca_file=ca,
        cert_file=cert,
        key_file=key,
        key_password=settings.kafka_ssl_key_password,
    )
