"""One attempt's life: prepare, submit, wait, report.

Invariant: each attempt is reported exactly once, by the unit of work that ends it, or not at all
when its claim was lost. An executor's end never decides what becomes of the block: why it ended
does.
"""

import asyncio
import itertools
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

from headrace.artifacts.content import ContentStore
from headrace.artifacts.errors import ArtifactError
from headrace.blocks.usage import Usage
from headrace.domain.cancellation import KILL_AFTER_MS, TERMINATE_AFTER_MS
from headrace.domain.errors import ClaimLost
from headrace.domain.events import ErrorKind, RunError
from headrace.store import attempt_notes, attempts
from headrace.store.artifacts import NewArtifact, publish_artifact
from headrace.store.claims import ClaimedBlock, DataInput
from headrace.store.database import Store
from headrace.store.errors import StoreClosed, StoreError
from headrace.store.logs import NewLine
from headrace.store.transaction import Transaction
from headrace_worker.executors.protocol import (
    Cancelled,
    Crashed,
    Executor,
    Failed,
    Handle,
    InputRef,
    LogRecord,
    Outcome,
    ProducedArtifact,
    Succeeded,
    Task,
)
from headrace_worker.notes import Notes

_log = logging.getLogger("headrace_worker.attempt")


class Stop(StrEnum):
    """Why an attempt is stopped from outside."""

    CANCEL = "CANCEL"
    TIMEOUT = "TIMEOUT"
    RELEASE = "RELEASE"
    LOST = "LOST"


class Attempt:
    """One claimed block, run once. It is the executor's listener for its task."""

    def __init__(
        self,
        block: ClaimedBlock,
        *,
        store: Store,
        executor: Executor,
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
        self._content = content
        self._environment = environment
        self._timeout = timeout_seconds
        self._reporting = reporting
        self._notes = Notes(store, block.claim, log_bytes)
        self._handle: Handle | None = None
        self._output: NewArtifact | None = None
        self._why: Stop | None = None
        self._pushing: asyncio.Task[None] | None = None
        self._submitted = asyncio.Event()
        self._usage_numbers = itertools.count(1)

    async def run(self) -> None:
        """Returns when the attempt is over and reported."""
        try:
            outcome = await self._perform()
        except ClaimLost:
            outcome, self._why = Cancelled(), Stop.LOST
        except ArtifactError as error:
            outcome = Failed(ErrorKind.BAD_INPUT.value, str(error), None, retryable=False)
        except Exception:
            _log.exception("attempt.failed", extra=self._ids())
            message = "Headrace could not run this block; its log says why"
            outcome = Failed(ErrorKind.BLOCK_ERROR.value, message, None, retryable=True)
        finally:
            if self._pushing is not None:
                self._pushing.cancel()
        await self._report(outcome)

    def cancel(self, elapsed_ms: int = 0) -> None:
        """The run is cancelled (asked for `elapsed_ms` ago): ask, then terminate, then kill."""
        if self._why is None:
            self._why = Stop.CANCEL
            self._pushing = asyncio.create_task(self._push(elapsed_ms), name=f"push-{self.claim}")

    def release(self) -> None:
        """The worker stops: kill it and give the block back."""
        self._stop_now(Stop.RELEASE)

    def lose(self) -> None:
        """The claim is somebody else's: kill it and report nothing."""
        self._why = Stop.LOST
        if self._handle is not None:
            self._handle.kill()

    # --- what the executor tells ---------------------------------------------------------------

    def log(self, lines: list[LogRecord]) -> None:
        self._notes.log(lines)

    def progress(self, done: int, total: int | None) -> None:
        self._notes.progress(done, total)

    async def artifact(self, artifact: ProducedArtifact) -> None:
        new = NewArtifact(
            name=artifact.name,
            uri=artifact.uri,
            media_type=artifact.media_type,
            size_bytes=artifact.size_bytes,
            sha256=artifact.sha256,
            rows=artifact.rows,
            data=artifact.data,
        )
        if artifact.output:
            self._output = new  # listed by the unit that ends the attempt
        else:
            await self._store.write(partial(publish_artifact, claim=self.claim, new=new))

    async def memo_lookup(self, keys: Sequence[str]) -> Mapping[str, Any]:
        async with self._store.snapshot() as snapshot:
            return await attempt_notes.look_up_memos(snapshot, keys)

    async def memo_record(self, items: Mapping[str, Any], usages: Sequence[Usage]) -> None:
        record = partial(
            attempt_notes.record_memos,
            items=items,
            usages=usages,
            claim=self.claim,
            number=next(self._usage_numbers),
        )
        await self._store.write(record)

    async def written_by_headrace(self, path: str, sha256: str) -> bool:
        ask = partial(attempt_notes.written_by_headrace, path=path, sha256=sha256)
        return await self._store.write(ask)

    async def record_written(self, path: str, sha256: str) -> None:
        run_id = self.claim.run_id
        note = partial(attempt_notes.record_written, path=path, sha256=sha256, run_id=run_id)
        await self._store.write(note)

    # --- steps ---------------------------------------------------------------------------------

    async def _perform(self) -> Outcome:
        if self._is_stopped_by(*Stop):  # before it began
            return Cancelled()
        if self.block.problem is not None:
            kind = ErrorKind.BLOCK_ERROR.value
            return Failed(kind, self.block.problem, None, retryable=False)
        handle = self._handle = await self._executor.submit(self._task(), self)
        self._notes.pause, self._notes.resume = handle.pause_output, handle.resume_output
        self._submitted.set()
        if self._is_stopped_by(Stop.RELEASE, Stop.LOST):  # while it was submitted
            handle.kill()
        await asyncio.wait({handle.outcome}, timeout=self._timeout)
        if not handle.outcome.done():
            self._stop_now(Stop.TIMEOUT)
        return await asyncio.shield(handle.outcome)

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
        path = None if found.data is not None else str(self._content.open(found.uri))
        return InputRef(name=found.name, rows=found.rows, path=path, data=found.data)

    def _is_stopped_by(self, *reasons: Stop) -> bool:
        return self._why in reasons

    def _stop_now(self, why: Stop) -> None:
        if self._why is None or why is Stop.RELEASE:
            self._why = self._why or why
            if self._handle is not None:
                self._handle.kill()

    async def _push(self, elapsed_ms: int) -> None:
        loop = asyncio.get_running_loop()
        asked = loop.time() - elapsed_ms / 1000
        await self._submitted.wait()
        assert self._handle is not None
        self._handle.ask_cancel()
        await asyncio.sleep(max(0.0, asked + TERMINATE_AFTER_MS / 1000 - loop.time()))
        self._handle.terminate()
        await asyncio.sleep(max(0.0, asked + KILL_AFTER_MS / 1000 - loop.time()))
        self._handle.kill()

    async def _report(self, outcome: Outcome) -> None:
        lines = await self._last_lines(outcome)
        if self._why is Stop.LOST:
            self._free_slot()
            _log.warning("attempt.lease_lost", extra=self._ids())
            return
        unit = self._ending(outcome, lines)
        pause = 0.1
        while True:
            written = self._store.write(unit)
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

    def _ending(self, outcome: Outcome, lines: list[NewLine]) -> Callable[[Transaction], None]:
        claim = self.claim
        match outcome:
            case Succeeded(rows):
                return partial(
                    attempts.succeed,
                    claim=claim,
                    rows=rows,
                    output=self._output,
                    lines=lines,
                    progress=self._notes.take_progress(),
                )
            case Failed(kind, message, detail, retryable):
                error = self._error(kind, message, detail=detail, retryable=retryable)
            case Crashed(message) if self._why is None:
                error = self._error(ErrorKind.CRASHED, message)
            case _:
                return self._stopped(lines)
        return partial(attempts.fail, claim=claim, error=error, jitter=random.random(), lines=lines)

    def _stopped(self, lines: list[NewLine]) -> Callable[[Transaction], None]:
        if self._why is Stop.CANCEL:
            return partial(attempts.cancelled, claim=self.claim, lines=lines)
        if self._why is Stop.TIMEOUT:
            error = self._error(ErrorKind.TIMED_OUT, f"it ran longer than {self._timeout:g} s")
            return partial(
                attempts.fail, claim=self.claim, error=error, jitter=random.random(), lines=lines
            )
        return partial(attempts.release, claim=self.claim, lines=lines)

    def _error(
        self, kind: str, message: str, *, detail: str | None = None, retryable: bool = True
    ) -> RunError:
        return RunError(
            kind=str(kind),
            message=message,
            block=self.block.name,
            retryable=retryable,
            detail=detail,
        )

    def _ids(self) -> dict[str, str]:
        return {"run": self.claim.run_id, "block": self.block.name, "worker": self.claim.worker_id}
