"""The child's end of the control socket.

Invariants: one thread reads, so that cancellation, replies and the worker's death are noticed
whatever the block does; a message is sent whole, under a lock; when the socket ends, the worker is
gone and this process takes its whole group with it.
"""

import itertools
import os
import select
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import Any, NoReturn

from headrace_worker import processes
from headrace_worker.wire import RECEIVE_BYTES, BrokenFrame, FrameReader, pack

TICK_SECONDS = 0.1


class RequestRefused(Exception):
    """The worker answered a request with an error; its text is the worker's."""


class Session:
    """One task of this child, as all of its threads see it.

    Once closed it says nothing more: a thread that a block left behind must not speak for the
    next one.
    """

    def __init__(self, channel: "Channel", task: Mapping[str, Any]) -> None:
        self.task = task
        self.cancelled = False
        self.terminating = False  # SIGTERM is meant, and is to raise in the main thread
        self.raised = False  # it did
        self.finishing = False  # the block has returned: nothing may interrupt the report
        self.on_tick: Callable[[], None] | None = None
        self._channel = channel
        self._gate = threading.Lock()
        self._closed = False

    def tell(self, *message: Any) -> None:
        """Send, unless the task has ended."""
        with self._gate:
            if not self._closed:
                self._channel.send(*message)

    def add(self, *message: Any) -> None:
        """As `tell`, but with the next message that is sent: the end's, at the latest."""
        with self._gate:
            if not self._closed:
                self._channel.hold(*message)

    def post(self, verb: str, *arguments: Any, answer: Callable[[tuple[bool, Any]], None]) -> int:
        """Ask the worker; `answer((ok, value))` is called on the reading thread."""
        with self._gate:
            if self._closed:
                raise RuntimeError("The block has returned, and its context with it.")
            return self._channel.post(verb, *arguments, answer=answer)

    def request(self, verb: str, *arguments: Any) -> Any:
        """Ask the worker and wait; raises RequestRefused with its reason."""
        answers: SimpleQueue[tuple[bool, Any]] = SimpleQueue()
        number = self.post(verb, *arguments, answer=answers.put)
        try:
            ok, value = answers.get()
        finally:
            self._channel.forget(number)
        if not ok:
            raise RequestRefused(value)
        return value

    def close(self) -> None:
        with self._gate:
            self._closed = True

    def tick(self) -> None:
        """On the reading thread, which must not wait behind a thread that cannot send."""
        if self.on_tick is not None and self._gate.acquire(blocking=False):
            self._gate.release()
            self.on_tick()


class Channel:
    """Sends from any thread; `receive` is the reading thread's life."""

    def __init__(self, control: socket.socket) -> None:
        self._socket = control
        self._sending = threading.Lock()
        self._held = b""
        self._ids = itertools.count(1)
        self._waiting: dict[int, Callable[[tuple[bool, Any]], None]] = {}
        self._tasks: SimpleQueue[Session] = SimpleQueue()
        self.session: Session | None = None

    def next_session(self) -> Session:
        """Waits for the next task."""
        return self._tasks.get()

    def send(self, *message: Any) -> None:
        """Raises TypeError, ValueError or OverflowError for what no message can hold."""
        data = pack(*message)
        try:
            with self._sending:
                held, self._held = self._held, b""
                self._socket.sendall(held + data)
        except OSError:
            _leave()

    def hold(self, *message: Any) -> None:
        """Sends it with the next message, in one go."""
        data = pack(*message)
        with self._sending:
            self._held += data

    def post(self, verb: str, *arguments: Any, answer: Callable[[tuple[bool, Any]], None]) -> int:
        """See `Session.post`."""
        number = next(self._ids)
        self._waiting[number] = answer
        try:
            self.send(verb, number, *arguments)
        except BaseException:
            self._waiting.pop(number, None)
            raise
        return number

    def forget(self, number: int) -> None:
        """Nobody waits for this answer any more."""
        self._waiting.pop(number, None)

    def receive(self) -> NoReturn:
        """Obey the worker until it is gone."""
        poller = select.poll()
        poller.register(self._socket, select.POLLIN)
        frames = FrameReader()
        while True:
            session = self.session
            if session is not None and not poller.poll(TICK_SECONDS * 1000):
                session.tick()
                continue
            try:
                data = self._socket.recv(RECEIVE_BYTES)
                messages = frames.feed(data)
            except ConnectionError:
                _leave()
            except (OSError, BrokenFrame) as error:
                # The block closed, or wrote into, a descriptor that is not its own.
                os.write(2, f"The connection to the worker is broken: {error}\n".encode())
                os._exit(70)
            if not data:
                _leave()
            for message in messages:
                self._obey(message)

    def _obey(self, message: list[Any]) -> None:
        verb = message[0]
        if verb == "task":
            self.session = Session(self, message[1])
            self._tasks.put(self.session)
        elif verb == "reply":
            answer = self._waiting.pop(message[1], None)
            if answer is not None:
                answer((message[2], message[3]))
        elif (session := self.session) is not None:
            session.cancelled = True
            if verb == "terminate":
                session.terminating = True
                # To the main thread by name: a system call that it waits in ends only so.
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


def _leave() -> NoReturn:
    if os.getpgrp() == os.getpid():
        processes.signal_group(os.getpid(), signal.SIGKILL)
    os._exit(1)
