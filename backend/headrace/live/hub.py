"""One hub a process: it watches the runs that somebody watches.

Per run it keeps a bounded ring of recent events, read once for all watchers; a watcher is only a
position. Who lags behind the ring reads the database, so a slow reader holds no memory and gets no
hole.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from headrace.domain.lifecycle import RUN_TERMINAL
from headrace.live.metrics import Metrics
from headrace.live.reads import (
    PAGE,
    events_after,
    heads_of,
    progress_of,
    run_head,
)
from headrace.live.topics import RunTopic
from headrace.live.wakeups import WakeUps
from headrace.store.clock import wall_ms
from headrace.store.database import Snapshot, Store
from headrace.store.hints import Hints
from headrace.store.reads.events import EventRow

_PROGRESS_SECONDS = 0.25
_SWEEP_SECONDS = 5.0
_log = logging.getLogger("headrace.live.hub")


class Hub:
    """Watches runs on behalf of subscriptions."""

    def __init__(self, store: Store, wakeups: WakeUps, metrics: Metrics | None = None) -> None:
        self.store = store
        self.wakeups = wakeups
        self._metrics = metrics or Metrics()
        self._topics: dict[str, RunTopic] = {}
        self._pumps: dict[str, asyncio.Task[None]] = {}
        self._forget = wakeups.listen(self._hinted)
        self._sweep: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def watch(self, run_id: str) -> AsyncIterator[RunTopic]:
        """Registers first; read the backlog inside. The topic is up to date with the database."""
        topic = self._topics.get(run_id)
        if topic is None:
            topic = self._topics[run_id] = RunTopic(run_id)
            self._pumps[run_id] = asyncio.create_task(self._pump(topic), name=f"pump-{run_id}")
        if self._sweep is None:
            self._sweep = asyncio.create_task(self._sweep_slowly(), name="hub-sweep")
        topic.watchers += 1
        try:
            if topic.changed.count == 0:
                await topic.changed.wait(0)
            yield topic
        finally:
            topic.watchers -= 1
            if topic.watchers == 0:
                del self._topics[run_id]
                self._pumps.pop(run_id).cancel()

    async def close(self) -> None:
        """Ends every watch: each sees its topic as closed. Safe to call twice."""
        self._forget()
        pumps = list(self._pumps.values())
        if self._sweep is not None:
            pumps.append(self._sweep)
            self._sweep = None
        for topic in self._topics.values():
            topic.closed = True
            topic.changed.fire()
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)

    def _hinted(self, hints: Hints) -> None:
        if hints.everything:
            touched = set(self._topics)
        else:
            touched = self._topics.keys() & (
                hints.runs.keys() | hints.logs.keys() | hints.progress | hints.removed
            )
        for run_id in touched:
            topic = self._topics[run_id]
            if not self._follow(topic, hints):
                topic.ask_progress |= hints.everything or run_id in hints.progress
                topic.ask.set()

    def _follow(self, topic: RunTopic, hints: Hints) -> bool:
        """Takes what a commit of this process brings along; False where a read is needed."""
        run_id = topic.run_id
        if hints.everything or topic.changed.count == 0 or run_id in hints.progress | hints.removed:
            return False
        now = wall_ms()
        for row in topic.add_events(EventRow(**row) for row in hints.events.get(run_id, ())):
            self._metrics.event_lag_seconds.observe((now - row.at) / 1000)
        topic.log_top = max(topic.log_top, hints.logs.get(run_id, 0))
        topic.changed.fire()
        return topic.top >= hints.runs.get(run_id, 0)

    async def _sweep_slowly(self) -> None:
        """Finds what no hint told of: the heads of all watched runs, in one read."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            try:
                async with self.store.snapshot() as snapshot:
                    heads = await heads_of(snapshot, list(self._topics))
            except Exception:
                _log.exception("hub.sweep_failed")
                continue
            for topic in list(self._topics.values()):
                head = heads.get(topic.run_id)
                if head is None or (topic.top, topic.log_top) != (head.last_seq, head.last_log_seq):
                    topic.ask_progress = True
                    topic.ask.set()

    async def _pump(self, topic: RunTopic) -> None:
        """Keeps one topic in step with the database until nobody watches it."""
        first = True
        next_progress = 0.0
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with self.store.snapshot() as snapshot:
                    await self._refresh(topic, snapshot, first=first)
                    if topic.ask_progress and loop.time() >= next_progress:
                        topic.ask_progress = False
                        next_progress = loop.time() + _PROGRESS_SECONDS
                        topic.set_progress(await progress_of(snapshot, topic.run_id))
                first = False
                topic.changed.fire()
            except Exception:
                _log.exception("hub.pump_failed", extra={"run": topic.run_id})
            wait = max(0.01, next_progress - loop.time()) if topic.ask_progress else None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await topic.ask.wait()
            topic.ask.clear()

    async def _refresh(self, topic: RunTopic, snapshot: Snapshot, *, first: bool) -> None:
        head = await run_head(snapshot, topic.run_id)
        if head is None:
            topic.gone = True
            return
        if first:
            # A short log fits the ring: the first watcher's backlog then needs no read of its own.
            topic.floor = topic.top = head.last_seq if head.last_seq > PAGE else 0
            topic.ask_progress = head.status not in RUN_TERMINAL
        while topic.top < head.last_seq:
            now = wall_ms()
            for row in topic.add_events(await events_after(snapshot, topic.run_id, topic.top)):
                self._metrics.event_lag_seconds.observe((now - row.at) / 1000)
        # A commit may have brought more meanwhile: what is known never goes back.
        topic.log_top = max(topic.log_top, head.last_log_seq)
        topic.over |= head.status in RUN_TERMINAL
