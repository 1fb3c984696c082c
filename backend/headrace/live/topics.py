"""What is live of one run: a bounded ring of recent events, and the latest progress."""

import asyncio
import itertools
from collections import deque
from collections.abc import Iterable

from headrace.domain.events import TERMINAL_EVENT_KINDS, RunEventKind
from headrace.live.reads import PAGE, ProgressRow
from headrace.live.signal import Signal
from headrace.store.reads.events import EventRow

RING = 1_000


class RunTopic:
    """What is live of one run. `changed` fires after every change of the fields."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.changed = Signal()
        self.watchers = 0
        self.floor = 0  # the ring holds floor < seq <= top
        self.top = 0
        self.log_top = 0
        self.over = False
        self.gone = False  # there is no such run
        self.closed = False  # the hub ended: watchers are to leave, and come back by cursor
        self.ring: deque[EventRow] = deque()
        self.progress: dict[str, tuple[int, ProgressRow]] = {}  # by block: (version, latest)
        self.progress_version = 0
        self.ask = asyncio.Event()
        self.ask_progress = False

    @property
    def is_left(self) -> bool:
        """Whether nothing more will come: the run was deleted, or the hub ended."""
        return self.gone or self.closed

    def events_after(self, seq: int) -> list[EventRow] | None:
        """Up to PAGE events after `seq` from the ring, or None when it does not reach back
        so far.
        """
        if seq < self.floor:
            return None
        skip = seq - self.floor
        return list(itertools.islice(self.ring, skip, skip + PAGE))

    def add_events(self, found: Iterable[EventRow]) -> list[EventRow]:
        """Takes the events that follow on the newest one, in order; those that it took."""
        taken = []
        for row in found:
            if row.seq == self.top + 1:
                taken.append(row)
                self.top = row.seq
                self._follow(row)
        self.ring.extend(taken)
        while len(self.ring) > RING:
            self.floor = self.ring.popleft().seq
        return taken

    def _follow(self, row: EventRow) -> None:
        if row.kind in TERMINAL_EVENT_KINDS:
            self.over = True
        elif row.kind != RunEventKind.ARTIFACT_CREATED and row.block is not None:
            self.progress.pop(row.block, None)  # it is of an attempt that is over

    def set_progress(self, found: list[ProgressRow]) -> None:
        self.progress_version += 1
        running = {row.block for row in found}
        for block in self.progress.keys() - running:
            del self.progress[block]
        for row in found:
            known = self.progress.get(row.block)
            if known is None or known[1] != row:
                self.progress[row.block] = (self.progress_version, row)
