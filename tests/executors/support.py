"""What the executor's tests share: a listener that remembers, tasks, and signals to wait for."""

import asyncio
import itertools
import os
import select
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from headrace.blocks import Environment
from headrace.blocks.arrow import batch_to_rows, read_dataset
from headrace.blocks.usage import Usage
from headrace.domain.events import LogStream
from headrace.domain.json import JSONValue
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.protocol import (
    Handle,
    InputRef,
    LogRecord,
    Outcome,
    ProducedArtifact,
    Task,
)

PATIENCE_SECONDS = 60.0
"""An upper bound for what takes milliseconds, for machines that are busy."""

_numbers = itertools.count(1)


def target_of(name: str) -> str | None:
    """Block types of the tests by class name."""
    return None if name == "Unknown" else f"tests.executors.sample_blocks:{name}"


class Recorder:
    """A listener that keeps what it hears.

    `refuse` is raised by its coroutines, which first wait for `gate` where there is one, and when
    it is told of the block's data set.
    """

    def __init__(self) -> None:
        self.lines: list[LogRecord] = []
        self.progress_calls: list[tuple[int, int | None]] = []
        self.artifacts: list[ProducedArtifact] = []
        self.memo: dict[str, JSONValue] = {}
        self.memo_batches: list[int] = []
        self.usages: list[Usage] = []
        self.written: set[tuple[str, str]] = set()
        self.refuse: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.in_operation = asyncio.Event()
        self._news = asyncio.Event()

    def log(self, lines: list[LogRecord]) -> None:
        self.lines += lines
        self._news.set()

    def progress(self, done: int, total: int | None) -> None:
        self.progress_calls.append((done, total))
        self._news.set()

    def output(self, artifact: ProducedArtifact) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.artifacts.append(artifact)

    async def artifact(self, artifact: ProducedArtifact) -> None:
        await self._operate()
        self.artifacts.append(artifact)

    async def memo_lookup(self, keys: Sequence[str]) -> Mapping[str, JSONValue]:
        await self._operate()
        return {key: self.memo[key] for key in keys if key in self.memo}

    async def memo_record(self, items: Mapping[str, JSONValue], usages: Sequence[Usage]) -> None:
        self.memo_batches.append(len(items))
        await self._operate()
        self.memo.update(items)
        self.usages += usages

    async def written_by_headrace(self, path: str, sha256: str) -> bool:
        return (path, sha256) in self.written

    async def record_written(self, path: str, sha256: str) -> None:
        self.written.add((path, sha256))

    async def _operate(self) -> None:
        self.in_operation.set()
        await asyncio.sleep(0)
        if self.gate is not None:
            await self.gate.wait()
        if self.refuse is not None:
            raise self.refuse

    def messages(self, stream: LogStream | None = None) -> list[str]:
        return [line.message for line in self.lines if stream in (None, line.stream)]

    async def heard(self, condition: Callable[[], bool]) -> None:
        """Returns once the condition holds; it is looked at with each line and progress."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def heard_line(self, message: str) -> None:
        await self.heard(lambda: message in self.messages())

    @property
    def data_set(self) -> ProducedArtifact | None:
        return next((artifact for artifact in self.artifacts if artifact.output), None)

    def rows(self, root: Path) -> list[dict[str, Any]]:
        """The rows of the block's dataset."""
        output = self.data_set
        assert output is not None
        source: Path | bytes
        if output.data is not None:
            source = output.data
        else:
            source = root / "artifacts" / output.uri.removeprefix("local://")
        return [row for batch in read_dataset(source).batches() for row in batch_to_rows(batch)]


def make_task(
    root: Path,
    block_type: str,
    config: Mapping[str, JSONValue] | None = None,
    *,
    inputs: tuple[InputRef, ...] = (),
    sys_path: tuple[str, ...] = (),
    **environment: Any,
) -> Task:
    """A task of a block type of `sample_blocks`, with everything below `root`."""
    surroundings = Environment(
        working_dir=root,
        data_dir=root,
        artifacts_dir=root / "artifacts",
        allowed_roots=(root,),
        **environment,
    )
    return Task(
        id=f"att_{next(_numbers)}",
        run_id="run_test",
        block="block",
        type=block_type,
        attempt=1,
        config=dict(config or {}),
        inputs=inputs,
        environment=surroundings.to_json(),
        sys_path=sys_path,
    )


async def finish(handle: Handle) -> Outcome:
    """The outcome, or a timeout for an executor that forgot it."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await handle.outcome


async def run(
    executor: LocalExecutor,
    root: Path,
    block_type: str,
    config: Mapping[str, JSONValue] | None = None,
    **options: Any,
) -> tuple[Outcome, Recorder]:
    """Run one block to its end."""
    recorder = Recorder()
    handle = executor.submit(make_task(root, block_type, config, **options), recorder)
    return await finish(handle), recorder


async def gone(pid: int) -> None:
    """Returns once no such process runs any more (a zombie does not run)."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.to_thread(_wait_for_end, pid)


def _wait_for_end(pid: int) -> None:
    # No child of ours: a pidfd tells its end, whoever is its parent.
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        poller = select.poll()
        poller.register(descriptor, select.POLLIN)
        poller.poll(PATIENCE_SECONDS * 1000)
    finally:
        os.close(descriptor)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    return state != "Z"
