"""Who is told when something changed: hints of our own commits and of other processes', in one
stream.

A hint never carries state. Whoever listens reads the database by cursor.
"""

import contextlib
import logging
from collections.abc import Callable

from headrace.live.pokes import Pokes
from headrace.store.database import Store
from headrace.store.hints import Hints

Listener = Callable[[Hints], None]
_log = logging.getLogger("headrace.live.wakeups")


class WakeUps:
    """Of one process. Listeners are called on the loop and must not block."""

    def __init__(self, store: Store) -> None:
        self._listeners: list[Listener] = []
        self._pokes: Pokes | None = None
        try:
            self._pokes = Pokes(store.path, self._tell)
        except OSError as error:
            # Some file systems have no sockets; the store's own look finds foreign commits.
            _log.warning("wakeups.without_pokes: %s", error)
        store.listen(self._committed)

    @property
    def address(self) -> str | None:
        """Where other processes poke this one."""
        return None if self._pokes is None else self._pokes.address

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Adds a listener; call what it gives to remove it, more than once if you like."""
        self._listeners.append(listener)

        def forget() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return forget

    def gone(self, address: str) -> bool:
        """Whether the process with this address is dead for certain."""
        return self._pokes is not None and self._pokes.refused(address)

    def close(self) -> None:
        if self._pokes is not None:
            self._pokes.close()

    def _committed(self, hints: Hints) -> None:
        if self._pokes is not None and not hints.everything:
            self._pokes.send(hints)
        self._tell(hints)

    def _tell(self, hints: Hints) -> None:
        for listener in list(self._listeners):
            try:
                listener(hints)
            except Exception:
                _log.exception("wakeups.listener_failed")
