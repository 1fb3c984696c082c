"""One attempt at a block whose input is split: a `Handle` over many tasks of any executor.

Invariants: a partition that an earlier claim finished is not run again; one that fails lets the
others finish (unless another attempt would fail in the same way); once told to stop, none begins;
the outcome is set when no task of ours runs any more and the end of each is recorded.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from headrace.domain.events import ErrorKind
from headrace.domain.lifecycle import AttemptStatus
from headrace.domain.partitions import Split
from headrace.store.artifacts import NewArtifact
from headrace.store.partitions import DonePartition
from headrace_worker.ending import run_error
from headrace_worker.executors.protocol import (
    Cancelled,
    Crashed,
    Executor,
    Failed,
    InputRef,
    Listener,
    Outcome,
    PartArtifactRef,
    PartRef,
    Succeeded,
    Task,
)
from headrace_worker.partitions.failures import Failures
from headrace_worker.partitions.listener import PartListener, RowsDone
from headrace_worker.partitions.record import Record
from headrace_worker.partitions.running import RunningTasks, Told
from headrace_worker.partitions.slots import Slots

_ENDED_AS: Final = {
    Succeeded: AttemptStatus.SUCCEEDED,
    Failed: AttemptStatus.FAILED,
    Cancelled: AttemptStatus.CANCELLED,
}


class PartitionedTask:
    """Begins as it is made. `locate` gives the path of stored content, where it has one."""

    def __init__(
        self,
        task: Task,
        listener: Listener,
        *,
        split: Split,
        executor: Executor,
        record: Record,
        slots: Slots,
        locate: Callable[[str], str | None],
    ) -> None:
        self.outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._task = task
        self._listener = listener
        self._split = split
        self._record = record
        self._slots = slots
        self._locate = locate
        self._running = RunningTasks(executor)
        self._queued: set[asyncio.Task[None]] = set()  # lanes that wait for a slot
        self._left: deque[tuple[int, range]] = deque()
        self._done: dict[int, DonePartition] = {}
        self._failures = Failures(listener)
        self._work = asyncio.create_task(self._run(), name=f"partitions {task.block}")

    @property
    def pid(self) -> int | None:
        return None

    def ask_cancel(self) -> None:
        self._tell(Told.ASKED)

    def terminate(self) -> None:
        self._tell(Told.TERMINATED)

    def kill(self) -> None:
        self._tell(Told.KILLED)

    def pause_output(self) -> None:
        self._running.pause_output()

    def resume_output(self) -> None:
        self._running.resume_output()

    def _tell(self, what: Told) -> None:
        self._running.tell(what)
        for lane in self._queued:
            lane.cancel()

    async def _run(self) -> None:
        try:
            outcome = await self._perform()
        except asyncio.CancelledError:
            self.kill()
            self.outcome.cancel()
            raise
        except Exception as error:
            # It is the outcome's; whoever awaits that handles it.
            if not self.outcome.done():
                self.outcome.set_exception(error)
        else:
            if not self.outcome.done():  # its owner was cancelled while it waited
                self.outcome.set_result(outcome)

    async def _perform(self) -> Outcome:
        whole, fault = _input_of(self._task)
        if whole is None:
            return Failed(ErrorKind.BAD_INPUT.value, fault, None, retryable=False)
        rows = whole.rows or 0
        bounds = self._split.bounds(rows)
        self._done = await self._record.open(bounds)
        progress = RowsDone(self._listener, rows)
        for number, done in self._done.items():
            progress.tell(number, len(done.span))
        self._left.extend(
            (number, span)
            for number, span in enumerate(bounds, start=1)
            if number not in self._done
        )
        await self._run_those_left(whole, progress)
        if self._running.told:
            return Cancelled()
        if self._failures:
            return self._failures.outcome(len(bounds))
        return await self._combine()

    async def _run_those_left(self, whole: InputRef, progress: RowsDone) -> None:
        lanes = [
            asyncio.create_task(self._lane(whole, progress), name=f"lane {self._task.block}")
            for _ in range(min(self._slots.most, len(self._left)))
        ]
        if not lanes:
            return
        await asyncio.wait(lanes, return_when=asyncio.FIRST_EXCEPTION)
        faults = [lane for lane in lanes if lane.done() and not lane.cancelled()]
        if any(lane.exception() for lane in faults):
            self.kill()
        await asyncio.wait(lanes)
        for lane in lanes:
            if not lane.cancelled():
                lane.result()

    async def _lane(self, whole: InputRef, progress: RowsDone) -> None:
        """Runs one partition after the other; there are as many lanes as there may be at once."""
        lane = asyncio.current_task()
        assert lane is not None
        while self._left and not self._running.told:
            self._queued.add(lane)
            try:
                await self._slots.take()
            finally:
                self._queued.discard(lane)
            try:
                if self._left and not self._running.told:
                    await self._partition(*self._left.popleft(), whole, progress)
            finally:
                self._slots.give_back()

    async def _partition(
        self, number: int, span: range, whole: InputRef, progress: RowsDone
    ) -> None:
        await self._record.start(number, span)
        part = replace(whole, part=span)
        task = replace(self._task, id=f"{self._task.id}/{number}", inputs=(part,))
        listener = PartListener(self._listener, number, len(span), progress)
        outcome = await self._running.outcome_of(task, listener)
        if isinstance(outcome, Crashed):
            outcome = Failed(ErrorKind.CRASHED.value, outcome.message, None, retryable=True)
        error = None
        if isinstance(outcome, Failed):
            error = run_error(self._task.block, outcome)
            self._failures.add(number, outcome)
            if not outcome.retryable:
                self._left.clear()
        made = listener.made
        await self._record.end(number, _ENDED_AS[type(outcome)], made, error)
        if isinstance(outcome, Succeeded):
            progress.tell(number, len(span))
            self._done[number] = DonePartition(
                number=number,
                span=span,
                output=next((each for each, is_output in made if is_output), None),
                artifacts=tuple(each for each, is_output in made if not is_output),
            )

    async def _combine(self) -> Outcome:
        parts = tuple(self._part_ref(self._done[number]) for number in sorted(self._done))
        task = replace(self._task, id=f"{self._task.id}/combine", inputs=(), parts=parts)
        return await self._running.outcome_of(task, self._listener)

    def _part_ref(self, done: DonePartition) -> PartRef:
        output = done.output
        return PartRef(
            number=done.number,
            output=None if output is None else self._input_ref(output),
            artifacts=tuple(
                PartArtifactRef(
                    name=each.name,
                    media_type=each.media_type,
                    rows=each.rows,
                    path=self._locate(each.uri),
                    uri=each.uri,
                )
                for each in done.artifacts
            ),
        )

    def _input_ref(self, output: NewArtifact) -> InputRef:
        path = None if output.data is not None else self._locate(output.uri)
        return InputRef(name=output.name, rows=output.rows, path=path, data=output.data)


def _input_of(task: Task) -> tuple[InputRef | None, str]:
    """The input to split, or what is wrong with those there are."""
    if len(task.inputs) != 1:
        names = ", ".join(ref.name for ref in task.inputs) or "none"
        return None, f"A block with partitions needs exactly one data set; it was given: {names}."
    if task.inputs[0].rows is None:
        return None, f"The data set {task.inputs[0].name} does not say how many rows it has."
    return task.inputs[0], ""
