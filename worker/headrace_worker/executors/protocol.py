"""What a worker hands to an executor and what comes back: the seam between claiming and running.

Invariant: a block's log lines, artifacts and memo records have reached the listener, and its
coroutines have returned, before the handle's outcome is set; after it, nothing comes any more.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from headrace.blocks.usage import Usage
from headrace.domain.events import LogLevel, LogStream
from headrace.domain.json import JSONValue


@dataclass(frozen=True, kw_only=True)
class InputRef:
    """An upstream dataset: an Arrow IPC file at `path`, or else at `uri` in the content store of
    the task's environment, or its bytes in `data`.

    `part` are the rows that the block is given, where that is not all of them.
    """

    name: str
    rows: int | None = None
    path: str | None = None
    uri: str | None = None
    data: bytes | None = None
    part: range | None = None


@dataclass(frozen=True, kw_only=True)
class PartArtifactRef:
    """A file that a partition made for people, at `path`, or else at `uri`."""

    name: str
    media_type: str
    rows: int | None
    path: str | None
    uri: str


@dataclass(frozen=True, kw_only=True)
class PartRef:
    """What one partition (from 1) left."""

    number: int
    output: InputRef | None
    artifacts: tuple[PartArtifactRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Task:
    """One attempt at a block. `type` is the block type's name in the catalogue.

    `environment` is `headrace.blocks.Environment.to_json()`. `sys_path` is put in front of the
    child's import path for this task. With `parts`, the block's work is done, and the task puts
    together what its partitions left.
    """

    id: str
    run_id: str
    block: str
    type: str
    attempt: int
    config: Mapping[str, JSONValue]
    inputs: tuple[InputRef, ...] = ()
    environment: Mapping[str, Any]
    sys_path: tuple[str, ...] = ()
    parts: tuple[PartRef, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class LogRecord:
    """A log line; `at` in ms since the epoch. Neither NUL nor lone surrogates are in `message`."""

    at: int
    level: LogLevel
    stream: LogStream
    message: str


@dataclass(frozen=True, kw_only=True)
class ProducedArtifact:
    """Bytes that a block made. `data` is set exactly where `uri` is `INLINE_URI` (`inline:`).

    `output` is true of the block's own dataset, `output.arrow`. `sha256` is lower-case hex.
    """

    name: str
    media_type: str
    size_bytes: int
    sha256: str
    rows: int | None
    uri: str
    data: bytes | None = None
    output: bool = False


@dataclass(frozen=True)
class Succeeded:
    """The block returned; `rows` of its dataset, None where it left none."""

    rows: int | None


@dataclass(frozen=True)
class Failed:
    """The block raised; `kind` is a word of the contract's `RunError.kind`."""

    kind: str
    message: str
    detail: str | None
    retryable: bool


@dataclass(frozen=True)
class Cancelled:
    """The block ended because it was asked, terminated or killed through its handle."""


@dataclass(frozen=True)
class Crashed:
    """The block's process died by itself or by a stranger's hand; `message` tells how, in words."""

    message: str


Outcome: TypeAlias = Succeeded | Failed | Cancelled | Crashed


class Listener(Protocol):
    """Who is told what a running block says; called on the event loop.

    What a coroutine raises goes to the block as a failure of its call. What the other methods
    raise kills the block and becomes the outcome's exception.
    """

    def log(self, lines: list[LogRecord]) -> None: ...

    def progress(self, done: int, total: int | None) -> None:
        """The latest of a few a second; never falls."""

    def output(self, artifact: ProducedArtifact) -> None:
        """The block's own dataset: just before the outcome that it belongs to."""

    async def artifact(self, artifact: ProducedArtifact) -> None:
        """Any other; returns when it is recorded, and the block goes on after that."""

    async def memo_lookup(self, keys: Sequence[str]) -> Mapping[str, JSONValue]: ...

    async def memo_record(self, items: Mapping[str, JSONValue], usages: Sequence[Usage]) -> None:
        """Returns when the items, and what finding them out took, are durable."""

    async def written_by_headrace(self, path: str, sha256: str) -> bool: ...

    async def record_written(self, path: str, sha256: str) -> None: ...


class Handle(Protocol):
    """A block that was handed to an executor. Every method is harmless once the outcome is set."""

    @property
    def outcome(self) -> asyncio.Future[Outcome]: ...

    @property
    def pid(self) -> int | None:
        """Of its process; None while that is being made."""

    def ask_cancel(self) -> None:
        """Make `ctx.cancelled` true."""

    def terminate(self) -> None:
        """SIGTERM to its process group; in the block, BlockCancelled is raised."""

    def kill(self) -> None:
        """SIGKILL to its process group."""

    def pause_output(self) -> None:
        """Stop reading what the block says, so that a flood waits in the block's process."""

    def resume_output(self) -> None: ...


class Executor(Protocol):
    """Where blocks run."""

    async def start(self) -> None: ...

    def submit(self, task: Task, listener: Listener) -> Handle:
        """Run the task now; raises ExecutorStopped. On the running loop, and without a wait."""

    async def stop(self) -> None:
        """Kill whatever runs (its outcome is Cancelled); returns when every process is gone."""


class ExecutorStopped(Exception):
    """A task was submitted to an executor that was stopped, or not started."""
