"""What a transaction touched, for those who wait for it.

A hint is only a hint: whoever is told reads the database by cursor, so a lost one costs latency.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Hints:
    """Collected while units of work run, told after their COMMIT."""

    runs: dict[str, int] = field(default_factory=dict)  # run id → its newest seq
    logs: set[str] = field(default_factory=set)  # runs with new log lines
    progress: set[str] = field(default_factory=set)  # runs with new progress
    cancelled: set[str] = field(default_factory=set)  # runs whose held blocks must stop
    removed: set[str] = field(default_factory=set)  # runs that were deleted
    ready: int = 0  # blocks became claimable
    retry: bool = False  # a block became RETRYING: somebody must wake when it is due
    workers: bool = False  # a worker came, left, or changed
    everything: bool = False  # too much to name: look at all that you watch

    def merge(self, other: "Hints") -> None:
        self.runs.update(other.runs)
        self.logs |= other.logs
        self.progress |= other.progress
        self.cancelled |= other.cancelled
        self.removed |= other.removed
        self.ready += other.ready
        self.retry |= other.retry
        self.workers |= other.workers
        self.everything |= other.everything

    def __bool__(self) -> bool:
        return bool(
            self.runs
            or self.logs
            or self.progress
            or self.cancelled
            or self.removed
            or self.ready
            or self.retry
            or self.workers
            or self.everything
        )

    def to_wire(self) -> dict[str, Any]:
        return {
            "runs": self.runs,
            "logs": list(self.logs),
            "progress": list(self.progress),
            "cancelled": list(self.cancelled),
            "removed": list(self.removed),
            "ready": self.ready,
            "retry": self.retry,
            "workers": self.workers,
            "everything": self.everything,
        }

    @classmethod
    def from_wire(cls, value: Mapping[str, Any]) -> "Hints":
        return cls(
            runs=dict(value["runs"]),
            logs=set(value["logs"]),
            progress=set(value["progress"]),
            cancelled=set(value["cancelled"]),
            removed=set(value["removed"]),
            ready=int(value["ready"]),
            retry=bool(value["retry"]),
            workers=bool(value["workers"]),
            everything=bool(value["everything"]),
        )
