"""The worker's side of one block child: its control socket, its two pipes, at most one task.

Invariants: pipes are drained before a task's end is told, so its lines are there first; a child
that was signalled is never used again, for the signal may arrive late; every descriptor is closed
when `on_gone` is called.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Mapping
from typing import Any, cast

from headrace.domain.events import LogStream
from headrace_worker import processes
from headrace_worker.executors.crashes import describe_end
from headrace_worker.executors.launcher import ChildEnd, Zygote
from headrace_worker.executors.messages import task_message
from headrace_worker.executors.output import OutputPipe
from headrace_worker.executors.protocol import (
    Cancelled,
    Crashed,
    Listener,
    LogRecord,
    Outcome,
    Task,
)
from headrace_worker.executors.running import ENDINGS, RunningTask, read_ending
from headrace_worker.wire import BrokenFrame, FrameReader, pack

_REPORT_SECONDS = 0.25
"""How long after the socket's end the zygote's word may come from a child that has ended."""
_UNREPORTED_SECONDS = 2.0
"""How long after its socket a killed child may stay unreported, its zygote being stopped."""

_DEAF = "The block's process closed its connection to the worker, so it was killed."
_GARBLED = "The block's process wrote into its connection to the worker, so it was killed."


class BlockChild(asyncio.Protocol):
    """A child process, from the request to fork it until its end was seen from both sides."""

    def __init__(
        self,
        number: int,
        zygote: Zygote,
        *,
        on_free: Callable[["BlockChild"], None],
        on_gone: Callable[["BlockChild"], None],
    ) -> None:
        self.number = number
        self.pid: int | None = None
        self.killed = False
        self.interrupted = False  # it ended in the middle of a task
        self.running: RunningTask | None = None
        self._zygote = zygote
        self._on_free, self._on_gone = on_free, on_gone
        self._loop = asyncio.get_running_loop()
        self._frames = FrameReader()
        self._transport: asyncio.Transport | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._unsent: list[bytes] = []  # until it is connected
        self._retired = False
        self._end: ChildEnd | None = None
        self._late: asyncio.TimerHandle | None = None
        self._fault: str | None = None
        self._environment: Mapping[str, Any] | None = None
        self._pipes: list[OutputPipe] = []
        self.gone: asyncio.Future[None] = self._loop.create_future()

    @property
    def usable(self) -> bool:
        """Whether it can be sent a task."""
        return not (self._retired or self._end or self._transport is None)

    def open(self) -> None:
        """Have the process forked; it can be sent a task at once, before it is there.

        Raises OSError where descriptors or memory are short; the child is gone then.
        """
        with contextlib.ExitStack() as undo:
            undo.callback(self._finish)
            self._pipes.append(OutputPipe(LogStream.STDOUT, self._log))
            self._pipes.append(OutputPipe(LogStream.STDERR, self._log))
            ours, theirs = socket.socketpair()
            undo.callback(ours.close)
            with theirs:
                fds = [theirs.fileno(), *(pipe.write_end for pipe in self._pipes)]
                self._zygote.fork(self.number, fds, on_pid=self._forked, on_exit=self._exited)
            for pipe in self._pipes:
                pipe.close_write_end()
                pipe.resume()
            undo.pop_all()
        self._connecting = self._loop.create_task(self._connect(ours), name="connect child")

    def run(self, task: Task, target: str, listener: Listener) -> RunningTask:
        """Send the task; raises what `pack` raises for a config that no message can hold."""
        same = self._environment == task.environment
        data = pack("task", task_message(task, target, None if same else task.environment))
        self._environment = task.environment
        running = self.running = RunningTask(task, listener, self)
        self._write(data)
        return running

    def send(self, *message: Any) -> None:
        self._write(pack(*message))

    def terminate(self) -> None:
        self._retired = True
        self.send("terminate")
        self._zygote.signal(self.number, signal.SIGTERM)

    def kill(self) -> None:
        self._retired = self.killed = True
        self._zygote.signal(self.number, signal.SIGKILL)
        if self.pid is not None and self._end is None:
            # The zygote may be stopped or swapped out; this child shall not live on for that.
            processes.signal_group(self.pid, signal.SIGKILL)

    def leave(self) -> None:
        """End a child without a task: it goes at the end of its socket."""
        self._retired = True
        if self._transport is not None:
            self._transport.close()

    def pause(self) -> None:
        for pipe in self._pipes:
            pipe.pause()
        if self._transport is not None and self._transport.is_reading():
            self._transport.pause_reading()

    def resume(self) -> None:
        for pipe in self._pipes:
            pipe.resume()
        if self._transport is not None and not self._transport.is_reading():
            self._transport.resume_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._connecting = cast("asyncio.Transport", transport), None
        if self.gone.done():
            self._transport.abort()
            return
        self._transport.writelines(self._unsent)
        self._unsent.clear()

    def data_received(self, data: bytes) -> None:
        try:
            messages = self._frames.feed(data)
            if self.running is not None and messages:
                self._hear(self.running, messages)
        except (BrokenFrame, ValueError, TypeError, IndexError, KeyError):
            self._fault = _GARBLED
            self.kill()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._end is not None or self.gone.done():
            self._finish()
            return
        # It has ended, which the zygote is about to say, or it closed its socket and nobody
        # could cancel it any more.
        self._late = self._loop.call_later(_REPORT_SECONDS, self._deaf)

    async def _connect(self, control: socket.socket) -> None:
        try:
            await self._loop.create_unix_connection(lambda: self, sock=control)
        except OSError as error:
            control.close()
            self._connecting = None
            self._unsent.clear()
            self._fault = f"No connection to the block's process could be made: {error}"
            self.kill()

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)
        elif self._connecting is not None:
            self._unsent.append(data)

    def _hear(self, running: RunningTask, messages: list[list[Any]]) -> None:
        ending = messages[-1]
        if ending[0] not in ENDINGS:
            running.hear(messages)
            return
        outcome, artifact = read_ending(ending)
        running.hear(messages[:-1])
        self._drain()
        self.running = None
        self.resume()
        if ending[-1] is True and not self._retired:
            self._on_free(self)
        else:
            self.kill()
        running.end(outcome, artifact)

    def _forked(self, pid: int) -> None:
        self.pid = pid

    def _exited(self, end: ChildEnd) -> None:
        self._end = end
        if self._late is not None:
            self._late.cancel()
        if self._transport is None:
            self._finish()
            return
        # What it said before its end is still in the socket; then comes the socket's end, unless
        # some grandchild got away with a copy.
        self.resume()
        self._late = self._loop.call_later(_UNREPORTED_SECONDS, self._transport.abort)

    def _deaf(self) -> None:
        self._fault = self._fault or _DEAF
        self.kill()
        self._late = self._loop.call_later(_UNREPORTED_SECONDS, self._unreported)

    def _unreported(self) -> None:
        self._end = ChildEnd(None, reason="The block's process was killed.")
        self._finish()

    def _finish(self) -> None:
        if self.gone.done():
            return
        if self._late is not None:
            self._late.cancel()
        self._drain()
        for pipe in self._pipes:
            pipe.close_write_end()
            pipe.close()
        if self._transport is not None:
            self._transport.abort()
        running, self.running = self.running, None
        self.interrupted = running is not None
        self._retired = True
        self.gone.set_result(None)
        self._on_gone(self)
        if running is not None:
            running.end(Cancelled() if running.asked_to_end else self._crash())

    def _crash(self) -> Outcome:
        end = self._end
        if self._fault is not None:
            return Crashed(self._fault)
        if end is None or end.status is None:
            return Crashed(end.reason if end is not None else "The block's process ended.")
        return Crashed(describe_end(end.status, peak_bytes=end.peak_bytes, oom=end.oom))

    def _drain(self) -> None:
        for pipe in self._pipes:
            pipe.drain()

    def _log(self, lines: list[LogRecord]) -> None:
        if self.running is not None:
            self.running.log(lines)
