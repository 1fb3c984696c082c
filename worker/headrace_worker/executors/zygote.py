"""The zygote: a small process that forks block children, reports their ends and kills their groups.

Invariants: it has one thread and starts none, so that a fork copies no lock in mid-air; it never
waits for anything but its worker's word and its children's ends; when the worker's socket ends, it
kills all that descends from it and leaves. It prints nothing: blocks print.

A child is forked in a millisecond because everything heavy is imported here, once; the pages are
shared (`gc.freeze`: the collector writes into none of them).
"""

import contextlib
import gc
import os
import select
import signal
import socket
import sys
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from headrace_worker import processes
from headrace_worker.child.main import ChildFiles, child_main
from headrace_worker.wire import RECEIVE_BYTES, BrokenFrame, FrameReader, pack

_MAX_FDS = 64


@dataclass
class _Child:
    number: int
    oom_kills: int


@dataclass
class _Zygote:
    control: socket.socket
    frames: FrameReader = field(default_factory=FrameReader)
    fds: deque[int] = field(default_factory=deque)
    children: dict[int, _Child] = field(default_factory=dict)  # by pid, which is its group as well
    pids: dict[int, int] = field(default_factory=dict)  # by number

    def serve(self, wakeup: int) -> ChildFiles | None:
        """Until the worker goes; in a forked child, returns the child's files at once."""
        self._tell("ready")
        poller = select.poll()
        poller.register(self.control, select.POLLIN)
        poller.register(wakeup, select.POLLIN)
        while True:
            for descriptor, _ in poller.poll():
                if descriptor == wakeup:
                    os.read(wakeup, 4096)
                    self._reap()
                    continue
                messages = self._receive()
                if messages is None:
                    return None
                for message in messages:
                    files = self._obey(message)
                    if files is not None:
                        return files

    def kill_all(self) -> None:
        """Kill every descendant; returns when none is left."""
        while True:
            for pid in self.children:
                processes.signal_group(pid, signal.SIGKILL)
            for pid in processes.child_pids():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            try:
                pid, _ = os.waitpid(-1, 0)
            except ChildProcessError:
                return
            self.children.pop(pid, None)

    def _receive(self) -> list[list[Any]] | None:
        data, fds, _, _ = socket.recv_fds(self.control, RECEIVE_BYTES, _MAX_FDS)
        self.fds.extend(fds)
        return self.frames.feed(data) if data else None

    def _obey(self, message: list[Any]) -> ChildFiles | None:
        verb, number = message[0], message[1]
        if verb == "fork":
            return self._fork(number)
        pid = self.pids.get(number)
        if pid is not None:
            processes.signal_group(pid, message[2])
        return None

    def _fork(self, number: int) -> ChildFiles | None:
        files = ChildFiles(*(self.fds.popleft() for _ in range(3)))
        parent = os.getpid()
        oom_kills = processes.oom_kills()
        try:
            pid = os.fork()
        except OSError as error:
            files.close()
            self._tell("unforked", number, f"no process could be made: {error}")
            return None
        if pid == 0:
            processes.die_with_parent(parent)
            os.setpgid(0, 0)
            self.control.close()
            for descriptor in self.fds:  # of the next children
                os.close(descriptor)
            return files
        files.close()
        # In both processes: whichever comes first, a signal to the group finds the group.
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        self.children[pid] = _Child(number, oom_kills)
        self.pids[number] = pid
        self._tell("forked", number, pid)
        return None

    def _reap(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                break
            child = self.children.pop(pid, None)
            if child is None:
                continue  # an orphan that this process adopted
            del self.pids[child.number]
            # What a block started dies with its block.
            processes.signal_group(pid, signal.SIGKILL)
            oom = processes.oom_kills() > child.oom_kills
            self._tell("exit", child.number, status, processes.rss_bytes(usage.ru_maxrss), oom)
        for pid in processes.child_pids():
            if pid not in self.children:
                # It left its group, and its block is dead.
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)

    def _tell(self, *message: Any) -> None:
        with contextlib.suppress(OSError):  # the worker went: the end-of-file comes next
            self.control.sendall(pack(*message))


def _restore_variables(pythonpath: str | None = None) -> None:
    """Take our own import path out of the environment of whatever blocks start."""
    if pythonpath is None:
        os.environ.pop("PYTHONPATH", None)
    else:
        os.environ["PYTHONPATH"] = pythonpath


def _ignore(_signum: int, _frame: object) -> None:
    """A handler rather than SIG_IGN, which programs that a block starts would inherit."""


def main() -> None:
    """Serve the worker; arguments: the descriptor of its socket, and PYTHONPATH if it was set."""
    # By hand: argparse would stay in the memory of every child.
    descriptor, *pythonpath = sys.argv[1:]
    _restore_variables(*pythonpath)
    control = socket.socket(fileno=int(descriptor))
    control.set_inheritable(False)
    processes.name_process("headrace-zygote")
    processes.adopt_orphans()
    awake, wakeup = socket.socketpair()
    wakeup.setblocking(False)
    signal.set_wakeup_fd(wakeup.fileno(), warn_on_full_buffer=False)
    for signum in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # The worker says when to leave; a terminal or a service manager signals the worker too.
        signal.signal(signum, _ignore)
    gc.collect()
    gc.freeze()
    zygote = _Zygote(control)
    try:
        files = zygote.serve(awake.fileno())
    except (OSError, BrokenFrame):
        files = None
    if files is None:
        zygote.kill_all()
        os._exit(0)
    signal.set_wakeup_fd(-1)
    awake.close()
    wakeup.close()
    child_main(files)


if __name__ == "__main__":
    main()
