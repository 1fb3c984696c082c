"""A change to one run inside a unit of work: its row, and the events that go with it.

Invariants: a run's events have contiguous seqs, allocated from the run's row in the transaction
that changes the state; each transition writes its event; the terminal event is the last. Load,
change, `save` once. The row is read first and written with absolute values: nobody else can change
it meanwhile, since a unit of work holds the write lock (on a database with row locks, this row's).
Whatever else a unit wants to know of the run, its blocks say, it reads after `load`.
"""

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import bindparam, insert, update

from headrace.domain.errors import HeadraceError
from headrace.domain.events import BLOCK_EVENT_OF, RUN_EVENT_OF, RunError, RunEventKind
from headrace.domain.lifecycle import (
    RUN_TERMINAL,
    BlockStatus,
    RunStatus,
    check_run,
    outcome_of,
)
from headrace.store.run_rows import CHANGED
from headrace.store.statements import Row, Statement
from headrace.store.tables import events, runs
from headrace.store.transaction import Transaction

_SAVE = Statement(
    update(runs)
    .where(runs.c.id == bindparam("the_run"))
    .values({runs.c[name]: bindparam(name) for name in CHANGED})
)
# Most changes leave the state as it is: naming its columns would touch the indexes over them.
_COUNTS = ("error", "last_seq", "last_log_seq", "blocks_done", "blocks_failed", "changed_at")
_SAVE_COUNTS = Statement(
    update(runs)
    .where(runs.c.id == bindparam("the_run"))
    .values({runs.c[name]: bindparam(name) for name in _COUNTS})
)
_EVENT_COLUMNS = (
    "run_id seq at kind message block status attempt error ref".split()  # noqa: SIM905 - a column list reads better
)
INSERT_EVENT = Statement(
    insert(events).values({events.c[name]: bindparam(name) for name in _EVENT_COLUMNS})
)


class RunGone(HeadraceError):
    """The run was deleted meanwhile."""


def error_json(error: RunError | None) -> str | None:
    """How a RunError stands in a column."""
    return None if error is None else json.dumps(asdict(error), ensure_ascii=False)


class RunEdit:
    """One run, loaded for change."""

    def __init__(self, tx: Transaction, row: Row) -> None:
        self.tx = tx
        self.run_id: str = row.id
        self.version_id: str = row.version_id
        self.blocks_total: int = row.blocks_total
        self.timeout_ms: int | None = row.timeout_ms
        self.priority: int = row.priority
        self._row: dict[str, Any] = {name: getattr(row, name) for name in CHANGED}
        self._moved = False
        self._events: list[dict[str, Any]] = []

    @classmethod
    def load(cls, tx: Transaction, run_id: str) -> "RunEdit":
        """Raises RunGone when there is no such run."""
        row = tx.run(run_id)
        if row is None:
            raise RunGone(f"run {run_id} is gone")
        return cls(tx, row)

    @property
    def status(self) -> RunStatus:
        return RunStatus(self._row["status"])

    @property
    def cancel_clock(self) -> int | None:
        value = self._row["cancel_requested_clock"]
        return None if value is None else int(value)

    def event(
        self,
        kind: RunEventKind,
        message: str,
        *,
        block: str | None = None,
        status: str | None = None,
        attempt: int | None = None,
        error: RunError | None = None,
        ref: str | None = None,
    ) -> int:
        """Adds an event of record; its seq."""
        self._row["last_seq"] += 1
        self._events.append(
            {
                "run_id": self.run_id,
                "seq": self._row["last_seq"],
                "at": self.tx.now,
                "kind": kind.value,
                "message": message,
                "block": block,
                "status": status,
                "attempt": attempt,
                "error": error_json(error),
                "ref": ref,
            }
        )
        return int(self._row["last_seq"])

    def block_event(
        self,
        status: BlockStatus,
        message: str,
        *,
        block: str,
        attempt: int,
        error: RunError | None = None,
    ) -> None:
        """The event that belongs to a block's new state."""
        self.event(
            BLOCK_EVENT_OF[status],
            message,
            block=block,
            status=status.value,
            attempt=attempt,
            error=error,
        )

    def start(self) -> None:
        """QUEUED → RUNNING, before the event of the block that started it; nothing otherwise."""
        if self.status is not RunStatus.QUEUED:
            return
        self._row["started_at"] = self.tx.now
        if self.timeout_ms is not None:
            self._row["timeout_at"] = self.tx.now + self.timeout_ms
        self._move(RunStatus.RUNNING, "run started")

    def ask_cancel(self, reason: str | None) -> None:
        """RUNNING → CANCELLING, or notes the request on a run that is still QUEUED."""
        self._row["cancel_requested_at"] = self.tx.now
        self._row["cancel_requested_clock"] = self.tx.clock
        self._row["cancel_reason"] = reason
        self._moved = True
        if self.status is RunStatus.RUNNING:
            said = f": {reason}" if reason else ""
            self._move(RunStatus.CANCELLING, f"cancellation asked for{said}")

    def block_done(self, *, failed: bool, error: RunError | None = None) -> None:
        """Counts a block that became terminal; the first error becomes the run's."""
        self._row["blocks_done"] += 1
        self._row["blocks_failed"] += int(failed)
        if failed and self._row["error"] is None:
            self._row["error"] = error_json(error)

    def settle(self) -> None:
        """Ends the run if every block is terminal."""
        if self._row["blocks_done"] < self.blocks_total or self.status in RUN_TERMINAL:
            return
        cancelling = self._row["cancel_requested_at"] is not None
        outcome = outcome_of(cancelling=cancelling, failed_blocks=self._row["blocks_failed"])
        self._row["finished_at"] = self.tx.now
        if outcome is not RunStatus.FAILED:
            self._row["error"] = None
        self._move(outcome, _ENDS[outcome].format(failed=self._row["blocks_failed"]))

    def next_log_seq(self, lines: int) -> int:
        """Allocates `lines` log seqs; the first of them."""
        first = int(self._row["last_log_seq"]) + 1
        self._row["last_log_seq"] += lines
        self.tx.hints.logs[self.run_id] = self._row["last_log_seq"]
        return first

    def save(self) -> None:
        """Writes the row and the events. Call it last."""
        if self._events:
            self._row["changed_at"] = self.tx.now
            self.tx.hints.runs[self.run_id] = self._row["last_seq"]
            self.tx.hints.events.setdefault(self.run_id, []).extend(self._events)
            self.tx.append(INSERT_EVENT, self._events)
        # On a server it is one statement for all runs of a group, and unchanged values are free.
        save = _SAVE if self._moved or not self.tx.alone else _SAVE_COUNTS
        self.tx.put(save, [{**self._row, "the_run": self.run_id}])

    def _move(self, new: RunStatus, message: str) -> None:
        check_run(self.status, new)
        self._moved = True
        self._row["status"] = new.value
        if new in RUN_TERMINAL:
            # The first error stands; a cancelled run says why it was cancelled.
            self._row["status_reason"] = (
                self._row["cancel_reason"] if new is RunStatus.CANCELLED else self._first_words()
            )
        error = None
        if new is RunStatus.FAILED and self._row["error"] is not None:
            error = RunError(**json.loads(self._row["error"]))
        self.event(RUN_EVENT_OF[new], message, status=new.value, error=error)

    def _first_words(self) -> str | None:
        if self._row["error"] is None:
            return None
        found = json.loads(self._row["error"])
        return f"{found['block']}: {found['message']}" if found["block"] else str(found["message"])


_ENDS = {
    RunStatus.SUCCEEDED: "run succeeded",
    RunStatus.FAILED: "run failed: {failed} failed",
    RunStatus.CANCELLED: "run cancelled",
}
