"""The files that pipelines can read: data sets in the folders that users may name files in.

Invariant: what is listed can be named, so that `Roots.input` gives the very file. Hidden files and
folders, links, and what Headrace keeps for itself are not listed, and no more than MOST_ENTRIES
entries are looked at, the nearest to the roots first.
"""

import os
import stat
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from headrace.artifacts.errors import PathNotAllowed
from headrace.artifacts.roots import OUTPUT_SUFFIXES, Roots

MOST_ENTRIES: Final = 20_000
MEDIA_TYPES: Final = {".csv": "text/csv", ".tsv": "text/tab-separated-values"}
"""Of the data sets that can be shown as a table."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundFile:
    """A data set: `shown` is its path as one would type it, `modified_at` in ms since the epoch."""

    path: Path
    shown: str
    size_bytes: int
    modified_at: int

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def key(self) -> str:
        """Orders files by name, then by path."""
        return _key(self.path)

    @property
    def media_type(self) -> str | None:
        """How it is shown as a table; None where it is not."""
        return MEDIA_TYPES.get(self.path.suffix.lower())


def find_files(
    roots: Roots, *, after: str = "", most: int = MOST_ENTRIES
) -> tuple[list[FoundFile], bool]:
    """Up to `most` data sets within reach whose key is beyond `after`, and whether there are more.

    Blocks on the disk: call it in a thread.
    """
    keys = sorted(_key(path) for path in _walk(roots) if _is_text(path))
    found: list[FoundFile] = []
    for key in keys[bisect_right(keys, after) :]:
        if (file := _described(roots, Path(key.partition("\0")[2]))) is None:
            continue
        if len(found) == most:
            return found, True
        found.append(file)
    return found, False


def find_file(roots: Roots, text: str) -> FoundFile | None:
    """The data set that this path names, if one is there and would be listed.

    Blocks on the disk: call it in a thread.
    """
    try:
        path = roots.input(text)
    except (PathNotAllowed, OSError):
        return None
    if not _is_data(path.name) or not _is_text(path):
        return None
    return _described(roots, path)


def _key(path: Path) -> str:
    return f"{path.name}\0{path}"  # no name holds the character between the two


def _is_text(path: Path) -> bool:
    # Names in another encoding could be told to nobody: Python spells them with lone surrogates.
    return not any("\ud800" <= character <= "\udfff" for character in str(path))


def _walk(roots: Roots) -> Iterator[Path]:
    folders = deque(str(root) for root in roots.allowed)
    seen = {str(roots.artifacts_dir)}
    looked = 0
    while folders:
        folder = folders.popleft()
        if folder in seen:
            continue
        seen.add(folder)
        for entry in _entries(folder):
            looked += 1
            if looked > MOST_ENTRIES:
                return
            if entry.name.startswith("."):
                continue
            # Not through links: what they lead to within the roots is listed where it stands.
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            elif entry.is_file(follow_symlinks=False) and _is_data(entry.name):
                yield Path(entry.path)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []  # not there yet, or not ours to read


def _is_data(name: str) -> bool:
    return name.lower().endswith(OUTPUT_SUFFIXES)


def _described(roots: Roots, file: Path) -> FoundFile | None:
    try:
        path = roots.input(str(file))
        status = path.stat()
    except (PathNotAllowed, OSError):
        return None
    if path != file or not stat.S_ISREG(status.st_mode) or not os.access(path, os.R_OK):
        return None
    return FoundFile(
        path=path,
        shown=roots.shown(path),
        size_bytes=status.st_size,
        modified_at=status.st_mtime_ns // 1_000_000,
    )
