"""The files that pipelines can read: data sets in the folders that users may name files in.

Invariant: what is listed can be named, so that `Roots.input` gives the very file. Hidden files and
folders, what Headrace keeps for itself, and links that lead out are not listed, and no more than
MOST_ENTRIES entries are looked at, the nearest to the roots first.
"""

import os
import stat
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

    name: str
    shown: str
    path: Path
    size_bytes: int
    modified_at: int

    @property
    def key(self) -> str:
        """Orders files by name, then by path: no name holds the character between the two."""
        return f"{self.name}\0{self.shown}"

    @property
    def media_type(self) -> str | None:
        """How it is shown as a table; None where it is not."""
        return MEDIA_TYPES.get(self.path.suffix.lower())


def find_files(roots: Roots) -> list[FoundFile]:
    """Every data set within reach, by name. Blocks on the disk: call it in a thread."""
    described = (_described(roots, file) for file in _walk(roots))
    # By path: links within the roots lead to what is listed already.
    found = {each.path: each for each in described if each is not None}
    return sorted(found.values(), key=lambda each: each.key)


def _walk(roots: Roots) -> Iterator[Path]:
    folders = deque(roots.allowed)
    seen = {roots.artifacts_dir}
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
            if entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))
            elif Path(entry.name).suffix.lower() in OUTPUT_SUFFIXES:
                yield Path(entry.path)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []  # not there yet, or not ours to read


def _described(roots: Roots, file: Path) -> FoundFile | None:
    try:
        str(file).encode()  # a name in another encoding could not be told to anyone
        path = roots.input(str(file))
        status = path.stat()
    except (PathNotAllowed, OSError, UnicodeError):
        return None
    if not (stat.S_ISREG(status.st_mode) and os.access(path, os.R_OK)):
        return None
    return FoundFile(
        name=path.name,
        shown=roots.shown(path),
        path=path,
        size_bytes=status.st_size,
        modified_at=status.st_mtime_ns // 1_000_000,
    )
