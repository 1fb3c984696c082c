"""What a watcher knows of a run: the plan, and every event applied in order. No I/O, no clock."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from headrace.domain.lifecycle import BlockStatus, RunStatus

OUTPUT_ARTIFACT: Final = "output.arrow"
# What is moving stands first where not every block has room.
PRECEDENCE: Final = {
    BlockStatus.RUNNING: 0,
    BlockStatus.RETRYING: 1,
    BlockStatus.FAILED: 2,
    BlockStatus.READY: 3,
    BlockStatus.SUCCEEDED: 4,
    BlockStatus.CANCELLED: 5,
    BlockStatus.SKIPPED: 6,
    BlockStatus.WAITING: 7,
}


@dataclass(kw_only=True)
class BlockView:
    """One block as it is now."""

    name: str
    type: str
    status: BlockStatus = BlockStatus.WAITING
    attempt: int = 0
    rows_done: int = 0
    rows_total: int | None = None
    started_at: datetime | None = None
    told_at: datetime | None = None  # when its rows were counted, or it ended

    @property
    def elapsed_seconds(self) -> float:
        """From the attempt's start to the last word of it."""
        if self.started_at is None or self.told_at is None:
            return 0.0
        return max(0.0, (self.told_at - self.started_at).total_seconds())

    @property
    def rows_per_second(self) -> float | None:
        """Over the whole attempt; None before the first rows."""
        if not self.rows_done or not self.elapsed_seconds:
            return None
        return self.rows_done / self.elapsed_seconds

    @property
    def fraction(self) -> float | None:
        """How far it is, 0 to 1; None while that cannot be told."""
        if self.status is BlockStatus.SUCCEEDED:
            return 1.0
        if self.rows_total:
            return min(1.0, self.rows_done / self.rows_total)
        return None if self.status is BlockStatus.RUNNING else 0.0


@dataclass(kw_only=True)
class RunView:
    """A run as its watcher sees it. Feed it every batch of `runEvents` from the first."""

    id: str
    pipeline: str
    version: int
    status: RunStatus = RunStatus.QUEUED
    blocks: dict[str, BlockView] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Mapping[str, Any]) -> "RunView":
        """From the answer to RUN_PLAN."""
        return cls(
            id=plan["id"],
            pipeline=plan["pipeline"]["name"],
            version=plan["version"]["number"],
            blocks={
                block["name"]: BlockView(name=block["name"], type=block["type"])
                for block in plan["blocks"]
            },
        )

    def apply(self, batch: Mapping[str, Any]) -> None:
        """Takes one batch of events or of progress."""
        self.status = RunStatus(batch["status"])
        for event in batch["events"]:
            self._event(event)
        for told in batch["progress"]:
            block = self.blocks[told["block"]]
            if told["attempt"] >= block.attempt:
                block.rows_done = int(told["rowsDone"])
                block.rows_total = _whole(told["rowsTotal"])
                block.told_at = datetime.fromisoformat(told["timestamp"])

    def counts(self) -> Counter[BlockStatus]:
        """How many blocks there are of each status."""
        return Counter(block.status for block in self.blocks.values())

    def most_telling(self, room: int) -> Sequence[BlockView]:
        """At most `room` blocks, in definition order: those that move before those that do not."""
        blocks = list(self.blocks.values())
        if len(blocks) <= room:
            return blocks
        chosen = sorted(range(len(blocks)), key=lambda at: (PRECEDENCE[blocks[at].status], at))
        return [blocks[at] for at in sorted(chosen[:room])]

    def failed(self) -> Iterator[BlockView]:
        """The blocks that failed, in definition order."""
        return (block for block in self.blocks.values() if block.status is BlockStatus.FAILED)

    def _event(self, event: Mapping[str, Any]) -> None:
        block = self.blocks.get(event.get("block", ""))
        if block is None:
            return
        at = datetime.fromisoformat(event["timestamp"])
        match event["__typename"]:
            case "BlockStateChanged":
                block.status = BlockStatus(event["blockStatus"])
                block.attempt = event["attempt"]
                if event["kind"] == "BLOCK_STARTED":
                    block.started_at, block.rows_done, block.rows_total = at, 0, None
                block.told_at = at
            case "ArtifactCreated" if event["artifact"]["name"] == OUTPUT_ARTIFACT:
                rows = _whole(event["artifact"]["rows"])
                if rows is not None:
                    block.rows_done = rows


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
