"""Who is told when something changed: hints of our own commits and of other processes', in one
stream.

Between processes they go by what the database has for it (pokes, notices), or by a topic instead.
A hint never carries state. Whoever listens reads the database by cursor.
"""

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

from headrace.live.hint_topic import HintTopic
from headrace.live.pokes import Pokes
from headrace.store.database import Store
from headrace.store.hints import Hints

Listener = Callable[[Hints], None]
_log = logging.getLogger("headrace.live.wakeups")


class WakeUps:
    """Of one process. Listeners are called on the loop and must not block.

    `heard` counts hints of other processes that named what had changed, by what carried them.
    """

    def __init__(self, store: Store, topic: HintTopic | None = None) -> None:
        self.heard = {"database": 0, "kafka": 0}
        self._listeners: list[Listener] = []
        # With a topic too: a process that is dead shows by its socket.
        self._pokes = None if store.path is None else _pokes(store.path, self._by_database)
        self._notices = None if topic is not None else store.notices(self._by_database)
        self._topic = topic
        self._store = store
        if topic is not None:
            topic.start(self._by_topic)
        if topic is not None or self._pokes is not None:
            store.hints_come()
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

    async def close(self) -> None:
        if self._pokes is not None:
            self._pokes.close()
        if self._notices is not None:
            await self._notices.close()
        if self._topic is not None:
            await self._topic.close()

    def _committed(self, hints: Hints) -> None:
        # Everything: that is a look at the file, and not a commit of ours.
        if not hints.everything:
            if self._topic is not None:
                self._topic.send(hints)
            elif self._pokes is not None:
                self._pokes.send(hints)
        self._tell(hints)

    def _by_database(self, hints: Hints) -> None:
        self.heard["database"] += not hints.everything
        self._store.stir()
        self._tell(hints)

    def _by_topic(self, hints: Hints) -> None:
        self.heard["kafka"] += not hints.everything
        self._store.stir()
        self._tell(hints)

    def _tell(self, hints: Hints) -> None:
        for listener in list(self._listeners):
            try:
                listener(hints)
            except Exception:
                _log.exception("wakeups.listener_failed")


def _pokes(database: Path, told: Listener) -> Pokes | None:
    try:
        return Pokes(database, told)
    except OSError as error:
        # Some file systems have no sockets; the store's own look finds foreign commits.
        _log.warning("wakeups.without_pokes: %s", error)
        return None
