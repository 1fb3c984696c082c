"""Files that survive a loss of power, and files that are there whole or not at all."""

import fcntl
import os
import sys
from pathlib import Path


def sync_file(descriptor: int) -> None:
    """Wait until the bytes written through `descriptor` are on the disk itself."""
    if sys.platform == "darwin":
        # There fsync stops at the drive's cache.
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fdatasync(descriptor)


def sync_folder(folder: Path) -> None:
    """Make names that were just made or removed in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
