"""What the operating system can do for a tree of processes, and what it cannot do everywhere.

Linux kills a child with its parent (PR_SET_PDEATHSIG) and hands orphans to the nearest subreaper.
Elsewhere both calls do nothing: there, the end-of-file on the control socket ends a child, and a
grandchild that left its process group is on its own.
"""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
LINUX = sys.platform == "linux"

_libc = ctypes.CDLL(None)


def die_with_parent(parent: int) -> None:
    """Ask for SIGKILL at the death of `parent`, which forked us and may be dead already."""
    if LINUX:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Make this process the parent of its descendants whose own parent died."""
    if LINUX:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def name_process(name: str) -> None:
    """What `ps` and `top` show; at most 15 bytes."""
    if LINUX:
        _libc.prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def flush_c_streams() -> None:
    """Write out what C code printed and libc still holds."""
    _libc.fflush(None)


def prefer_for_oom() -> None:
    """Let the kernel choose this process before the worker when memory runs out."""
    if LINUX:
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


def oom_kills() -> int:
    """How many processes the kernel has killed for lack of memory since boot; 0 where unknown."""
    if LINUX:
        with contextlib.suppress(OSError, ValueError):
            for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines():
                name, _, value = line.partition(" ")
                if name == "oom_kill":
                    return int(value)
    return 0


def child_pids() -> list[int]:
    """The children of this single-threaded process; empty where the system does not tell."""
    pid = os.getpid()
    with contextlib.suppress(OSError):
        listed = Path(f"/proc/self/task/{pid}/children").read_text(encoding="ascii")
        return [int(text) for text in listed.split()]
    return []


def has_children() -> bool:
    """Whether a child process is left; those that have ended are reaped on the way."""
    try:
        while True:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return True
    except ChildProcessError:
        return False


def signal_group(group: int, signum: int) -> None:
    """Signal every process of a group; harmless if none is left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signum)


def rss_bytes(ru_maxrss: int) -> int:
    """`ru_maxrss` in bytes: Linux counts it in KiB, macOS in bytes."""
    return ru_maxrss if sys.platform == "darwin" else ru_maxrss * 1024
