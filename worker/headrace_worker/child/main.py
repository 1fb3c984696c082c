"""The life of a block child: set the process up, then run one task after the other.

It ends when its worker does: by the end of the control socket, by the parent-death signal, or
because the zygote kills its group.
"""

import faulthandler
import gc
import os
import signal
import socket
import threading
import traceback
from dataclasses import dataclass
from typing import NoReturn

from headrace.blocks import BlockCancelled
from headrace_worker import processes
from headrace_worker.child.channel import Channel
from headrace_worker.child.logs import CaptureHandler, capture, open_streams
from headrace_worker.child.perform import Performer
from headrace_worker.child.surroundings import Surroundings


@dataclass(frozen=True)
class ChildFiles:
    """The descriptors that a child is born with."""

    control: int
    stdout: int
    stderr: int

    def close(self) -> None:
        for descriptor in (self.control, self.stdout, self.stderr):
            os.close(descriptor)


def child_main(files: ChildFiles) -> NoReturn:
    """Serve the worker behind `files`; runs in a freshly forked process and never returns."""
    processes.name_process("headrace-block")
    processes.adopt_orphans()
    processes.prefer_for_oom()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _redirect(files)
    gc.enable()
    channel = Channel(socket.socket(fileno=files.control))
    threading.Thread(target=_receive, args=(channel,), name="headrace-control", daemon=True).start()
    try:
        _serve(channel)
    except BlockCancelled:
        _die_terminated()  # between two steps of ours
    except BaseException:
        # A bug of ours: its last words go to the block's log.
        traceback.print_exc()
    os._exit(70)


def _redirect(files: ChildFiles) -> None:
    os.dup2(files.stdout, 1)
    os.dup2(files.stderr, 2)
    os.close(files.stdout)
    os.close(files.stderr)
    os.set_inheritable(files.control, False)
    open_streams()
    # The stack of a segfault goes to stderr and so into the block's log.
    faulthandler.enable(file=2, all_threads=False)


def _serve(channel: Channel) -> NoReturn:
    def on_terminate(_signum: int, _frame: object) -> None:
        # A service manager signals every process it knows; only the worker's word counts.
        session = channel.session
        if session is None or not session.terminating or session.raised or session.finishing:
            return
        session.raised = True
        raise BlockCancelled("The block was terminated.")

    handler = CaptureHandler()
    performer = Performer(handler)
    surroundings = Surroundings(on_terminate)
    while True:
        # Here rather than before each task: by now nobody waits for this process.
        surroundings.restore()
        capture(handler)
        session = channel.next_session()
        ending = performer.perform(session)
        handler.logger = None
        if session.raised:
            _die_terminated()
        channel.session = None
        channel.send(*ending)


def _die_terminated() -> None:
    # The signal may have cut a message in two, so nothing more can be said.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


def _receive(channel: Channel) -> None:
    try:
        channel.receive()
    except BaseException:
        # A child that no longer listens could not be cancelled.
        traceback.print_exc()
        os._exit(70)
