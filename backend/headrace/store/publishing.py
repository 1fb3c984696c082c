"""A file that has grown under another name gets its own: whole, on the disk, and nobody's place."""

import os
from pathlib import Path

from headrace.artifacts.durable import sync_file, sync_folder
from headrace.store.errors import StoreError


def publish(partial: Path, target: Path, *, what: str, failed: type[StoreError]) -> None:
    """Links it, which never replaces a file. `what` it is called in the words of `failed`."""
    descriptor = os.open(partial, os.O_RDWR | os.O_CLOEXEC)
    try:
        sync_file(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(partial, target)
    except FileExistsError as error:
        raise failed(f"{target} is there already, and {what} never replaces a file") from error
    except OSError as error:
        raise failed(
            f"{target.parent} cannot hold {what}, for its file system has no hard links "
            f"({error.strerror}): name another folder and copy the file"
        ) from error
    sync_folder(target.parent)
