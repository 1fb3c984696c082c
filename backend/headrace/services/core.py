"""What one process of Headrace has open, put together from its settings: the composition root.

The API and the worker each take a `Services`; a process that is both shares one, and so has one
writer.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headrace.artifacts.content import ContentPlace, ContentStore, content_store
from headrace.artifacts.errors import ContentUnavailable
from headrace.artifacts.roots import Roots
from headrace.artifacts.signing import Signer
from headrace.blocks.registry import Catalogue
from headrace.live.hint_topic import HintTopic, hint_topic_of
from headrace.live.hub import Hub
from headrace.live.metrics import Metrics
from headrace.live.wakeups import WakeUps
from headrace.services.binding import Binder
from headrace.services.firing import Firing
from headrace.services.run_requests import Starter
from headrace.services.streams import Streams, kafka_of
from headrace.services.sweeper import Sweeper, SweepLimits
from headrace.services.watches import Watches
from headrace.settings import Settings
from headrace.store.database import Store

if TYPE_CHECKING:
    from headrace.services.relay import Relay
    from headrace.services.trigger_runner import TriggerRunner
    from headrace.streams.kafka import Kafka

_log = logging.getLogger("headrace.services")


@dataclass(frozen=True, kw_only=True)
class Services:
    """Open for as long as `open_services` is entered."""

    settings: Settings
    store: Store
    wakeups: WakeUps
    hub: Hub
    watches: Watches
    metrics: Metrics
    catalogue: Catalogue
    content: ContentStore
    signer: Signer
    roots: Roots
    streams: Streams
    starter: Starter


@asynccontextmanager
async def open_services(
    settings: Settings, *, triggers_too: bool = True
) -> AsyncIterator[Services]:
    """Opens the database (made or migrated if need be), joins its other processes, and sweeps.

    Raises StoreError when the database cannot be opened, ExtraMissing when a package is missing,
    and StoreUnfit for an object store that can never do; one that only does not answer is waited
    for.
    """
    kafka = kafka_of(settings)
    content = await _content(settings)
    topic = _hint_topic(settings, kafka)
    store = await Store.open(settings.database, notifies=topic is None)
    streams = Streams(kafka, settings.kafka_topic_default, store)
    binder = Binder(settings=settings, catalogue=_catalogue(), roots=_roots(settings))
    starter = Starter(binder=binder, published=streams.on)
    wakeups = WakeUps(store, topic)
    metrics = Metrics()
    wakeups.listen(metrics.hinted)
    hub = Hub(store, wakeups, metrics)
    watches = Watches.of(settings, content, store, wakeups)
    sweeper = Sweeper(store, wakeups, content, Firing(store, starter), _limits(settings))
    sweeper.start()
    duties = _stream_duties(
        store,
        wakeups,
        streams,
        starter,
        lease_seconds=settings.lease_seconds,
        triggers_too=triggers_too,
    )
    try:
        yield Services(
            settings=settings,
            store=store,
            wakeups=wakeups,
            hub=hub,
            watches=watches,
            metrics=metrics,
            catalogue=binder.catalogue,
            content=content,
            signer=_signer(settings),
            roots=binder.roots,
            streams=streams,
            starter=starter,
        )
    finally:
        await hub.close()
        await watches.close()
        await sweeper.stop()
        for duty in reversed(duties):
            await duty.stop()
        await streams.close()
        await store.close()
        await wakeups.close()


def _stream_duties(
    store: Store,
    wakeups: WakeUps,
    streams: Streams,
    starter: Starter,
    *,
    lease_seconds: float,
    triggers_too: bool,
) -> "list[Relay | TriggerRunner]":
    """What goes between the database and the stream, started; without one it is not even loaded."""
    if streams.kafka is None:
        return []
    from headrace.services.relay import Relay
    from headrace.services.trigger_runner import TriggerRunner

    duties: list[Relay | TriggerRunner] = [
        Relay(store, wakeups, streams, lease_seconds=lease_seconds)
    ]
    if triggers_too:
        duties.append(TriggerRunner(store, wakeups, streams, starter, lease_seconds=lease_seconds))
    for duty in duties:
        duty.start()
    return duties


def _hint_topic(settings: Settings, kafka: "Kafka | None") -> HintTopic | None:
    if settings.wakeups == "database" or kafka is None:
        return None
    return HintTopic(kafka, hint_topic_of(settings.kafka_topic_default))


async def _content(settings: Settings) -> ContentStore:
    content = content_store(
        ContentPlace(
            folder=settings.artifacts_dir,
            url=settings.artifacts_url,
            public_url=settings.artifacts_public_url,
        )
    )
    try:
        await asyncio.to_thread(content.prepare)
    except ContentUnavailable as error:
        _log.error("services.artifact_store_unavailable: %s", error)
    return content


def _limits(settings: Settings) -> SweepLimits:
    return SweepLimits(
        queue_timeout_seconds=settings.queue_timeout_seconds,
        max_worker_losses=settings.max_worker_losses,
        retention_days=settings.retention_days,
        ledger_retention_days=settings.ledger_retention_days,
    )


def _catalogue() -> Catalogue:
    found = Catalogue.discover()
    for warning in found.warnings:
        # A broken plugin costs itself alone, but not without a word.
        _log.warning("services.block_left_out %s", warning)
    return found


def _signer(settings: Settings) -> Signer:
    return Signer(
        secret=settings.secret_key,
        previous=settings.secret_key_previous,
        ttl_seconds=settings.signed_url_ttl_seconds,
    )


def _roots(settings: Settings) -> Roots:
    return Roots(
        allowed=settings.allowed_roots,
        data_dir=settings.data_dir,
        artifacts_dir=settings.artifacts_dir,
        forbidden=(settings.sqlite_path,),
    )
