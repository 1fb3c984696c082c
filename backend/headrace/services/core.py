"""What one process of Headrace has open, put together from its settings: the composition root.

The API and the worker each take a `Services`; a process that is both shares one, and so has one
writer.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from headrace.artifacts.content import ContentStore
from headrace.artifacts.roots import Roots
from headrace.artifacts.signing import Signer
from headrace.blocks.registry import Catalogue
from headrace.live.hub import Hub
from headrace.live.metrics import Metrics
from headrace.live.wakeups import WakeUps
from headrace.services.sweeper import Sweeper, SweepLimits
from headrace.services.watches import Watches
from headrace.settings import Settings
from headrace.store.database import Store

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


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Opens the database (made or migrated if need be), joins its other processes, and sweeps.

    Raises StoreError when the database cannot be opened.
    """
    store = await Store.open(settings.sqlite_path)
    wakeups = WakeUps(store)
    metrics = Metrics()
    wakeups.listen(metrics.hinted)
    hub = Hub(store, wakeups, metrics)
    watches = Watches.of(settings, store, wakeups)
    content = ContentStore(settings.artifacts_dir)
    sweeper = Sweeper(store, wakeups, content, _limits(settings))
    sweeper.start()
    try:
        yield Services(
            settings=settings,
            store=store,
            wakeups=wakeups,
            hub=hub,
            watches=watches,
            metrics=metrics,
            catalogue=_catalogue(),
            content=content,
            signer=_signer(settings),
            roots=_roots(settings),
        )
    finally:
        await hub.close()
        await watches.close()
        await sweeper.stop()
        await store.close()
        wakeups.close()


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
