"""A state of the whole house that many watch (the queue, the workers): read once for all of them.

Invariant: a watcher that has seen another state than the last one is told, and never twice of the
same. Being told is only a hint: the watcher reads in a snapshot of its own and notes what it saw.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from typing import Final, Generic, TypeVar

from headrace.live.signal import Signal
from headrace.live.wakeups import WakeUps
from headrace.store.database import Snapshot, Store
from headrace.store.hints import Hints

T = TypeVar("T")

PACE_SECONDS: Final = 0.25
TICK_SECONDS: Final = 5.0
_REST: Final = 4
_log = logging.getLogger("headrace.live.shared_state")


class Seen(Generic[T]):
    """What one watcher was shown last: noted by whoever shows it."""

    def __init__(self) -> None:
        self.state: T | None = None
        self.began = float("-inf")

    def note(self, state: T, began: float) -> None:
        """`began`: the loop's time before the snapshot was opened."""
        self.state, self.began = state, began


class SharedState(Generic[T]):
    """Reads a state when hints concern it, at most four times a second, and every five seconds.

    Nothing is read while nobody watches. `read` gives what can be compared.
    """

    def __init__(
        self,
        store: Store,
        wakeups: WakeUps,
        *,
        name: str,
        read: Callable[[Snapshot], Awaitable[T]],
        concerns: Callable[[Hints], bool],
        tick_seconds: float = TICK_SECONDS,
    ) -> None:
        self._store, self._wakeups = store, wakeups
        self._name, self._read, self._concerns = name, read, concerns
        self._tick_seconds = tick_seconds
        self._watchers = 0
        self._pump: asyncio.Task[None] | None = None
        self._left: set[asyncio.Task[None]] = set()  # pumps that nobody needs, on their way out
        self._latest: tuple[float, T] | None = None
        self._has_read = Signal()
        self._ask = asyncio.Event()
        self._failed = False
        self._closed = False

    async def show(self, snapshot: Snapshot, seen: Seen[T]) -> T:
        """The state in a watcher's snapshot, noted as seen."""
        began = asyncio.get_running_loop().time()
        state = await self._read(snapshot)
        seen.note(state, began)
        return state

    async def changes(self) -> AsyncGenerator[Seen[T], None]:
        """Yields at once, and then whenever there is something to `show`; ends with `close`."""
        seen: Seen[T] = Seen()
        with self._watching():
            reads = self._has_read.count
            yield seen
            while not self._closed:
                reads = await self._has_read.wait(reads)
                if self._latest is None:
                    continue  # it was closed
                began, state = self._latest
                if began <= seen.began:
                    self._ask.set()  # which of the two is newer, nobody knows
                elif state != seen.state:
                    yield seen

    async def close(self) -> None:
        """Ends every watch. Safe to call twice."""
        self._closed = True
        self._has_read.fire()
        self._leave()
        await asyncio.gather(*self._left, return_exceptions=True)

    @contextlib.contextmanager
    def _watching(self) -> Iterator[None]:
        self._watchers += 1
        if self._pump is None and not self._closed:
            self._pump = asyncio.create_task(self._keep_reading(), name=f"state-{self._name}")
        try:
            yield
        finally:
            self._watchers -= 1
            if not self._watchers:
                self._leave()

    def _leave(self) -> None:
        if self._pump is not None:
            self._left.add(self._pump)
            self._pump.add_done_callback(self._left.discard)
            self._pump.cancel()
            self._pump = self._latest = None

    def _hinted(self, hints: Hints) -> None:
        if hints.everything or self._concerns(hints):
            self._ask.set()

    async def _keep_reading(self) -> None:
        forget = self._wakeups.listen(self._hinted)
        try:
            while True:
                self._ask.clear()
                took = await self._read_once()
                # What comes within this time is told at once; what takes long is read less often.
                await asyncio.sleep(max(PACE_SECONDS, took * _REST))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._tick_seconds):
                        await self._ask.wait()
        finally:
            forget()

    async def _read_once(self) -> float:
        """Reads; the seconds that it took."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with self._store.snapshot() as snapshot:
                self._latest = began, await self._read(snapshot)
        except Exception:
            if not self._failed:  # an outage is logged once
                _log.exception("shared_state.unread: %s", self._name)
            self._failed = True
        else:
            self._failed = False
            self._has_read.fire()
        return loop.time() - began
