"""Who runs the triggers: one process does it for all, a task for each that is ACTIVE.

What is read and started is guarded by the database alone, so two processes that both think that
they have the duty start no run twice.
"""

import asyncio
import contextlib
import json
import logging
import random
from typing import Final

from headrace.live.wakeups import WakeUps
from headrace.services.duties import Duty, ended
from headrace.services.run_requests import Starter
from headrace.services.streams import Streams
from headrace.services.trigger_reader import Held, TriggerReader
from headrace.store.database import Store
from headrace.store.errors import StoreError
from headrace.store.hints import Hints
from headrace.store.reads.triggers import TriggerRow, active_triggers
from headrace.store.triggers import Outdated
from headrace.streams.errors import StreamError

_LOOK_SECONDS: Final = 1.0
_LONGEST_REST: Final = 5.0
_log = logging.getLogger("headrace.services.triggers")


class TriggerRunner:
    """One a process. `start` and `stop` may be called in any order and more than once."""

    def __init__(
        self,
        store: Store,
        wakeups: WakeUps,
        streams: Streams,
        starter: Starter,
        *,
        lease_seconds: float,
    ) -> None:
        self._store = store
        self._streams = streams
        self._starter = starter
        self._duty = Duty("triggers", store, wakeups, seconds=lease_seconds)
        self._task: asyncio.Task[None] | None = None
        self._readers: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._news = asyncio.Event()
        self._forget = wakeups.listen(self._hinted)

    def start(self) -> None:
        if self._task is None and self._streams.on:
            self._task = asyncio.create_task(self._loop(), name="triggers")

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is None:
            return
        self._forget()
        await ended(task)
        await self._keep(set())
        with contextlib.suppress(StoreError):
            await self._duty.give_back()

    async def run_once(self) -> None:
        """Starts the readers that are missing and ends those that are not wanted any more."""
        if await self._duty.hold() is None:
            await self._keep(set())
            return
        async with self._store.snapshot() as snapshot:
            wanted = {(row.id, row.revision): row for row in await active_triggers(snapshot)}
        await self._keep(set(wanted))
        for key, row in wanted.items():
            if key not in self._readers or self._readers[key].done():
                self._readers[key] = asyncio.create_task(
                    self._read(row), name=f"trigger-{row.name}"
                )

    async def _keep(self, wanted: set[tuple[str, int]]) -> None:
        gone = {key: task for key, task in self._readers.items() if key not in wanted}
        await asyncio.gather(*(ended(task) for task in gone.values()))
        for key in gone:
            del self._readers[key]

    async def _read(self, row: TriggerRow) -> None:
        """Reads again and again; what stops it is written down once."""
        kafka = self._streams.kafka
        assert kafka is not None
        reader = TriggerReader(self._store, kafka, self._starter, row, json.loads(row.params))
        said, rest = row.problem, _LOOK_SECONDS
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await reader.read()
            except Outdated:
                return  # whoever changed it is told to everybody, and another reader begins
            except (StreamError, Held, StoreError) as error:
                if str(error) != said:
                    _log.warning("triggers.held_up: %s: %s", row.name, error)
                    said = str(error)
                with contextlib.suppress(StoreError):
                    await reader.tell(said)
            except Exception:
                _log.exception("triggers.failed: %s", row.name)
            if asyncio.get_running_loop().time() - began > _LONGEST_REST:
                said, rest = None, _LOOK_SECONDS
            await asyncio.sleep(rest * random.uniform(0.7, 1.0))
            rest = min(rest * 1.5, _LONGEST_REST)

    def _hinted(self, hints: Hints) -> None:
        if hints.workers or hints.everything:
            self._news.set()

    async def _loop(self) -> None:
        failed = False
        while True:
            try:
                await self.run_once()
                failed = False
            except StoreError as error:
                if not failed:  # an outage is logged once
                    _log.error("triggers.store_unavailable: %s", error)
                failed = True
            except Exception:
                _log.exception("triggers.failed")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._news.wait()
            self._news.clear()
