"""The machine in general words: what a figure must not be read without."""

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from headrace import __version__

_SYNCS = 50


@dataclass(frozen=True, kw_only=True)
class Machine:
    headrace: str
    python: str
    system: str
    cores: int
    file_system: str
    sync_ms: float
    """One append of 4 KiB made durable: the floor under every commit."""
    load: float
    """What else was running in the last minute, in cores."""

    def __str__(self) -> str:
        return (
            f"Headrace {self.headrace}, Python {self.python}, {self.system}, {self.cores} cores, "
            f"{self.file_system}; a durable 4 KiB takes {self.sync_ms:.2f} ms; "
            f"load before the start {self.load:.1f}"
        )


def look(folder: Path) -> Machine:
    affinity = getattr(os, "sched_getaffinity", None)
    return Machine(
        headrace=__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        cores=len(affinity(0)) if affinity else os.cpu_count() or 1,
        file_system=_file_system(folder),
        sync_ms=_sync_ms(folder),
        load=os.getloadavg()[0],
    )


def _file_system(folder: Path) -> str:
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return "a file system of unknown kind"
    lines = [line.split() for line in mounts.read_text().splitlines()]
    above = [(mount, kind) for _, mount, kind, *_ in lines if folder.is_relative_to(mount)]
    return max(above, key=lambda found: len(found[0]))[1]


def _sync_ms(folder: Path) -> float:
    took = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(_SYNCS):
            file.write(b"\0" * 4096)
            started = perf_counter()
            # macOS keeps what fdatasync says only with F_FULLFSYNC; SQLite there does as fsync.
            (os.fdatasync if sys.platform == "linux" else os.fsync)(file.fileno())
            took.append(perf_counter() - started)
    return median(took) * 1000
