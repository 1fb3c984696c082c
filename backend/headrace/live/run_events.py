"""A run's events: the backlog after a cursor, then live, each once, in order; ends on the last one.

The subscription registers first, reads the backlog second, then drains by seq.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from headrace.domain.errors import HeadraceError
from headrace.domain.events import RUN_STATUS_OF, TERMINAL_EVENT_KINDS, RunEventKind
from headrace.domain.lifecycle import RunStatus
from headrace.live.hub import Hub
from headrace.live.reads import ProgressRow, events_after, status_at
from headrace.live.topics import RunTopic
from headrace.store.reads.events import EventRow


class RunMissing(HeadraceError):
    """There is no such run (any more)."""


@dataclass(frozen=True)
class EventPage:
    """All events with after_seq < seq <= through_seq that match, or progress; never both.

    `status` is the run's at through_seq.
    """

    after_seq: int
    through_seq: int
    events: list[EventRow]
    progress: list[ProgressRow]
    status: RunStatus


async def run_events(
    hub: Hub, run_id: str, after_seq: int = 0, kinds: frozenset[RunEventKind] | None = None
) -> AsyncIterator[EventPage]:
    """Pages of events after `after_seq`. Raises RunMissing when there is no such run.

    Ends after the page with the run's terminal event, at once if `after_seq` is at or past it.
    When the server stops, it ends early: resume by cursor.
    """
    async with hub.watch(run_id) as topic:
        if topic.gone:
            raise RunMissing(f"no run {run_id}")
        reader = _Reader(hub, topic, after_seq, kinds)
        await reader.begin()
        while True:
            seen = topic.changed.count
            async for page in reader.drain():
                yield page
            if reader.ended or topic.is_left:
                return
            if (page_of_progress := reader.progress()) is not None:
                yield page_of_progress
            await topic.changed.wait(seen)


class _Reader:
    """One subscriber's position in a run's log."""

    def __init__(
        self, hub: Hub, topic: RunTopic, after: int, kinds: frozenset[RunEventKind] | None
    ) -> None:
        self._hub = hub
        self._topic = topic
        self._at = after  # read up to here
        self._sent = after  # through_seq of the page that was sent last
        self._kinds = kinds
        self._status = RunStatus.QUEUED  # at _at
        self._sent_status = RunStatus.QUEUED  # at _sent
        self._progress_seen = 0
        self.ended = False

    async def begin(self) -> None:
        if self._at > 0:
            async with self._hub.store.snapshot() as snapshot:
                self._status = await status_at(snapshot, self._topic.run_id, self._at)
        self._sent_status = self._status

    async def drain(self) -> AsyncIterator[EventPage]:
        """Pages up to what is known now."""
        # Whoever saw the end at another replica comes with its cursor, and this one may lag.
        self.ended = self._topic.over and self._at >= self._topic.top
        while self._at < self._topic.top and not self.ended:
            found = self._topic.events_after(self._at)
            if found is None:
                async with self._hub.store.snapshot() as snapshot:
                    found = await events_after(snapshot, self._topic.run_id, self._at)
            if not found:
                return
            if (page := self._page(found)) is not None:
                yield page

    def _page(self, found: list[EventRow]) -> EventPage | None:
        for row in found:
            kind = RunEventKind(row.kind)
            self._status = RUN_STATUS_OF.get(kind, self._status)
            self.ended = kind in TERMINAL_EVENT_KINDS
        self._at = found[-1].seq
        kinds = self._kinds
        kept = found if kinds is None else [row for row in found if row.kind in kinds]
        if not kept and not self.ended:
            return None  # the next page that is sent passes over it
        page = EventPage(self._sent, self._at, kept, [], self._status)
        self._sent, self._sent_status = self._at, self._status
        return page

    def progress(self) -> EventPage | None:
        """What moved since the last call: of every running block the first time."""
        fresh = [
            row for version, row in self._topic.progress.values() if version > self._progress_seen
        ]
        self._progress_seen = self._topic.progress_version
        if not fresh:
            return None
        return EventPage(self._sent, self._sent, [], fresh, self._sent_status)
