"""What a transaction touched, for those who wait for it.

A hint is only a hint: whoever is told reads the database by cursor, so a lost one costs latency.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Hints:
    """Collected while units of work run, told after their COMMIT.

    `events` holds the committed rows for readers in this process, who need not read them back;
    they are taken only where they follow without a gap, and never cross to another process.
    """

    events: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # run id → new rows
    runs: dict[str, int] = field(default_factory=dict)  # run id → its newest seq
    logs: dict[str, int] = field(default_factory=dict)  # run id → its newest log seq
    progress: set[str] = field(default_factory=set)  # runs with new progress
    cancelled: set[str] = field(default_factory=set)  # runs whose held blocks must stop
    removed: set[str] = field(default_factory=set)  # runs that were deleted
    ready: int = 0  # blocks became claimable
    drained: bool = False  # a claim took all that was claimable: earlier `ready` is history
    again: bool = False  # a claim saw READY blocks of runs that others held; for its process alone
    retry: bool = False  # a block became RETRYING: somebody must wake when it is due
    workers: bool = False  # a worker came, left, or changed
    schedules: bool = False  # a schedule was changed, or a tick of one was decided
    waits: list[int] = field(default_factory=list)  # ms that claimed blocks had been READY
    everything: bool = False  # too much to name: look at all that you watch

    def merge(self, other: "Hints") -> None:
        self.runs.update(other.runs)
        self.logs.update(other.logs)
        for run_id, rows in other.events.items():
            self.events.setdefault(run_id, []).extend(rows)
        self.progress |= other.progress
        self.cancelled |= other.cancelled
        self.removed |= other.removed
        self.ready = other.ready if other.drained else self.ready + other.ready
        self.again |= other.again
        self.retry |= other.retry
        self.workers |= other.workers
        self.schedules |= other.schedules
        self.waits += other.waits
        self.everything |= other.everything

    def __bool__(self) -> bool:
        return bool(
            self.runs
            or self.logs
            or self.progress
            or self.cancelled
            or self.removed
            or self.ready
            or self.again
            or self.retry
            or self.workers
            or self.schedules
            or self.waits
            or self.everything
        )

    def to_wire(self) -> dict[str, Any]:
        return {
            "runs": self.runs,
            "logs": self.logs,
            "progress": list(self.progress),
            "cancelled": list(self.cancelled),
            "removed": list(self.removed),
            "ready": self.ready,
            "retry": self.retry,
            "workers": self.workers,
            "schedules": self.schedules,
            "waits": self.waits,
            "everything": self.everything,
        }

    @classmethod
    def from_wire(cls, value: Mapping[str, Any]) -> "Hints":
        return cls(
            runs=dict(value["runs"]),
            logs=dict(value["logs"]),
            progress=set(value["progress"]),
            cancelled=set(value["cancelled"]),
            removed=set(value["removed"]),
            ready=int(value["ready"]),
            retry=bool(value["retry"]),
            workers=bool(value["workers"]),
            schedules=bool(value.get("schedules", False)),
            waits=list(value.get("waits", ())),
            everything=bool(value["everything"]),
        )
