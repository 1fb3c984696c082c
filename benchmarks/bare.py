"""The yardstick: the same commits by a loop that does nothing else.

Hand-written SQL over the very tables of the server's database, the rows that a run of Headrace
leaves behind, the same durability (WAL, synchronous=FULL), one transaction for each claim and one
for each completion. No API, no other process, no checks: nothing in Python over SQLite is quicker
without merging those transactions.
"""

import hashlib
import itertools
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.shapes import Shape

_NEW_RUN = """
INSERT INTO runs (id, pipeline_id, version_id, status, trigger, params, priority, created_at,
  last_seq, last_log_seq, blocks_total, blocks_done, blocks_failed, changed_at)
VALUES (?, 'pl', 'pv', 'QUEUED', 'API', '{}', 0, ?, ?, 0, ?, 0, 0, ?)"""
_NEW_BLOCK = """
INSERT INTO block_runs (run_id, position, name, type, status, rule, upstreams, waiting_on,
  upstreams_succeeded, upstreams_failed, skipped_by_failure, priority, claim, attempt, failures,
  losses, ready_at, rows_done)
VALUES (?, ?, ?, 'PYTHON', ?, 'ALL_SUCCEEDED', ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, ?, 0)"""
_CLAIM = """
UPDATE block_runs SET status = 'RUNNING', claim = claim + 1, attempt = attempt + 1,
  worker_id = 'w', started_at = ?
WHERE (run_id, position) IN (SELECT run_id, position FROM block_runs WHERE status = 'READY'
  ORDER BY priority DESC, ready_at, run_id, position LIMIT 1)
RETURNING run_id, position, name, claim, started_at"""
_RUN = "SELECT status, last_seq, blocks_done FROM runs WHERE id = ?"
_SAVE_RUN = """
UPDATE runs SET status = ?, last_seq = ?, blocks_done = ?, changed_at = ?,
  started_at = coalesce(started_at, ?), finished_at = ? WHERE id = ?"""
_EVENT = """
INSERT INTO events (run_id, seq, at, kind, message, block, status, attempt, ref)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_INPUT = """
SELECT a.uri, a.rows, d.data FROM block_runs b JOIN artifacts a ON a.id = b.output_id
LEFT JOIN inline_data d ON d.artifact_id = a.id WHERE b.run_id = ? AND b.position = ?"""
_END_BLOCK = """
UPDATE block_runs SET status = 'SUCCEEDED', worker_id = NULL, finished_at = ?, output_id = ?,
  rows_done = 1, rows_total = 1
WHERE run_id = ? AND position = ? AND claim = ? AND status = 'RUNNING'"""
_ATTEMPT = """
INSERT INTO attempts (run_id, position, claim, number, status, started_at, finished_at, worker_id)
VALUES (?, ?, ?, 1, 'SUCCEEDED', ?, ?, 'w')"""
_ARTIFACT = """
INSERT INTO artifacts (id, run_id, seq, position, block, attempt, name, uri, media_type,
  size_bytes, sha256, rows, created_at)
VALUES (?, ?, ?, ?, ?, 1, 'output.arrow', 'inline:', 'application/vnd.apache.arrow.file',
  ?, ?, 1, ?)"""
_DATA = "INSERT INTO inline_data (artifact_id, data) VALUES (?, ?)"
_MOVE = """
UPDATE block_runs SET waiting_on = waiting_on - 1, upstreams_succeeded = upstreams_succeeded + 1,
  status = CASE WHEN waiting_on = 1 THEN 'READY' ELSE 'WAITING' END,
  ready_at = CASE WHEN waiting_on = 1 THEN ? END
WHERE run_id = ? AND position = ? RETURNING name, status"""


@dataclass
class _Edit:
    """A run inside a transaction: its counters, and the events to be written with them."""

    run_id: str
    status: str
    seq: int
    done: int
    now: int
    events: list[tuple[Any, ...]] = field(default_factory=list)

    def event(self, kind: str, message: str, *rest: Any) -> int:
        self.seq += 1
        row = (self.run_id, self.seq, self.now, kind, message, *rest)
        self.events.append((*row, *([None] * (9 - len(row)))))
        return self.seq


class BareLoop:
    """Runs shapes, one run after another. `like` is the database of a server that has run some."""

    def __init__(self, path: Path, like: Path) -> None:
        with sqlite3.connect(f"file:{like}?mode=ro", uri=True) as source:
            schema = [sql for (sql,) in source.execute("SELECT sql FROM sqlite_master") if sql]
            (self._bytes,) = source.execute("SELECT data FROM inline_data LIMIT 1").fetchone()
        self._digest = hashlib.sha256(self._bytes).hexdigest()
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "temp_store = MEMORY"):
            self._db.execute(f"PRAGMA {pragma}").close()
        for sql in schema:
            self._db.execute(sql)
        self._ids = (f"{number:030d}" for number in itertools.count())
        self._shapes: dict[str, tuple[list[list[int]], list[list[int]]]] = {}

    def close(self) -> None:
        self._db.close()

    def run(self, shape: Shape, count: int = 1) -> float:
        """Seconds for `count` runs of a shape: all are made first, then worked off."""
        self._shapes[shape.name] = _neighbours(shape)
        started = time.perf_counter()
        for _ in range(count):
            self._create(shape)
        while self._step(shape):
            pass
        return time.perf_counter() - started

    @contextmanager
    def _transaction(self) -> Iterator[int]:
        self._db.execute("BEGIN IMMEDIATE")
        yield time.time_ns() // 1_000_000
        self._db.execute("COMMIT")

    def _create(self, shape: Shape) -> None:
        ups, _ = self._shapes[shape.name]
        with self._transaction() as now:
            run = _Edit(f"run_{next(self._ids)}", "QUEUED", 0, 0, now)
            run.event("RUN_QUEUED", "run queued", None, "QUEUED")
            rows = []
            for position in range(shape.blocks):
                name, waits = f"b{position}", len(ups[position])
                if not waits:
                    run.event("BLOCK_READY", f"{name} is ready", name, "READY", 0)
                status, ready = ("WAITING", None) if waits else ("READY", now)
                rows.append((run.run_id, position, name, status, waits, waits, ready))
            self._db.execute(_NEW_RUN, (run.run_id, now, run.seq, shape.blocks, now))
            self._db.executemany(_NEW_BLOCK, rows)
            self._db.executemany(_EVENT, run.events)

    def _step(self, shape: Shape) -> bool:
        """Claims a block and completes it; False when none is ready."""
        ups, downs = self._shapes[shape.name]
        with self._transaction() as now:
            found = self._db.execute(_CLAIM, (now,)).fetchall()
            if not found:
                return False
            run_id, position, name, claim, began = found[0]
            run = self._load(run_id, now)
            if run.status == "QUEUED":
                run.status = "RUNNING"
                run.event("RUN_STARTED", "run started", None, "RUNNING")
            run.event("BLOCK_STARTED", f"{name} started", name, "RUNNING", 1)
            for each in ups[position]:
                self._db.execute(_INPUT, (run_id, each)).fetchone()
            self._save(run)
        with self._transaction() as now:
            run = self._load(run_id, now)
            artifact = f"art_{next(self._ids)}"
            words = f"{name} made output.arrow ({len(self._bytes)} bytes, 1 rows)"
            seq = run.event("ARTIFACT_CREATED", words, name, None, 1, artifact)
            row = (artifact, run_id, seq, position, name, len(self._bytes), self._digest, now)
            self._db.execute(_ARTIFACT, row)
            self._db.execute(_DATA, (artifact, self._bytes))
            self._db.execute(_END_BLOCK, (now, artifact, run_id, position, claim))
            self._db.execute(_ATTEMPT, (run_id, position, claim, began, now))
            run.event("BLOCK_SUCCEEDED", f"{name} succeeded with 1 rows", name, "SUCCEEDED", 1)
            run.done += 1
            for each in downs[position]:
                moved, status = self._db.execute(_MOVE, (now, run_id, each)).fetchone()
                if status == "READY":
                    run.event("BLOCK_READY", f"{moved} is ready", moved, "READY", 0)
            if run.done == shape.blocks:
                run.status = "SUCCEEDED"
                run.event("RUN_SUCCEEDED", "run succeeded", None, "SUCCEEDED")
            self._save(run)
        return True

    def _load(self, run_id: str, now: int) -> _Edit:
        status, seq, done = self._db.execute(_RUN, (run_id,)).fetchone()
        return _Edit(run_id, status, seq, done, now)

    def _save(self, run: _Edit) -> None:
        self._db.executemany(_EVENT, run.events)
        finished = run.now if run.status == "SUCCEEDED" else None
        changed = (run.status, run.seq, run.done, run.now, run.now, finished, run.run_id)
        self._db.execute(_SAVE_RUN, changed)


def _neighbours(shape: Shape) -> tuple[list[list[int]], list[list[int]]]:
    ups: list[list[int]] = [[] for _ in range(shape.blocks)]
    downs: list[list[int]] = [[] for _ in range(shape.blocks)]
    for source, target in shape.edges:
        ups[target].append(source)
        downs[source].append(target)
    return ups, downs
