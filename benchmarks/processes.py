"""What a tree of processes uses, as Linux counts it. Elsewhere these raise NotMeasurable."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_PROC = Path("/proc")
# A process or a thread that ends between the look at the list and the look at itself.
_GONE = (FileNotFoundError, ProcessLookupError)


class NotMeasurable(Exception):
    """This system does not say."""


def tree(root: int) -> list[int]:
    """The process and all that descend from it, whatever sessions they are in."""
    if not Path(f"/proc/{root}/smaps_rollup").exists():
        raise NotMeasurable("needs Linux's /proc")
    children: dict[int, list[int]] = {}
    for entry in os.listdir(_PROC):
        if entry.isdecimal():
            with suppress(*_GONE):
                children.setdefault(_parent(int(entry)), []).append(int(entry))
    found = [root]
    for pid in found:  # grows while it is walked
        found.extend(children.get(pid, ()))
    return found


def pss_mib(root: int) -> float:
    """Memory of the whole tree in MiB: pages that n processes share count as 1/n for each."""
    return sum(_each(_pss_kib, tree(root))) / 1024


def cpu_seconds(root: int) -> float:
    """Time on a core that the tree's living threads have had so far."""
    return sum(_each(_cpu_ns, tree(root))) / 1e9


def named(root: int, word: str) -> list[int]:
    """Those of the tree whose command line holds `word`."""
    return [pid for pid in tree(root) if word in _command(pid)]


def _each(look: Callable[[int], T], pids: list[int]) -> list[T]:
    found = []
    for pid in pids:
        with suppress(*_GONE):
            found.append(look(pid))
    return found


def _parent(pid: int) -> int:
    stat = (_PROC / str(pid) / "stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])


def _pss_kib(pid: int) -> int:
    for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0  # a process that is on its way out has no memory any more


def _cpu_ns(pid: int) -> int:
    threads = (_PROC / str(pid) / "task").iterdir()
    return sum(_each(lambda tid: _on_core_ns(pid, tid), [int(each.name) for each in threads]))


def _on_core_ns(pid: int, tid: int) -> int:
    return int((_PROC / str(pid) / "task" / str(tid) / "schedstat").read_text().split()[0])


def _command(pid: int) -> str:
    with suppress(*_GONE):
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""
