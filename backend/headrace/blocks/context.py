"""What a running block can ask of Headrace.

These are protocols: a block is written against them and runs in a child process, on Ray, or in a
test with `headrace.blocks.testing.RecordingContext`. Every method may be called from any thread
of the block until `run` returns.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from headrace.blocks.artifact_file import ArtifactFile
from headrace.blocks.environment import Environment
from headrace.blocks.usage import Usage
from headrace.domain.json import JSONValue


class Logger(Protocol):
    """Lines for the run's log. Standard `logging`, stdout and stderr end up there as well."""

    def debug(self, message: str) -> None: ...
    def info(self, message: str) -> None: ...
    def warning(self, message: str) -> None: ...
    def error(self, message: str) -> None: ...


class Memo(Protocol):
    """Results by key that outlive the attempt: the next attempt, or run, looks them up.

    At most `environment.ledger_batch` recorded items are not yet durable at any time: `record`
    waits where there would be more. What was recorded is durable when `run` has returned.
    """

    def lookup(self, keys: Sequence[str]) -> dict[str, JSONValue]:
        """The values of those keys that were recorded ever before."""

    def record(self, items: Mapping[str, JSONValue], usage: Usage | None = None) -> None:
        """Keep values; sent on when a batch is full or 250 ms old.

        `usage` is what finding them out took of a language model; it may come without values.
        """

    def flush(self) -> None:
        """Return when everything recorded so far is durable."""


class Context(Protocol):
    """The block's way to the run that it is part of."""

    @property
    def run_id(self) -> str: ...

    @property
    def block(self) -> str:
        """The block's name in its pipeline."""

    @property
    def attempt(self) -> int:
        """1 for the first."""

    @property
    def environment(self) -> Environment: ...

    @property
    def log(self) -> Logger: ...

    @property
    def memo(self) -> Memo: ...

    @property
    def cancelled(self) -> bool:
        """Whether the run was cancelled: tidy up and return, or call `raise_if_cancelled`."""

    def raise_if_cancelled(self) -> None:
        """Raises BlockCancelled once the run was cancelled. Cheap: call it for each batch."""

    def progress(self, rows_done: int, rows_total: int | None = None) -> None:
        """Tell how far the block is. Cheap: call it for each row if you like."""

    def new_artifact(
        self, name: str, media_type: str | None = None, rows: int | None = None
    ) -> AbstractContextManager[ArtifactFile]:
        """A file for people to download; it becomes an artifact where the `with` block ends well.

        Whatever is raised inside leaves nothing. `media_type` is guessed from the name's ending
        by default. Raises BlockError where the name is no plain file name.
        """

    def input_path(self, path: str) -> Path:
        """The existing file that a path of the user's names, for reading.

        Raises PathRefused where it lies out of reach, BadInput where there is no such file; both
        with a hint at the path that was probably meant.
        """

    def output_path(self, path: str) -> Path:
        """Where a path of the user's leads for writing; raises PathRefused."""

    def written_by_headrace(self, path: Path, sha256: str) -> bool:
        """Whether Headrace itself once wrote these bytes (lower-case hex) to this absolute path."""

    def record_written(self, path: Path, sha256: str) -> None:
        """Remember that Headrace writes these bytes there; returns when that is durable."""
