"""How what Headrace needs is, by now."""

import asyncio
from dataclasses import dataclass
from typing import Final

from headrace.artifacts.content import ContentStore
from headrace.domain.amounts import amount
from headrace.domain.cloud_events import rfc_3339
from headrace.settings import Settings
from headrace.store.database import Snapshot
from headrace.store.reads.outbox import Lag, outbox_lag
from headrace.store.reads.workers import living_workers

_CHECK_SECONDS: Final = 2.0


@dataclass(frozen=True)
class Check:
    """One thing that must be well, and how it is in words."""

    name: str
    ok: bool
    message: str


async def checks_of(
    settings: Settings, content: ContentStore, snapshot: Snapshot
) -> tuple[Check, ...]:
    """Every check, made now. Whoever has a snapshot knows that the database answers."""
    # Before the first read: until then the snapshot has no transaction that waits for a store.
    stored = await _artifacts(content)
    workers = (await living_workers(snapshot)).value
    stream = await stream_check(settings, snapshot)
    return (
        Check("database", ok=True, message="It answers"),
        stored,
        _workers(workers),
        *(() if stream is None else (stream,)),
    )


async def stream_check(settings: Settings, snapshot: Snapshot) -> Check | None:
    """Whether events go to the stream, or None while streaming is off."""
    return None if settings.stream_backend == "none" else _stream(await outbox_lag(snapshot))


def _stream(lag: Lag) -> Check:
    if lag.problem is None:
        return Check("stream", ok=True, message="The brokers take what is sent")
    since = "a while" if lag.problem_since is None else rfc_3339(lag.problem_since)
    waiting = f"{amount(lag.events, 'event')} {'waits' if lag.events == 1 else 'wait'}"
    waiting = waiting if lag.events else "no event waits"
    return Check("stream", ok=False, message=f"{lag.problem}, since {since}: {waiting}")


async def _artifacts(content: ContentStore) -> Check:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            wrong = await asyncio.to_thread(content.check)
    except TimeoutError:
        wrong = "The artifact store does not answer"
    return Check("artifacts", wrong is None, wrong or "They can be written")


def _workers(count: int) -> Check:
    words = f"{count} {'lives' if count == 1 else 'live'}"
    if not count:
        words = "None lives: runs wait until one starts (headrace worker)"
    return Check("workers", count > 0, words)
