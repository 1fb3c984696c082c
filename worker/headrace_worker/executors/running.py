"""A task that runs in a child: what the child says goes to the listener, the end to the handle.

Invariant: the outcome is set last: after every line, after every coroutine of the listener has
returned, and, for a block that left a dataset, after the listener was told of it.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any, Protocol

from headrace.blocks.usage import Usage
from headrace.domain.events import LogLevel, LogStream
from headrace_worker.executors.protocol import (
    Cancelled,
    Failed,
    Listener,
    LogRecord,
    Outcome,
    ProducedArtifact,
    Succeeded,
    Task,
)

ENDINGS = frozenset({"succeeded", "failed", "cancelled"})


class Process(Protocol):
    """What a running task needs of its child process."""

    @property
    def pid(self) -> int | None: ...
    def send(self, *message: Any) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...


def read_ending(message: list[Any]) -> tuple[Outcome, ProducedArtifact | None]:
    """The outcome in a child's last message, and the dataset that came with it."""
    if message[0] == "succeeded":
        _, rows, artifact, _ = message
        return Succeeded(rows), None if artifact is None else ProducedArtifact(**artifact)
    if message[0] == "failed":
        _, kind, text, detail, retryable, _ = message
        return Failed(kind, text, detail, retryable), None
    return Cancelled(), None


class RunningTask:
    """A `Handle`; `hear` and `end` are for its child's side."""

    def __init__(self, task: Task, listener: Listener, process: Process | None) -> None:
        self.task = task
        self.outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.asked_to_end = False
        self._listener = listener
        self._process = process  # None once it has ended
        self._pid: int | None = None
        self._operations: set[asyncio.Task[None]] = set()
        self._settling: asyncio.Task[None] | None = None
        self._fault: BaseException | None = None

    @property
    def pid(self) -> int | None:
        return self._pid if self._process is None else self._process.pid

    def ask_cancel(self) -> None:
        if self._process is not None:
            self._process.send("cancel")

    def terminate(self) -> None:
        if self._process is not None:
            self.asked_to_end = True
            self._process.terminate()

    def kill(self) -> None:
        if self._process is not None:
            self.asked_to_end = True
            self._process.kill()

    def pause_output(self) -> None:
        if self._process is not None:
            self._process.pause()

    def resume_output(self) -> None:
        if self._process is not None:
            self._process.resume()

    def hear(self, messages: Iterable[list[Any]]) -> None:
        """Pass on what the child said, in its order; neighbouring lines go together."""
        lines: list[LogRecord] = []
        for message in messages:
            if message[0] == "log":
                _, at, level, text = message
                lines.append(
                    LogRecord(at=at, level=LogLevel(level), stream=LogStream.LOG, message=text)
                )
                continue
            if lines:
                self.log(lines)
                lines = []
            if message[0] == "progress":
                self._guard(self._listener.progress, message[1], message[2])
            else:
                self._operate(message)
        if lines:
            self.log(lines)

    def log(self, lines: list[LogRecord]) -> None:
        """Pass on lines, of the control socket or of a pipe."""
        self._guard(self._listener.log, lines)

    def end(self, outcome: Outcome, artifact: ProducedArtifact | None = None) -> None:
        """The child has said its last word on the task, or is gone; `artifact` is the dataset."""
        self._pid, self._process = self.pid, None
        if not self._operations:
            self._conclude(outcome, artifact)
            return
        self._settling = asyncio.create_task(
            self._settle(outcome, artifact), name=f"settle {self.task.block}"
        )

    def give_up(self) -> None:
        """Cancel the listener's coroutines: the executor stops and has waited long enough."""
        for operation in self._operations:
            operation.cancel()
        if self._settling is not None:
            self._settling.cancel()

    async def _settle(self, outcome: Outcome, artifact: ProducedArtifact | None) -> None:
        try:
            if self._operations:  # the last of them may have ended just now
                await asyncio.wait(self._operations)
        except asyncio.CancelledError:
            outcome, artifact = Cancelled(), None
        self._conclude(outcome, artifact)

    def _conclude(self, outcome: Outcome, artifact: ProducedArtifact | None) -> None:
        if self.outcome.done():  # its owner was cancelled while it waited
            return
        if artifact is not None and self._fault is None:
            self._guard(self._listener.output, artifact)
        if self._fault is not None:
            self.outcome.set_exception(self._fault)
        else:
            self.outcome.set_result(outcome)

    def _operate(self, message: list[Any]) -> None:
        verb, number, *arguments = message
        operation = asyncio.create_task(
            self._answer(number, self._call(verb, arguments)), name=f"{verb} {self.task.block}"
        )
        self._operations.add(operation)
        operation.add_done_callback(self._operations.discard)

    def _call(self, verb: str, arguments: list[Any]) -> Awaitable[Any]:
        listener = self._listener
        if verb == "artifact":
            return listener.artifact(ProducedArtifact(**arguments[0]))
        if verb == "lookup":
            return listener.memo_lookup(arguments[0])
        if verb == "record":
            return listener.memo_record(arguments[0], [Usage(**each) for each in arguments[1]])
        if verb == "written":
            return listener.written_by_headrace(*arguments)
        return listener.record_written(*arguments)

    async def _answer(self, number: int, call: Awaitable[Any]) -> None:
        try:
            value, ok = await call, True
        except Exception as error:
            # The block is told, and fails with it.
            value, ok = f"{type(error).__name__}: {error}", False
        if self._process is None:
            return
        try:
            self._process.send("reply", number, ok, value)
        except (TypeError, ValueError, OverflowError) as error:
            self._process.send("reply", number, False, f"The answer cannot be sent: {error}")

    def _guard(self, call: Any, *arguments: Any) -> None:
        try:
            call(*arguments)
        except Exception as error:
            # Kept as the outcome's exception; the block's work is lost either way.
            if self._fault is None:
                self._fault = error
                self.kill()
