"""What a partition says, on its way to the listener of its block.

Invariant: nothing that a partition makes becomes an artifact of the block by itself: it is kept
until all of them have ended well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from headrace.blocks.usage import Usage
from headrace.domain.json import JSONValue
from headrace.store.artifacts import NewArtifact
from headrace_worker.executors.protocol import Listener, LogRecord, ProducedArtifact
from headrace_worker.listener import stored


class RowsDone:
    """The progress of all partitions, summed up for the block's listener."""

    def __init__(self, listener: Listener, total: int) -> None:
        self._listener = listener
        self._total = total
        self._done: dict[int, int] = {}

    def tell(self, number: int, done: int) -> None:
        """How many rows of its input a partition has dealt with."""
        self._done[number] = done
        self._listener.progress(sum(self._done.values()), self._total)


class PartListener:
    """The `Listener` of one partition; `made` is what it has made so far."""

    def __init__(self, listener: Listener, number: int, rows: int, progress: RowsDone) -> None:
        self.made: list[tuple[NewArtifact, bool]] = []
        self._listener = listener
        self._number = number
        self._rows = rows
        self._progress = progress

    def log(self, lines: list[LogRecord]) -> None:
        prefix = f"partition {self._number}: "
        self._listener.log([replace(line, message=prefix + line.message) for line in lines])

    def progress(self, done: int, total: int | None) -> None:
        self._progress.tell(self._number, min(done, self._rows))

    def output(self, artifact: ProducedArtifact) -> None:
        self.made.append((stored(artifact), True))

    async def artifact(self, artifact: ProducedArtifact) -> None:
        self.made.append((stored(artifact), False))

    async def memo_lookup(self, keys: Sequence[str]) -> Mapping[str, JSONValue]:
        return await self._listener.memo_lookup(keys)

    async def memo_record(self, items: Mapping[str, JSONValue], usages: Sequence[Usage]) -> None:
        await self._listener.memo_record(items, usages)

    async def written_by_headrace(self, path: str, sha256: str) -> bool:
        return await self._listener.written_by_headrace(path, sha256)

    async def record_written(self, path: str, sha256: str) -> None:
        await self._listener.record_written(path, sha256)
