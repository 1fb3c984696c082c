"""`Context` in a child process: everything goes to the worker, nothing to a database."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from headrace.artifacts.content import ContentStore
from headrace.blocks import ArtifactFile, BlockCancelled, BlockError, Environment
from headrace.blocks.artifact_names import check_name, media_type_of
from headrace.blocks.paths import input_path, output_path
from headrace_worker.child.channel import RequestRefused, Session
from headrace_worker.child.logs import ChildLogger
from headrace_worker.child.memo import ChildMemo

_PROGRESS_SECONDS = 0.25
_MOST_ROWS = 2**63 - 1


class ChildContext:
    """See `headrace.blocks.Context`."""

    def __init__(self, session: Session, environment: Environment, store: ContentStore) -> None:
        task = session.task
        self.run_id: str = task["run_id"]
        self.block: str = task["block"]
        self.attempt: int = task["attempt"]
        self.environment = environment
        self.log = ChildLogger(session)
        self._memo: ChildMemo | None = None
        self._store = store
        self._session = session
        self._progress: tuple[int, int | None] = (0, None)
        self._progress_sent: tuple[int, int | None] = (0, None)
        # A block that is over sooner than that needs no progress: its end tells the rows.
        self._progress_due = time.monotonic() + _PROGRESS_SECONDS
        session.on_tick = self._tick

    @property
    def memo(self) -> ChildMemo:
        if self._memo is None:
            self._memo = ChildMemo(self._session, self.environment.ledger_batch)
        return self._memo

    @property
    def cancelled(self) -> bool:
        return self._session.cancelled

    def raise_if_cancelled(self) -> None:
        if self._session.cancelled:
            raise BlockCancelled("The run was cancelled.")

    def progress(self, rows_done: int, rows_total: int | None = None) -> None:
        done, total = self._progress
        self._progress = (
            min(max(int(rows_done), done), _MOST_ROWS),
            total if rows_total is None else min(max(int(rows_total), 0), _MOST_ROWS),
        )
        if time.monotonic() >= self._progress_due:
            self._send_progress()

    @contextlib.contextmanager
    def new_artifact(
        self, name: str, media_type: str | None = None, rows: int | None = None
    ) -> Iterator[ArtifactFile]:
        check_name(name)
        temporary = self._store.temporary()
        try:
            file = ArtifactFile(temporary, name=name, rows=rows)
            yield file
            published = self._store.publish(temporary)
        finally:
            temporary.discard()
        self._ask(
            "artifact",
            {
                "name": name,
                "media_type": media_type or media_type_of(name),
                "size_bytes": published.size_bytes,
                "sha256": published.sha256,
                "rows": None if file.rows is None else int(file.rows),
                "uri": published.uri,
            },
        )

    def input_path(self, path: str) -> Path:
        return input_path(self.environment, path)

    def output_path(self, path: str) -> Path:
        return output_path(self.environment, path)

    def written_by_headrace(self, path: Path, sha256: str) -> bool:
        return bool(self._ask("written", str(path), sha256))

    def record_written(self, path: Path, sha256: str) -> None:
        self._ask("wrote", str(path), sha256)

    def close(self) -> None:
        """The block is done: send what waits; raises BlockError if the memo could not be kept."""
        try:
            if self._memo is not None:
                self._memo.flush()
        finally:
            if self._progress != self._progress_sent:
                self._session.add("progress", *self._progress)
            self._session.close()

    def close_quietly(self) -> None:
        """As `close`, for a block that failed anyway."""
        with contextlib.suppress(BlockError):
            self.close()

    def _ask(self, verb: str, *arguments: Any) -> Any:
        try:
            return self._session.request(verb, *arguments)
        except RequestRefused as error:
            raise BlockError(f"The worker refused: {error}") from error

    def _tick(self) -> None:
        if self._progress != self._progress_sent and time.monotonic() >= self._progress_due:
            self._send_progress()
        if self._memo is not None:
            self._memo.tick()

    def _send_progress(self) -> None:
        self._progress_due = time.monotonic() + _PROGRESS_SECONDS
        self._progress_sent = self._progress
        self._session.tell("progress", *self._progress)
