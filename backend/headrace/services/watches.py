"""What of the whole house can be watched: the queue, the workers, the schedules, and how the
service is.
"""

import asyncio
from dataclasses import dataclass
from functools import partial

from headrace.artifacts.content import ContentStore
from headrace.live.shared_state import SharedState
from headrace.live.wakeups import WakeUps
from headrace.services.health import Check, checks_of
from headrace.settings import Settings
from headrace.store.database import Store
from headrace.store.hints import Hints
from headrace.store.reads.queue import QueueState, queue_state
from headrace.store.reads.schedules import SchedulesState, schedules_now
from headrace.store.reads.triggers import TriggerState, trigger_state
from headrace.store.reads.workers import Crew, crew_now


@dataclass(frozen=True, kw_only=True)
class Watches:
    """Of one process; each is read only while somebody watches it."""

    queue: SharedState[QueueState]
    workers: SharedState[Crew]
    schedules: SharedState[SchedulesState]
    service: SharedState[tuple[Check, ...]]
    triggers: SharedState[TriggerState]

    @classmethod
    def of(
        cls, settings: Settings, content: ContentStore, store: Store, wakeups: WakeUps
    ) -> "Watches":
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
            schedules=SharedState(
                store,
                wakeups,
                name="schedules",
                read=schedules_now,
                concerns=lambda hints: hints.schedules or bool(hints.runs or hints.removed),
            ),
            service=SharedState(
                store,
                wakeups,
                name="service",
                read=partial(checks_of, settings, content),
                concerns=lambda hints: hints.workers,
            ),
            triggers=SharedState(
                store,
                wakeups,
                name="triggers",
                read=trigger_state,
                # A message that is handled starts a run; poison and lag are found by the tick.
                concerns=lambda hints: hints.workers or bool(hints.runs),
            ),
        )

    async def close(self) -> None:
        """Ends every watch; safe to call twice."""
        states = (self.queue, self.workers, self.schedules, self.service, self.triggers)
        await asyncio.gather(*(state.close() for state in states))


def _blocks_moved(hints: Hints) -> bool:
    return bool(hints.runs or hints.removed or hints.ready or hints.retry)
