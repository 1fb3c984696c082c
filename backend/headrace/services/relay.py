"""The relay: brings events of record to the stream, in the order of each run's log, at least once.

One process does it for all. It reads what is not in the stream yet, sends it, and then notes how
far each run has come; whoever takes over after a crash sends again what was not noted, in the same
order and with the same ids. While no broker answers, events wait in the database.
"""

import asyncio
import contextlib
import json
import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from headrace.domain.cloud_events import CONTENT_TYPE, EventFacts, RunFacts, encoded, rfc_3339
from headrace.live.wakeups import WakeUps
from headrace.services.duties import Duty, ended
from headrace.services.streams import Streams
from headrace.store.database import Store
from headrace.store.errors import StoreError
from headrace.store.hints import Hints
from headrace.store.outbox import mark_published
from headrace.store.reads.events import EventRow
from headrace.store.reads.outbox import RELAY, Due, due_events
from headrace.streams.errors import StreamError

if TYPE_CHECKING:
    from headrace.streams.sending import Sender

_LOOK_SECONDS: Final = 1.0
_PACE_SECONDS: Final = 0.02
_SEND_SECONDS: Final = 4.0
_PING_SECONDS: Final = 5.0
_LONGEST_REST: Final = 5.0
_LAST_PASS_SECONDS: Final = 3.0
_log = logging.getLogger("headrace.services.relay")

_ARTIFACT: Final = "ARTIFACT_CREATED"
_WORKER: Final = "WORKER_LOST"


@dataclass(frozen=True)
class _Pause:
    """How long to wait; news end it sooner, unless it is `patient`."""

    seconds: float
    patient: bool = False


class Relay:
    """One a process. `start` and `stop` may be called in any order and more than once."""

    def __init__(
        self, store: Store, wakeups: WakeUps, streams: Streams, *, lease_seconds: float
    ) -> None:
        self._store = store
        self._streams = streams
        self._duty = Duty(RELAY, store, wakeups, seconds=lease_seconds)
        self._sender: Sender | None = None
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._ping_at = 0.0
        self._rest = _LOOK_SECONDS
        self._forget = wakeups.listen(self._hinted)

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._loop(), name="relay")

    async def stop(self) -> None:
        """Sends what there is, if that is quick, and leaves the work to others."""
        task, self._task = self._task, None
        if task is None:
            return
        self._forget()
        await ended(task)
        with contextlib.suppress(StoreError, StreamError, TimeoutError):
            async with asyncio.timeout(_LAST_PASS_SECONDS):
                while self._duty.lease is not None and await self._bring():
                    pass
        await self._drop_sender()
        with contextlib.suppress(StoreError):
            await self._duty.give_back()

    async def run_once(self) -> _Pause:
        """Brings what is due, if that is this process's work; says when to look again."""
        if await self._duty.hold() is None:
            await self._drop_sender()
            return _Pause(_LOOK_SECONDS)
        try:
            moved = await self._bring()
            if not moved:
                await self._ping()
        except StreamError as error:
            return await self._held_up(error)
        self._rest = _LOOK_SECONDS
        if await self._duty.tell(None):
            _log.info("relay.goes_on")
        return _Pause(_PACE_SECONDS, patient=True) if moved else _Pause(_LOOK_SECONDS)

    async def _bring(self) -> int:
        """Sends one page of what is due; how many runs moved on. Raises StreamError."""
        async with self._store.snapshot() as snapshot:
            due = await due_events(snapshot)
        lease = self._duty.lease
        if not due or lease is None:
            return 0
        self._sender = self._sender or await self._streams.sender()
        sent, error = await self._send(self._sender, due)
        if sent:
            began = asyncio.get_running_loop().time()
            mark = partial(mark_published, lease=lease, published=sent, seconds=self._duty.seconds)
            if not await self._store.write(mark):
                self._duty.lost()
                return 0
            self._duty.renewed(began)
        if error is not None:
            raise error
        return len(sent)

    async def _send(
        self, sender: "Sender", due: Sequence[Due]
    ) -> tuple[dict[str, int], StreamError | None]:
        """(the last seq in the stream of each run that moved on, what stopped the others)."""
        topic = self._streams.default_topic
        partitions = await sender.partitions(topic, timeout=_SEND_SECONDS)
        lanes: dict[int, list[tuple[str, int, bytes]]] = {}
        for run in due:
            lane = lanes.setdefault(sender.partition_of(run.run_id.encode(), partitions), [])
            facts = RunFacts(run_id=run.run_id, pipeline=run.pipeline, version=run.version)
            lane += [(run.run_id, row.seq, encoded(facts, _facts(row))) for row in run.events]
        sent: dict[str, int] = {}
        results = await asyncio.gather(
            *(self._send_lane(sender, part, lane, sent) for part, lane in lanes.items()),
            return_exceptions=True,
        )
        errors = [each for each in results if isinstance(each, BaseException)]
        for error in errors:
            if not isinstance(error, StreamError):
                raise error
        return sent, errors[0] if errors else None  # type: ignore[return-value] # all are

    async def _send_lane(
        self,
        sender: "Sender",
        partition: int,
        lane: Sequence[tuple[str, int, bytes]],
        sent: dict[str, int],
    ) -> None:
        """One partition's events, each batch confirmed before the next one is sent, for a while."""
        at = 0
        enough = asyncio.get_running_loop().time() + self._duty.seconds / 3
        while at < len(lane) and asyncio.get_running_loop().time() < enough:
            count = await sender.send_in_order(
                self._streams.default_topic,
                partition,
                [(run.encode(), value) for run, _, value in lane[at:]],
                content_type=CONTENT_TYPE,
                timeout=_SEND_SECONDS,
            )
            sent.update({run: seq for run, seq, _ in lane[at : at + count]})
            at += count

    async def _ping(self) -> None:
        """Now and then, where nothing is to be sent: whether it could be. Raises StreamError."""
        now = asyncio.get_running_loop().time()
        if now >= self._ping_at:
            self._ping_at = now + _PING_SECONDS
            await self._streams.ping()

    async def _held_up(self, error: StreamError) -> _Pause:
        await self._drop_sender()
        if await self._duty.tell(str(error)):  # an outage is logged once
            _log.warning("relay.held_up: %s", error)
        self._rest = min(self._rest * 1.5, _LONGEST_REST)
        self._ping_at = 0.0
        return _Pause(self._rest * random.uniform(0.7, 1.0), patient=True)

    async def _drop_sender(self) -> None:
        sender, self._sender = self._sender, None
        if sender is not None:
            await sender.abort()

    def _hinted(self, hints: Hints) -> None:
        if self._duty.lease is not None and (hints.runs or hints.everything):
            self._news.set()

    async def _loop(self) -> None:
        pause, failed = _Pause(0), False
        while True:
            if pause.patient:
                await asyncio.sleep(pause.seconds)
            else:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause.seconds):
                        await self._news.wait()
            self._news.clear()
            try:
                pause, failed = await self.run_once(), False
            except StoreError as error:
                if not failed:  # an outage is logged once
                    _log.error("relay.store_unavailable: %s", error)
                failed, pause = True, _Pause(_LOOK_SECONDS * random.uniform(1, 3), patient=True)
            except Exception:
                _log.exception("relay.failed")
                await self._drop_sender()
                pause = _Pause(_LOOK_SECONDS * random.uniform(1, 3), patient=True)


def _facts(row: EventRow) -> EventFacts:
    error: Mapping[str, object] | None = None if row.error is None else json.loads(row.error)
    return EventFacts(
        seq=row.seq,
        time=rfc_3339(row.at),
        kind=row.kind,
        message=row.message,
        block=row.block,
        status=row.status,
        attempt=row.attempt,
        error=None if error is None else dict(error),
        artifact=row.ref if row.kind == _ARTIFACT else None,
        worker=row.ref if row.kind == _WORKER else None,
    )
