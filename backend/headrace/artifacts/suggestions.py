"""Files that a wrong name may have meant."""

import difflib
import os
from itertools import islice
from pathlib import Path

_MOST_NAMES = 2_000


def nearest_file(path: Path) -> Path | None:
    """The file beside `path` whose name is most like its own, or None; looks at 2,000 names at
    most.
    """
    try:
        with os.scandir(path.parent) as entries:
            names = [
                entry.name
                for entry in islice(entries, _MOST_NAMES)
                if not entry.name.startswith(".") and entry.is_file()
            ]
    except OSError:
        return None
    near = difflib.get_close_matches(path.name, sorted(names), n=1, cutoff=0.7)
    return path.parent / near[0] if near else None
