"""Which runs changed, for those who watch lists: hints at once, and a sweep for hints that got
lost.

It begins with the runs that changed in the last 10 s, so a client that subscribes first and queries
second misses nothing; the same (run, seq) is told once.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator

from sqlalchemy import bindparam, select

from headrace.live.signal import Signal
from headrace.live.wakeups import WakeUps
from headrace.store.database import Store
from headrace.store.hints import Hints
from headrace.store.tables import runs

_BACK_MS = 10_000
_OVERLAP_MS = 5_000
_SWEEP_SECONDS = 2.0
_MOST = 500
_REMEMBERED = 10_000
_AFTER_ALL = 2**62  # the seq under which a deletion is told

_CHANGED = (
    select(runs.c.id, runs.c.last_seq)
    .where(runs.c.changed_at >= bindparam("since"))
    .order_by(runs.c.changed_at.desc())
    .limit(bindparam("most"))
)


async def changed_runs(store: Store, wakeups: WakeUps) -> AsyncIterator[list[str]]:
    """Ids of runs that changed or went, oldest first; many changes of one run come as one."""
    watcher = _Watcher()
    stop = wakeups.listen(watcher.hinted)
    try:
        since: int | None = None
        while True:
            seen = watcher.signal.count
            if watcher.sweep:
                watcher.sweep = False
                async with store.snapshot() as snapshot:
                    started = (await snapshot.moment()).now
                    after = started - _BACK_MS if since is None else since
                    found = await snapshot.all(_CHANGED, since=after, most=_MOST)
                watcher.note({row.id: row.last_seq for row in reversed(found)})
                since = started - _OVERLAP_MS
            if ids := watcher.take():
                yield ids
            try:
                async with asyncio.timeout(_SWEEP_SECONDS):
                    await watcher.signal.wait(seen)
            except TimeoutError:
                watcher.sweep = True
    finally:
        stop()


class _Watcher:
    def __init__(self) -> None:
        self.signal = Signal()
        self.sweep = True
        self._pending: dict[str, int] = {}
        self._told: OrderedDict[str, int] = OrderedDict()

    def hinted(self, hints: Hints) -> None:
        if hints.everything:
            self.sweep = True
        elif hints.runs or hints.removed:
            self.note(hints.runs)
            self.note(dict.fromkeys(hints.removed, _AFTER_ALL))
        else:
            return
        self.signal.fire()

    def note(self, changes: dict[str, int]) -> None:
        for run_id, seq in changes.items():
            if self._told.get(run_id, -1) < seq:
                self._pending[run_id] = max(seq, self._pending.get(run_id, 0))
        if len(self._pending) > _MOST:  # a reader that slow finds the rest by sweeping
            self.sweep = True
            for run_id in list(self._pending)[: len(self._pending) - _MOST]:
                del self._pending[run_id]

    def take(self) -> list[str]:
        taken, self._pending = self._pending, {}
        for run_id, seq in taken.items():
            self._told[run_id] = seq
            self._told.move_to_end(run_id)
        while len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        return list(taken)
