"""Two clocks: wall time dates things, the lease clock says whether a lease is over.

On SQLite all processes share a machine, so leases count its boot clock, which goes on during
suspend and which nobody can set; a lease of another boot id is over by definition.
"""

import subprocess
import sys
import time
from functools import cache
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_BOOT_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def wall_ms() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def lease_ms() -> int:
    """Milliseconds on the machine's boot clock."""
    return time.clock_gettime_ns(_BOOT_CLOCK) // 1_000_000


@cache
def boot_id() -> str:
    """Names the machine's current boot."""
    if _BOOT_ID.exists():
        return _BOOT_ID.read_text().strip()
    if sys.platform == "darwin":
        asked = subprocess.run(
            ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"],
            capture_output=True,
            text=True,
            check=True,
        )
        return asked.stdout.strip()
    raise RuntimeError("no boot id on this system; Headrace runs on Linux and macOS")
