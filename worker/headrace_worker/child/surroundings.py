"""What one block may leave behind in a warm process, and how the next one is spared of it."""

import importlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType


class Surroundings:
    """The process's working directory, environment variables and terminate handler, as at first."""

    def __init__(self, on_terminate: Callable[[int, object], None]) -> None:
        self._folder = _folder()
        self._variables = dict(_variables())
        self._on_terminate = on_terminate

    def restore(self) -> None:
        """Put back what the block before may have changed; cheap where it changed nothing."""
        if self._folder is not None and _folder() != self._folder:
            with suppress(OSError):
                os.chdir(self._folder)
        if _variables() != self._variables:
            os.environ.clear()
            os.environb.update(self._variables)
        signal.signal(signal.SIGTERM, self._on_terminate)


def _variables() -> Mapping[bytes, bytes]:
    # The dict behind `os.environ`: comparing the mapping itself decodes all, 40 µs a task.
    raw: Mapping[bytes, bytes] | None = getattr(os.environ, "_data", None)
    return dict(os.environb) if raw is None else raw


def _folder() -> str | None:
    try:
        return os.getcwd()
    except OSError:  # removed under our feet
        return None


@contextmanager
def import_path(folders: Sequence[str]) -> Iterator[None]:
    """Import from `folders` first; afterwards forget the modules that came from there.

    So the next task sees an edited file, and another run's folder with a module of the same name.
    """
    if not folders:
        yield
        return
    before = set(sys.modules)
    sys.path[:0] = folders
    importlib.invalidate_caches()
    try:
        yield
    finally:
        for folder in folders:
            with suppress(ValueError):
                sys.path.remove(folder)
        homes = {Path(folder).resolve() for folder in folders}
        new = [name for name in sys.modules if name not in before]
        # Directly in the folder: a virtual environment below it holds libraries, which stay.
        own = {name for name in new if "." not in name and _home(sys.modules[name]) in homes}
        for name in new:
            if name.partition(".")[0] in own:
                sys.modules.pop(name, None)


def _home(module: ModuleType) -> Path | None:
    places = list(getattr(module, "__path__", None) or ())
    place = places[0] if places else getattr(module, "__file__", None)
    return None if place is None else Path(place).resolve().parent
