"""One trigger at work: reads its topic from the place that the database has, and starts a run for
each message in the transaction that moves the place on.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from headrace.domain.cloud_events import rfc_3339
from headrace.domain.errors import HeadraceError
from headrace.domain.json import JSONValue
from headrace.domain.lifecycle import RunTrigger
from headrace.domain.triggers import Given, TriggerStart, params_of
from headrace.services.results import Invalid
from headrace.services.run_requests import Archived, Refused, Starter, StartRun, Version
from headrace.store.database import Store
from headrace.store.reads.triggers import TriggerRow, places_of, triggers_by_id
from headrace.store.runs import NewRun
from headrace.store.triggers import (
    Handled,
    Outdated,
    TriggerKey,
    begin_topic,
    handle_messages,
    note_ends,
    note_problem,
    stop_at_reset,
)
from headrace.streams.errors import BrokersUnreachable, PlaceLost
from headrace.streams.messages import NO_JSON, Message, Places, Topic, as_text

if TYPE_CHECKING:
    from headrace.streams.kafka import Kafka, Reader

_BATCH: Final = 50
_WAIT_SECONDS: Final = 0.5
_LOOK_SECONDS: Final = 2.0
_LONGEST_ERROR: Final = 2_000
_log = logging.getLogger("headrace.services.triggers")


class Held(HeadraceError):
    """Messages wait for something that people must mend; none is lost."""


class TriggerReader:
    """Of one trigger, as it was defined; another definition is another reader's."""

    def __init__(
        self,
        store: Store,
        kafka: "Kafka",
        starter: Starter,
        trigger: TriggerRow,
        sources: dict[str, str],
    ) -> None:
        self._store = store
        self._kafka = kafka
        self._starter = starter
        self._trigger = trigger
        self._sources = sources
        self._asked = StartRun(
            pipeline=trigger.pipeline,
            params={},
            labels={"trigger": trigger.name},
            trigger=RunTrigger.MESSAGE,
        )

    async def read(self) -> None:
        """Reads until it may not any more. Raises Outdated, Held, and StreamError."""
        topic = await self._kafka.topic(self._trigger.topic)
        places = await self._places(topic)
        key = TriggerKey(
            id=self._trigger.id,
            revision=self._trigger.revision,
            cluster_id=topic.cluster,
            topic_id=topic.id,
        )
        group = f"headrace-{self._trigger.id}"
        async with self._kafka.reading(topic, None, group=group) as reader:
            begins, ends = await reader.bounds()
            await self._check(places, begins, ends)
            first = self._trigger.cluster_id is None and not places
            latest = first and self._trigger.start_at == TriggerStart.LATEST
            fresh = {
                p: (ends if latest else begins)[p] for p in topic.partitions if p not in places
            }
            await self._store.write(
                partial(
                    begin_topic,
                    trigger_id=key.id,
                    revision=key.revision,
                    cluster=topic.cluster,
                    topic=topic.id,
                    places=fresh,
                    ends=ends,
                )
            )
            await self.tell(None)
            places |= fresh
            reader.seek(places)
            await self._follow(reader, key, places)

    async def tell(self, problem: str | None) -> None:
        """Writes down what it waits for."""
        trigger = self._trigger
        await self._store.write(
            partial(note_problem, trigger_id=trigger.id, revision=trigger.revision, problem=problem)
        )

    async def _places(self, topic: Topic) -> Places:
        async with self._store.snapshot() as snapshot:
            rows = (await places_of(snapshot, [self._trigger.id])).get(self._trigger.id, ())
            now = (await triggers_by_id(snapshot, [self._trigger.id])).get(self._trigger.id)
        if now is None or now.revision != self._trigger.revision:
            raise Outdated(self._trigger.id)
        self._trigger = now
        if now.cluster_id is not None and (now.cluster_id, now.topic_id) != (
            topic.cluster,
            topic.id,
        ):
            await self._reset(f"The topic {topic.name} is another one than it was")
        return {row.partition: row.next_offset for row in rows}

    async def _follow(self, reader: "Reader", key: TriggerKey, places: Places) -> None:
        """Ends when the topic has more partitions than the reader knows."""
        loop = asyncio.get_running_loop()
        look_at = loop.time() + _LOOK_SECONDS
        committed = dict(places)
        while True:
            try:
                messages = await reader.batch(_BATCH, wait_seconds=_WAIT_SECONDS)
            except PlaceLost:
                await self._reset("Messages that were not read yet are gone from the topic")
            now = await reader.topic_now()
            if not now.is_same(reader.topic):
                await self._reset(f"The topic {now.name} was made anew")
            if messages:
                await self._handle(messages, key, places)
            if loop.time() >= look_at:
                await self._look(reader, key, places)
                if committed != places:
                    await self._commit(reader, places)
                    committed = dict(places)
                look_at = loop.time() + _LOOK_SECONDS
            if now.partitions != reader.topic.partitions:
                return

    async def _handle(self, messages: Sequence[Message], key: TriggerKey, places: Places) -> None:
        async with self._store.snapshot() as snapshot:
            found = await self._starter.find(snapshot, self._asked)
        if not isinstance(found, Version):
            raise Held(_why_not(self._trigger.pipeline, found))
        handled = [self._handled(message, found) for message in messages]
        found_at = {each.partition: places[each.partition] for each in messages}
        unit = partial(handle_messages, trigger=key, handled=handled, found_at=found_at)
        await self._store.write(unit)
        for message in messages:
            places[message.partition] = message.offset + 1

    def _handled(self, message: Message, found: Version) -> Handled:
        outcome = self._started_by(message, found)
        run, error = (None, outcome) if isinstance(outcome, str) else (outcome, None)
        return Handled(
            partition=message.partition,
            offset=message.offset,
            run=run,
            error=error,
            key=as_text(message.key),
            value=message.text if error is not None else None,
            size_bytes=len(message.value or b""),
            sent_at=message.timestamp,
        )

    def _started_by(self, message: Message, found: Version) -> NewRun | str:
        """The run that a message starts, or why it starts none."""
        value = message.json()
        if value is NO_JSON:
            return "It is no JSON" if message.value is not None else "It has no value"
        params = params_of(self._sources, _given(message, value))
        run = self._starter.bound(found, replace(self._asked, params=params))
        if isinstance(run, Invalid):
            return "; ".join(problem.message for problem in run.problems)[:_LONGEST_ERROR]
        return run

    async def _look(self, reader: "Reader", key: TriggerKey, places: Places) -> None:
        """Now and then: how far the topic goes, and whether it still is what was read."""
        begins, ends = await reader.bounds()
        await self._check(places, begins, ends)
        await self._store.write(partial(note_ends, trigger_id=key.id, ends=ends))

    async def _check(self, places: Places, begins: Places, ends: Places) -> None:
        for partition, place in places.items():
            if partition not in ends or ends[partition] < place:
                end = ends.get(partition, "nowhere")
                await self._reset(
                    f"Partition {partition} ends at {end}, and was read up to {place} before"
                )
            if begins[partition] > place:
                await self._reset(
                    f"Partition {partition} begins at {begins[partition]}, and was read up to"
                    f" {place} only: what is between is gone"
                )

    async def _reset(self, reason: str) -> None:
        """Stops the trigger. Raises Outdated."""
        trigger = self._trigger
        await self._store.write(
            partial(stop_at_reset, trigger_id=trigger.id, revision=trigger.revision, reason=reason)
        )
        _log.warning("triggers.stream_reset: %s: %s", trigger.name, reason)
        raise Outdated(trigger.id)

    async def _commit(self, reader: "Reader", places: Places) -> None:
        try:
            await reader.commit(places)
        except BrokersUnreachable as error:
            # Only for others to see; the place that counts is in the database.
            _log.debug("triggers.uncommitted: %s", error)


def _why_not(name: str, found: Refused) -> str:
    if isinstance(found, Archived):
        return f"The pipeline {name} is archived: messages wait until it is imported again"
    return f"There is no pipeline {name}: messages wait until it is imported"


def _given(message: Message, value: JSONValue) -> Given:
    headers = {name: text for name, data in message.headers if (text := as_text(data)) is not None}
    return Given(
        value=value,
        key=as_text(message.key),
        headers=headers,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp=None if message.timestamp is None else rfc_3339(message.timestamp),
    )
