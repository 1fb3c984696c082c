"""One attempt's life: prepare, submit, wait, report.

Invariant: each attempt is reported exactly once, by the unit of work that ends it, or not at all
when its claim was lost. An executor's end never decides what becomes of the block: why it ended
does.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from typing import Any

from headrace.artifacts.content import ContentStore
from headrace.artifacts.errors import ArtifactError
from headrace.domain.cancellation import KILL_AFTER_MS, TERMINATE_AFTER_MS
from headrace.domain.errors import ClaimLost
from headrace.domain.events import ErrorKind
from headrace.store.claims import ClaimedBlock, DataInput
from headrace.store.database import Store
from headrace.store.errors import StoreClosed, StoreError
from headrace.store.logs import NewLine
from headrace_worker.ending import Stop, unit_ending
from headrace_worker.executors.protocol import (
    Cancelled,
    Executor,
    Failed,
    Handle,
    InputRef,
    Outcome,
    Succeeded,
    Task,
)
from headrace_worker.listener import AttemptListener
from headrace_worker.partitions.record import Record
from headrace_worker.partitions.slots import Slots
from headrace_worker.partitions.task import PartitionedTask

_log = logging.getLogger("headrace_worker.attempt")


class Attempt:
    """One claimed block, run once: `begin`, then `run`."""

    def __init__(
        self,
        block: ClaimedBlock,
        *,
        store: Store,
        executor: Executor,
        slots: Slots,
        content: ContentStore,
        environment: Mapping[str, Any],
        timeout_seconds: float | None,
        log_bytes: int,
        reporting: Callable[[], None],
    ) -> None:
        self.block = block
        self.claim = block.claim
        self.reported = False  # the unit that ends it is on its way
        self._store = store
        self._executor = executor
        self._slots = slots
        self._content = content
        self._environment = environment
        self._timeout = timeout_seconds
        self._reporting = reporting
        self._listener = AttemptListener(store, block.claim, log_bytes)
        self._notes = self._listener.notes
        self._handle: Handle | None = None
        self._why: Stop | None = None
        self._pushing: asyncio.Task[None] | None = None
        self._unbegun: Outcome | None = None  # why there is no handle

    def begin(self) -> None:
        """Hands the block on at once: it runs while others of this turn of the loop are served."""
        if self._why is not None:
            self._unbegun = Cancelled()
        elif self.block.problem is not None:
            kind = ErrorKind.BLOCK_ERROR.value
            self._unbegun = Failed(kind, self.block.problem, None, retryable=False)
        else:
            try:
                handle = self._handle = self._submit()
                self._notes.pause, self._notes.resume = handle.pause_output, handle.resume_output
            except Exception as error:
                self._unbegun = self._fault(error)

    async def run(self) -> None:
        """Returns when the attempt, which has begun, is over and reported."""
        try:
            outcome = await self._end()
        except Exception as error:
            outcome = self._fault(error)
        finally:
            if self._pushing is not None:
                self._pushing.cancel()
        await self._report(outcome)

    def cancel(self, elapsed_ms: int = 0) -> None:
        """The run is cancelled (asked for `elapsed_ms` ago): ask, then terminate, then kill."""
        if self._why is not None:
            return
        self._why = Stop.CANCEL
        if self._handle is not None:
            push = self._push(self._handle, elapsed_ms)
            self._pushing = asyncio.create_task(push, name=f"push-{self.claim}")

    def release(self) -> None:
        """The worker stops: kill it and give the block back."""
        self._stop_now(Stop.RELEASE)

    def lose(self) -> None:
        """The claim is somebody else's: kill it and report nothing."""
        self._why = Stop.LOST
        if self._handle is not None:
            self._handle.kill()

    async def _end(self) -> Outcome:
        if self._handle is None:
            assert self._unbegun is not None
            return self._unbegun
        overdue = None
        if self._timeout is not None:
            loop = asyncio.get_running_loop()
            overdue = loop.call_later(self._timeout, self._stop_now, Stop.TIMEOUT)
        try:
            return await self._handle.outcome
        finally:
            if overdue is not None:
                overdue.cancel()

    def _fault(self, error: Exception) -> Outcome:
        """What an attempt comes to that Headrace itself could not run to its end."""
        if isinstance(error, ClaimLost):
            self._why = Stop.LOST
            return Cancelled()
        if isinstance(error, ArtifactError):
            return Failed(ErrorKind.BAD_INPUT.value, str(error), None, retryable=False)
        _log.error("attempt.failed", extra=self._ids(), exc_info=error)
        message = "Headrace could not run this block; its log says why"
        return Failed(ErrorKind.BLOCK_ERROR.value, message, None, retryable=True)

    def _submit(self) -> Handle:
        split = self.block.split
        if split is None:
            return self._executor.submit(self._task(), self._listener)
        return PartitionedTask(
            self._task(),
            self._listener,
            split=split,
            executor=self._executor,
            record=Record(self._store, self.claim, self.block.attempt),
            slots=self._slots,
            locate=self._path_of,
        )

    def _task(self) -> Task:
        block = self.block
        grants = block.grants
        return Task(
            id=f"{block.claim.run_id}/{block.claim.position}/{block.claim.number}",
            run_id=block.claim.run_id,
            block=block.name,
            type=block.type,
            attempt=block.attempt,
            config=block.config,
            inputs=tuple(self._input(each) for each in block.inputs),
            environment=self._environment,
            sys_path=grants.sys_path if grants else (),
        )

    def _input(self, found: DataInput) -> InputRef:
        if found.data is not None:
            return InputRef(name=found.name, rows=found.rows, data=found.data)
        path = self._path_of(found.uri)
        return InputRef(name=found.name, rows=found.rows, path=path, uri=found.uri)

    def _path_of(self, uri: str) -> str | None:
        """None: the block's own process asks the object store, and nobody else waits for it."""
        path = self._content.path(uri)
        return None if path is None else str(path)

    def _stop_now(self, why: Stop) -> None:
        if self._why is None or why is Stop.RELEASE:
            self._why = self._why or why
            if self._handle is not None:
                self._handle.kill()

    async def _push(self, handle: Handle, elapsed_ms: int) -> None:
        loop = asyncio.get_running_loop()
        asked = loop.time() - elapsed_ms / 1000
        handle.ask_cancel()
        await asyncio.sleep(max(0.0, asked + TERMINATE_AFTER_MS / 1000 - loop.time()))
        handle.terminate()
        await asyncio.sleep(max(0.0, asked + KILL_AFTER_MS / 1000 - loop.time()))
        handle.kill()

    async def _report(self, outcome: Outcome) -> None:
        lines = await self._last_lines(outcome)
        if self._why is Stop.LOST:
            self._free_slot()
            _log.warning("attempt.lease_lost", extra=self._ids())
            return
        unit = unit_ending(
            self.block,
            outcome,
            why=self._why,
            timeout_seconds=self._timeout,
            lines=lines,
            output=self._listener.made,
            progress=self._notes.take_progress(),
        )
        pause = 0.1
        while True:
            written = self._store.write(unit, about=self.claim.place)
            self._free_slot()  # in this very tick: the next claim shares the transaction
            try:
                await written
            except ClaimLost:
                _log.warning("attempt.lease_lost", extra=self._ids())
            except StoreClosed:
                raise
            except StoreError as error:
                # The result is not lost while the lease stands; then the fence decides.
                _log.error("attempt.report_failed: %s", error, extra=self._ids())
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))
                pause = min(pause * 2, 5.0)
                continue
            return

    async def _last_lines(self, outcome: Outcome) -> list[NewLine]:
        """What was said and is not written yet; the unit that ends the attempt takes it along."""
        if self._why is Stop.LOST:
            return []
        try:
            lines = await self._notes.close()
            if not isinstance(outcome, Succeeded):
                await self._notes.write_progress()  # how far it came
        except (ClaimLost, StoreError):
            return []
        return lines

    def _free_slot(self) -> None:
        if not self.reported:
            self.reported = True
            self._reporting()

    def _ids(self) -> dict[str, str]:
        return {"run": self.claim.run_id, "block": self.block.name, "worker": self.claim.worker_id}
