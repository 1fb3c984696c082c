"""Recognises the files that stay out of reach whatever the roots say (paths without links)."""

import stat
from pathlib import Path


def is_secret(path: Path) -> bool:
    """Whether this is a `.env` file, in whatever folder."""
    name = path.name.casefold()
    return name == ".env" or name.startswith(".env.")


def is_companion(path: Path, forbidden: Path) -> bool:
    """Whether this is the forbidden file or one that goes with it: `-wal`, `.writer`, … ."""
    if path.parent == forbidden.parent:
        name, own = path.name.casefold(), forbidden.name.casefold()
        if name == own or (name.startswith(own) and name[len(own)] in "-."):
            return True
    return _is_same_file(path, forbidden)


def _is_same_file(path: Path, forbidden: Path) -> bool:
    # A hard link is no link that resolving would follow.
    try:
        one, other = path.stat(), forbidden.stat()
    except OSError:
        return False
    return stat.S_ISREG(one.st_mode) and (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
