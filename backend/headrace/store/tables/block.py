"""The blocks of runs, and the attempts at them that ended."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, PrimaryKeyConstraint, Table

from headrace.store.tables.schema import metadata, partial_index
from headrace.store.types import Text, Whole

block_runs = Table(
    "block_runs",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("position", Whole, nullable=False),  # from 0, in definition order
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("status_reason", Text),
    Column("rule", Text, nullable=False),  # its TriggerRule
    Column("upstreams", Whole, nullable=False),
    Column("waiting_on", Whole, nullable=False),  # upstreams that are not terminal
    Column("upstreams_succeeded", Whole, nullable=False),
    Column("upstreams_failed", Whole, nullable=False),
    Column("skipped_by_failure", Whole, nullable=False),  # 0 or 1
    Column("priority", Whole, nullable=False),
    Column("claim", Whole, nullable=False),  # the fence
    Column("attempt", Whole, nullable=False),  # what users see
    Column("failures", Whole, nullable=False),  # attempts that ended FAILED or TIMED_OUT
    Column("losses", Whole, nullable=False),  # attempts that ended WORKER_LOST
    Column("worker_id", Text),
    Column("ready_at", Whole),
    Column("started_at", Whole),
    Column("finished_at", Whole),
    Column("retry_at", Whole),
    Column("rows_done", Whole, nullable=False),
    Column("rows_total", Whole),
    Column("progress_at", Whole),
    Column("error", Text),  # JSON RunError
    Column("output_id", Text),  # the artifact that is its data set
    Column("reused_from", Text),  # block run id
    Column("partitions_total", Whole),  # of a block whose input is split, once it has begun
    Column("partitions_done", Whole),
    PrimaryKeyConstraint("run_id", "position"),
    CheckConstraint(
        "(status IN ('SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED')) = (finished_at IS NOT NULL)",
        name="finished",
    ),
    CheckConstraint("(status = 'RUNNING') = (worker_id IS NOT NULL)", name="owned"),
    sqlite_with_rowid=False,
)
# the queue: the next claim takes from its left end
partial_index(
    "ix_block_runs_ready",
    block_runs.c.priority.desc(),
    block_runs.c.ready_at,
    block_runs.c.run_id,
    block_runs.c.position,
    where="status = 'READY'",
)
# the retries that are due
partial_index("ix_block_runs_retry", block_runs.c.retry_at, where="status = 'RETRYING'")
# what a worker holds: heartbeats, lost leases, Worker.running
partial_index("ix_block_runs_worker", block_runs.c.worker_id, where="status = 'RUNNING'")
# which blocks have an artifact as their data set: cleanup spares what a rerun has linked
partial_index("ix_block_runs_output", block_runs.c.output_id, where="output_id IS NOT NULL")
# what waits, by run: Queue
partial_index("ix_block_runs_waiting", block_runs.c.run_id, where="status = 'WAITING'")

# Attempts that ended; the one that runs stands on its block's row.
attempts = Table(
    "attempts",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("position", Whole, nullable=False),
    Column("claim", Whole, nullable=False),
    Column("number", Whole, nullable=False),
    Column("status", Text, nullable=False),
    Column("started_at", Whole, nullable=False),
    Column("finished_at", Whole, nullable=False),
    Column("worker_id", Text),
    Column("error", Text),  # JSON RunError
    PrimaryKeyConstraint("run_id", "position", "claim"),
    sqlite_with_rowid=False,
)
