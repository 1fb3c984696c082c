"""What of the whole house can be watched: the queue, the workers, and how the service is."""

import asyncio
from dataclasses import dataclass
from functools import partial

from headrace.live.shared_state import SharedState
from headrace.live.wakeups import WakeUps
from headrace.services.health import Check, checks_of
from headrace.settings import Settings
from headrace.store.database import Store
from headrace.store.hints import Hints
from headrace.store.reads.queue import QueueState, queue_state
from headrace.store.reads.workers import Crew, crew_now


@dataclass(frozen=True, kw_only=True)
class Watches:
    """Of one process; each is read only while somebody watches it."""

    queue: SharedState[QueueState]
    workers: SharedState[Crew]
    service: SharedState[tuple[Check, ...]]

    @classmethod
    def of(cls, settings: Settings, store: Store, wakeups: WakeUps) -> "Watches":
        return cls(
            queue=SharedState(
                store, wakeups, name="queue", read=queue_state, concerns=_blocks_moved
            ),
            workers=SharedState(
                store,
                wakeups,
                name="workers",
                read=crew_now,
                concerns=lambda hints: hints.workers or _blocks_moved(hints),
            ),
            service=SharedState(
                store,
                wakeups,
                name="service",
                read=partial(checks_of, settings),
                concerns=lambda hints: hints.workers,
            ),
        )

    async def close(self) -> None:
        """Ends every watch; safe to call twice."""
        await asyncio.gather(self.queue.close(), self.workers.close(), self.service.close())


def _blocks_moved(hints: Hints) -> bool:
    return bool(hints.runs or hints.removed or hints.ready or hints.retry)
