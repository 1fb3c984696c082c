"""The worker's side of the zygote: start it, have it fork and signal, learn of ends, see it off.

Invariant: for every child that was asked for, `on_exit` is called exactly once, be it that the
zygote reports its end, could not fork it, or is itself gone (its children are gone with it).
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from headrace_worker import processes
from headrace_worker.wire import BrokenFrame, FrameReader, pack

_START_SECONDS = 30.0
_LEAVE_SECONDS = 2.0
_GONE = "The process that makes block processes ended"
_NOT_STARTED = "The process that makes block processes could not start; its error is on stderr"
_NOT_FOR_BLOCKS = frozenset(
    {
        "API_KEY",
        "DATABASE_URL",
        "KAFKA_SASL_PASSWORD",
        "KAFKA_SSL_KEY_PASSWORD",
        "RAY_AUTH_TOKEN",
        "RAY_AUTH_TOKEN_PATH",
        "SECRET_KEY",
        "SECRET_KEY_PREVIOUS",
        "TEST_DATABASE_URL",
    }
)
"""What would let a block pose as its server, as its worker to Ray, or as all of
Headrace to Kafka; it has what it needs."""
_MODULE = "headrace_worker.executors.zygote"


@dataclass(frozen=True)
class ChildEnd:
    """How a child ended; `status` is None where only the zygote's end is known, or no fork was."""

    status: int | None
    peak_bytes: int = 0
    oom: bool = False
    reason: str = ""


@dataclass
class _Forked:
    on_pid: Callable[[int], None]
    on_exit: Callable[[ChildEnd], None]
    pid: int | None = None


@dataclass
class ZygoteAhead:
    """A zygote that was started before there was a loop to hear it."""

    process: "subprocess.Popen[bytes]"
    control: socket.socket
    taken: bool = False


@contextmanager
def started_ahead() -> Iterator[ZygoteAhead]:
    """A zygote whose imports go on beside those of its worker; ended where no worker took it.

    Raises OSError where no process can be made.
    """
    zygote = _start_ahead()
    try:
        yield zygote
    finally:
        if not zygote.taken:
            zygote.control.close()
            zygote.process.kill()
            zygote.process.wait()


def _start_ahead() -> ZygoteAhead:
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            return ZygoteAhead(_start(theirs), ours)
        except BaseException:
            ours.close()
            raise


class Zygote:
    """One zygote process, `ahead` or started now.

    Children are known by numbers that the caller chooses. Raises OSError where no process can be
    made.
    """

    def __init__(
        self, on_gone: Callable[["Zygote"], None], ahead: ZygoteAhead | None = None
    ) -> None:
        self._on_gone = on_gone
        self._loop = asyncio.get_running_loop()
        self._frames = FrameReader()
        self._children: dict[int, _Forked] = {}
        self._ready = False
        self.gone: asyncio.Future[None] = self._loop.create_future()
        started = ahead or _start_ahead()
        started.taken = True
        self._process, ours = started.process, started.control
        ours.setblocking(False)
        self._socket = ours
        self._loop.add_reader(ours, self._readable)
        self._deadline = self._loop.call_later(_START_SECONDS, self.kill)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def usable(self) -> bool:
        """Whether it may still fork."""
        return not self.gone.done() and self._socket.fileno() >= 0

    def fork(
        self,
        number: int,
        fds: list[int],
        *,
        on_pid: Callable[[int], None],
        on_exit: Callable[[ChildEnd], None],
    ) -> None:
        """Have a child forked with these three descriptors, which stay the caller's to close."""
        if not self.usable:
            self._loop.call_soon(on_exit, ChildEnd(None, reason=_GONE))
            return
        self._children[number] = _Forked(on_pid, on_exit)
        self._tell(pack("fork", number), fds)

    def signal(self, number: int, signum: int) -> None:
        """Signal a child's group, in order with the forks; harmless if it has ended."""
        if number in self._children:
            self._tell(pack("signal", number, signum), [])

    def leave(self) -> None:
        """Let it kill what it has and go."""
        self._deadline.cancel()
        if self.usable:
            self._socket.shutdown(socket.SHUT_WR)
            self._deadline = self._loop.call_later(_LEAVE_SECONDS, self.kill)

    def kill(self) -> None:
        """For a zygote that does not obey; its children die with it."""
        if not self.gone.done():
            self._process.kill()

    def _tell(self, message: bytes, fds: list[int]) -> None:
        if not self.usable:
            return
        try:
            sent = socket.send_fds(self._socket, [message], fds)
        except ConnectionError:  # it is gone: the end-of-file says so at once
            return
        except OSError:
            sent = 0
        if sent != len(message):
            # Hundreds of requests unread: it hangs, and half a message cannot be taken back.
            self.kill()

    def _readable(self) -> None:
        try:
            data = self._socket.recv(65_536)
            messages = self._frames.feed(data)
        except BlockingIOError:
            return
        except (OSError, BrokenFrame):
            self._process.kill()
            data, messages = b"", []
        for message in messages:
            self._hear(message)
        if not data:
            self._ended()

    def _hear(self, message: list[Any]) -> None:
        verb = message[0]
        if verb == "ready":
            self._deadline.cancel()
            self._ready = True
        elif verb == "forked":
            child = self._children[message[1]]
            child.pid = message[2]
            child.on_pid(message[2])
        elif verb == "unforked":
            self._children.pop(message[1]).on_exit(ChildEnd(None, reason=message[2]))
        elif verb == "exit":
            number, status, peak_bytes, oom = message[1:]
            self._children.pop(number).on_exit(ChildEnd(status, peak_bytes, oom))

    def _ended(self) -> None:
        self._deadline.cancel()
        self._loop.remove_reader(self._socket)
        self._socket.close()
        # It has closed its socket by ending, or was just killed: this waits for a moment at most.
        code = self._process.wait()
        reason = _GONE if self._ready else _NOT_STARTED
        children, self._children = self._children, {}
        for child in children.values():
            if child.pid is not None:
                # Grandchildren do not have the parent-death signal.
                processes.signal_group(child.pid, signal.SIGKILL)
            child.on_exit(ChildEnd(None, reason=f"{reason} (exit status {code})"))
        self.gone.set_result(None)
        self._on_gone(self)


def _start(control: socket.socket) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-P", "-m", _MODULE, str(control.fileno())]
    # The same modules as here, whatever put them on our path; the zygote puts PYTHONPATH back.
    path = os.pathsep.join(os.path.abspath(folder) for folder in sys.path)
    variables = {name: os.environ[name] for name in os.environ if name not in _NOT_FOR_BLOCKS}
    variables["PYTHONPATH"] = path
    before = os.environ.get("PYTHONPATH")
    if before is not None:
        command.append(before)
    return subprocess.Popen(
        command,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=[control.fileno()],
        start_new_session=True,
    )
