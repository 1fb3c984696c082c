"""What a running block says, on its way to the store: log lines and progress, in batches.

Lines are capped per attempt, and the cap is itself a line: what is over it is counted, and told by
a line of record. Memory is bounded: while many lines wait, the block's output is not read.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from headrace.domain.errors import ClaimLost
from headrace.domain.events import LogLevel, LogStream
from headrace.store.attempt_notes import append_lines, set_progress
from headrace.store.claims import Claim
from headrace.store.clock import wall_ms
from headrace.store.database import Store
from headrace.store.errors import StoreError
from headrace.store.logs import NewLine
from headrace_worker.executors.protocol import LogRecord

_FLUSH_SECONDS = 0.1
_PAUSE_LINES = 5_000
_LINES_AT_ONCE = 2_000
_LINE_OVERHEAD_BYTES = 32


class Notes:
    """Of one attempt. `pause` and `resume` stop and start the reading of the block's output."""

    def __init__(self, store: Store, claim: Claim, most_bytes: int) -> None:
        self._store = store
        self._claim = claim
        self._bytes_left = most_bytes
        self._most_bytes = most_bytes
        self._lines: list[NewLine] = []
        self._omitted = 0
        self._progress: tuple[int, int | None] | None = None
        self._told: tuple[int, int | None] = (0, None)
        self._due: asyncio.TimerHandle | None = None
        self._flusher: asyncio.Task[None] | None = None
        self._closed = False
        self.pause: Callable[[], None] = lambda: None
        self.resume: Callable[[], None] = lambda: None

    def log(self, records: Sequence[LogRecord]) -> None:
        for record in records:
            size = len(record.message.encode()) + _LINE_OVERHEAD_BYTES
            if size > self._bytes_left:
                self._bytes_left = min(self._bytes_left, 0)  # one line over ends it for good
                self._omitted += 1
                continue
            self._bytes_left -= size
            self._lines.append(
                NewLine(
                    at=record.at,
                    level=int(record.level),
                    stream=record.stream.value,
                    message=record.message,
                )
            )
        if len(self._lines) > _PAUSE_LINES:
            self.pause()
        self._schedule()

    def progress(self, done: int, total: int | None) -> None:
        """The latest; within an attempt neither rows nor their fraction of the total ever falls."""
        last_done, last_total = self._told
        done = max(done, last_done)
        if last_total and (not total or done * last_total < last_done * total):
            total = last_total  # a guess that grew: it counts once the rows have caught up
        self._told = self._progress = (done, total)
        self._schedule()

    async def flush(self) -> None:
        """Everything said so far, durable (a line that marks omitted ones waits for the end)."""
        while self._lines:
            part = self._lines[:_LINES_AT_ONCE]
            append = partial(append_lines, claim=self._claim, lines=part)
            await self._store.write(append, about=self._claim.place)
            del self._lines[: len(part)]  # not before: a write that fails is tried again

    async def close(self) -> list[NewLine]:
        """Takes no more; the lines that are left, few enough for the unit that ends the attempt."""
        self._closed = True
        if self._due is not None:
            self._due.cancel()
        if self._flusher is not None:
            await self._flusher
        if len(self._lines) > _LINES_AT_ONCE:
            await self.flush()
        if self._omitted:
            self._lines.append(self._cap_line())
        return self._lines

    def _cap_line(self) -> NewLine:
        return NewLine(
            at=wall_ms(),
            level=int(LogLevel.WARNING),
            stream=LogStream.LOG.value,
            message=(
                f"{self._omitted:,} lines not kept: an attempt keeps {self._most_bytes:,} bytes"
                " of log (LOG_BYTES_PER_ATTEMPT)"
            ),
            omitted=self._omitted,
        )

    def _schedule(self) -> None:
        """What came is written a little later, with what else comes until then."""
        if self._due is None and self._flusher is None and not self._closed:
            loop = asyncio.get_running_loop()
            self._due = loop.call_later(_FLUSH_SECONDS, self._begin_flush)

    def _begin_flush(self) -> None:
        self._due = None
        name = f"notes-{self._claim.run_id}-{self._claim.position}"
        self._flusher = asyncio.create_task(self._flush_now(), name=name)

    async def _flush_now(self) -> None:
        try:
            await self.write_progress()
            await self.flush()
            self.resume()
        except ClaimLost:
            self._lines.clear()  # the attempt is somebody else's; the heartbeat ends it
        except StoreError:
            return  # the lines are kept; the next one that comes tries again
        finally:
            self._flusher = None
        if self._lines or self._progress:
            self._schedule()

    def take_progress(self) -> tuple[int, int | None] | None:
        """(rows done, total) that were told and are not written yet."""
        progress, self._progress = self._progress, None
        return progress

    async def write_progress(self) -> None:
        """The latest progress, durable."""
        progress = self.take_progress()
        if progress is not None:
            done, total = progress
            put = partial(set_progress, claim=self._claim, done=done, total=total)
            await self._store.write(put, about=self._claim.place)
