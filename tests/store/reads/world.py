"""A store with pipelines, runs and workers in it, made through the store's own writes."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import bindparam, update

from headrace.domain.definition import definition_from_document
from headrace.domain.events import RunError
from headrace.domain.lifecycle import RunTrigger
from headrace.store import attempts, workers
from headrace.store.artifacts import NewArtifact, publish_artifact
from headrace.store.attempt_notes import append_lines, set_progress
from headrace.store.claims import ClaimedBlock, claim_blocks
from headrace.store.database import Store
from headrace.store.logs import NewLine
from headrace.store.pipelines import Saved, save_definition
from headrace.store.runs import NewRun, cancel_run, create_run
from headrace.store.statements import Statement
from headrace.store.tables import pipelines
from headrace.store.transaction import Transaction

T = TypeVar("T")

ARROW = "application/vnd.apache.arrow.file"
HOUR_MS = 3_600_000
OOPS = RunError(kind="BLOCK_ERROR", message="oops", block="a", retryable=True, detail="line 1")


def document(name: str, blocks: str = "a b", edges: str = "a>b", **rest: Any) -> dict[str, Any]:
    """A definition's document from words: blocks `a b`, edges `a>b`; every block is a PYTHON."""
    pairs = [edge.split(">") for edge in edges.split()]
    return {
        "name": name,
        "blocks": [
            {"name": block, "type": "PYTHON", "config": {"function": "m:f"}}
            for block in blocks.split()
        ],
        "edges": [{"from": source, "to": target} for source, target in pairs],
        **rest,
    }


def data_set(rows: int = 2, *, name: str = "output.arrow", data: bytes = b"abc") -> NewArtifact:
    return NewArtifact(
        name=name,
        uri="inline:",
        media_type=ARROW if name.endswith(".arrow") else "application/json",
        size_bytes=len(data),
        sha256="0" * 64,
        rows=rows,
        data=data,
    )


_ARCHIVE = Statement(
    update(pipelines).where(pipelines.c.id == bindparam("the_pipeline")).values(archived_at=1)
)


class World:
    """Does what clients and workers do, one committed step at a time."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def write(self, unit: Callable[..., T], *args: Any, **values: Any) -> T:
        def bound(tx: Transaction) -> T:
            return unit(tx, *args, **values)

        return await self.store.write(bound)

    async def save(self, given: Mapping[str, Any]) -> Saved:
        definition = definition_from_document(given)
        saved = await self.store.write(
            partial(save_definition, definition=definition, replace=True)
        )
        assert isinstance(saved, Saved)
        return saved

    async def start(self, given: Mapping[str, Any] | Saved, **values: Any) -> str:
        saved = given if isinstance(given, Saved) else await self.save(given)
        rest: dict[str, Any] = {
            "trigger": RunTrigger.API,
            "params": {},
            "labels": {},
            **values,
        }
        new = NewRun(pipeline_id=saved.pipeline_id, version_id=saved.version_id, **rest)
        return await self.store.write(partial(create_run, new=new))

    async def worker(self, name: str = "w") -> str:
        new = workers.NewWorker(
            name=name, host="here", pid=1, version="0", capacity=9, address=None
        )
        return await self.write(workers.register, new, HOUR_MS)

    async def claim(self, worker: str, most: int = 1) -> list[ClaimedBlock]:
        return await self.write(claim_blocks, worker, most)

    async def claim_one(self, worker: str) -> ClaimedBlock:
        (block,) = await self.claim(worker)
        return block

    async def succeed(self, block: ClaimedBlock, output: NewArtifact | None = None) -> None:
        await self.write(attempts.succeed, block.claim, rows=None, output=output)

    async def fail(self, block: ClaimedBlock, error: RunError = OOPS) -> None:
        await self.write(attempts.fail, block.claim, error, jitter=0.0)

    async def publish(self, block: ClaimedBlock, artifact: NewArtifact) -> str:
        return await self.write(publish_artifact, block.claim, artifact)

    async def progress(self, block: ClaimedBlock, done: int, total: int | None) -> None:
        await self.write(set_progress, block.claim, done, total)

    async def log(self, block: ClaimedBlock, *messages: str, level: int = 20) -> None:
        lines = [
            NewLine(at=1_000 + index, level=level, stream="LOG", message=message)
            for index, message in enumerate(messages)
        ]
        await self.write(append_lines, block.claim, lines)

    async def cancel(self, run_id: str, reason: str | None = None) -> bool:
        return await self.write(cancel_run, run_id, reason)

    async def archive(self, pipeline_id: str) -> None:
        await self.write(lambda tx: tx.change(_ARCHIVE, {"the_pipeline": pipeline_id}))

    async def finish(self, run_id: str, worker: str) -> None:
        """Runs what is left of the only run in the store."""
        while blocks := await self.claim(worker, 100):
            for block in blocks:
                assert block.claim.run_id == run_id
                await self.succeed(block, data_set())
