"""What the task of an attempt tells, on its way to the store.

Invariant: whatever is to last is written by a unit of work that the attempt's claim fences; the
data set alone waits for the unit that ends the attempt.
"""

import itertools
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from headrace.blocks.usage import Usage
from headrace.store import attempt_notes
from headrace.store.artifacts import NewArtifact, publish_artifact
from headrace.store.claims import Claim
from headrace.store.database import Store
from headrace_worker.executors.protocol import LogRecord, ProducedArtifact
from headrace_worker.notes import Notes


class AttemptListener:
    """The executor's `Listener` of one attempt; `made` is the data set that it left."""

    def __init__(self, store: Store, claim: Claim, log_bytes: int) -> None:
        self.notes = Notes(store, claim, log_bytes)
        self.made: NewArtifact | None = None
        self._store = store
        self._claim = claim
        self._usage_numbers = itertools.count(1)

    def log(self, lines: list[LogRecord]) -> None:
        self.notes.log(lines)

    def progress(self, done: int, total: int | None) -> None:
        self.notes.progress(done, total)

    def output(self, artifact: ProducedArtifact) -> None:
        self.made = stored(artifact)  # listed by the unit that ends the attempt

    async def artifact(self, artifact: ProducedArtifact) -> None:
        publish = partial(publish_artifact, claim=self._claim, new=stored(artifact))
        await self._store.write(publish, about=self._claim.place)

    async def memo_lookup(self, keys: Sequence[str]) -> Mapping[str, Any]:
        async with self._store.snapshot() as snapshot:
            return await attempt_notes.look_up_memos(snapshot, keys)

    async def memo_record(self, items: Mapping[str, Any], usages: Sequence[Usage]) -> None:
        record = partial(
            attempt_notes.record_memos,
            items=items,
            usages=usages,
            claim=self._claim,
            number=next(self._usage_numbers),
        )
        await self._store.write(record)

    async def written_by_headrace(self, path: str, sha256: str) -> bool:
        ask = partial(attempt_notes.written_by_headrace, path=path, sha256=sha256)
        return await self._store.write(ask)

    async def record_written(self, path: str, sha256: str) -> None:
        run_id = self._claim.run_id
        note = partial(attempt_notes.record_written, path=path, sha256=sha256, run_id=run_id)
        await self._store.write(note)


def stored(artifact: ProducedArtifact) -> NewArtifact:
    """What the store keeps of an artifact that a block made."""
    return NewArtifact(
        name=artifact.name,
        uri=artifact.uri,
        media_type=artifact.media_type,
        size_bytes=artifact.size_bytes,
        sha256=artifact.sha256,
        rows=artifact.rows,
        data=artifact.data,
    )
