"""The driver's side of one task on Ray: its place, what that says, and what if it is lost.

Invariants: only the place that was asked last is listened to, so a place that comes back from the
dead changes nothing; a task is begun anew once at most, and not if it has made an artifact, which
it would make twice; the outcome is told once.
"""

import asyncio
from functools import partial
from typing import Any, Final, Protocol

from headrace.domain.events import LogLevel, LogStream
from headrace.store.clock import wall_ms
from headrace_worker.executors.messages import task_message
from headrace_worker.executors.protocol import (
    Cancelled,
    Crashed,
    Failed,
    Listener,
    LogRecord,
    Outcome,
    ProducedArtifact,
    Task,
)
from headrace_worker.executors.ray_link import Link
from headrace_worker.executors.running import ENDINGS, RunningTask, read_ending
from headrace_worker.wire import pack

_MOST_PLACES: Final = 2
_KILL_SECONDS: Final = 1.5
"""How long a Ray worker has to kill the block's process before it is killed itself."""
_LAST_WORD_SECONDS: Final = 5.0
"""How long after Ray says that a task is over its own last word may come."""
_REASON_CHARACTERS: Final = 600


class Desk(Protocol):
    """What a task needs of its executor."""

    def begin(self, remote: "RemoteTask") -> tuple[int, Any]:
        """Has Ray run it somewhere; the number by which the place asks for it, and a reference."""

    def withdraw(self, reference: Any) -> None:
        """Has Ray take it back, or kill the worker that runs it."""

    def forget(self, number: int) -> None:
        """Nobody is answered by that number any more."""


class RemoteTask:
    """A `Process` for its `running`. Raises what `pack` raises for what no message can hold."""

    def __init__(self, task: Task, target: str, listener: Listener, desk: Desk) -> None:
        self.running = RunningTask(task, listener, self)
        self._message = pack("task", task_message(task, target, task.environment))
        self._name = f"{task.block} of {task.run_id}"
        self._desk = desk
        self._loop = asyncio.get_running_loop()
        self._link: Link | None = None
        self._place = ""
        self._places = 0
        self._over = False
        self._has_made = False
        self._number = 0
        self._reference: Any = None

    @property
    def name(self) -> str:
        """What Ray's own pages show."""
        return self._name

    @property
    def pid(self) -> int | None:
        return None

    def begin(self) -> None:
        """Ask for a place; where Ray gives none, the task has crashed."""
        self._places += 1
        try:
            self._number, self._reference = self._desk.begin(self)
        except Exception as error:
            # Ray raises whatever its parts do.
            self._end(Crashed(f"Ray took no task: {_short(error)}"))
            return
        done = asyncio.wrap_future(self._reference.future(), loop=self._loop)
        done.add_done_callback(partial(self._returned, self._number))

    def welcome(self, link: Link, place: str) -> None:
        """The place that was asked has connected."""
        self._link, self._place = link, place
        link.write(self._message)

    def refuse(self, why: str) -> None:
        """The place cannot run it, and no other will."""
        self._end(Failed("BLOCK_ERROR", why, None, retryable=False))

    def hear(self, link: Link, messages: list[list[Any]]) -> None:
        """What a place says."""
        if link is not self._link:
            return
        try:
            for message in messages:
                self._hear(message)
        except (ValueError, TypeError, IndexError, KeyError):
            self._desk.withdraw(self._reference)
            self._end(Crashed(f"{self._place} said what is no message of ours."))

    def gone(self, link: Link) -> None:
        """A place is gone."""
        if link is self._link:
            self._lost(f"The Ray worker that ran the block ({self._place}) was lost.")

    def send(self, *message: Any) -> None:
        if self._link is not None:
            self._link.send(*message)
        elif message[0] == "cancel":
            self._withdraw()  # it has not begun

    def terminate(self) -> None:
        if self._link is None:
            self._withdraw()
        else:
            self._link.send("terminate")

    def kill(self) -> None:
        if self._link is None:
            self._withdraw()
        else:
            self._link.send("kill")
            self._loop.call_later(_KILL_SECONDS, self._withdraw)

    def pause(self) -> None:
        if self._link is not None and self._link.transport is not None:
            self._link.send("pause")

    def resume(self) -> None:
        if self._link is not None and self._link.transport is not None:
            self._link.send("resume")

    def _hear(self, message: list[Any]) -> None:
        verb = message[0]
        if self._over:
            return
        if verb == "crashed":
            outcome = Cancelled() if self.running.asked_to_end else Crashed(str(message[1]))
            self._end(outcome)
        elif verb in ENDINGS:
            self._end(*read_ending(message))
        elif verb == "lines":
            self.running.log([_line(*line) for line in message[1]])
        else:
            self._has_made |= verb == "artifact"
            self.running.hear([message])

    def _returned(self, number: int, done: "asyncio.Future[Any]") -> None:
        """Ray says that the task of that number is over, or could not be run."""
        error = None if done.cancelled() else done.exception()
        if self._over or number != self._number:
            return
        if error is not None:
            self._lost(f"Ray lost the block's task: {_short(error)}")
        else:
            self._loop.call_later(_LAST_WORD_SECONDS, self._silent, number)

    def _silent(self, number: int) -> None:
        if number == self._number:
            self._lost("Ray's task ended without a word of how the block did.")

    def _lost(self, why: str) -> None:
        if self._over:
            return
        self._leave()
        if self.running.asked_to_end:
            self._end(Cancelled())
        elif self._places >= _MOST_PLACES or self._has_made:
            self._end(Crashed(why))
        else:
            told = f"{why} It is begun anew on another."
            self.running.log([_line(wall_ms(), LogLevel.WARNING, LogStream.LOG, told)])
            self.begin()

    def _withdraw(self) -> None:
        if not self._over:
            self._desk.withdraw(self._reference)
            self._end(Cancelled())

    def _end(self, outcome: Outcome, artifact: ProducedArtifact | None = None) -> None:
        if not self._over:
            self._over = True
            self._leave()
            self.running.end(outcome, artifact)

    def _leave(self) -> None:
        self._desk.forget(self._number)
        link, self._link = self._link, None
        if link is not None:
            link.close()


def _line(at: int, level: int, stream: str, message: str) -> LogRecord:
    return LogRecord(at=at, level=LogLevel(level), stream=LogStream(stream), message=message)


def _short(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:_REASON_CHARACTERS]
