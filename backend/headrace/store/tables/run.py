"""Runs and their labels."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, PrimaryKeyConstraint, Table

from headrace.store.tables.schema import metadata, partial_index
from headrace.store.types import Text, Whole

runs = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("pipeline_id", Text, ForeignKey("pipelines.id"), nullable=False),
    Column("version_id", Text, ForeignKey("pipeline_versions.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("status_reason", Text),
    Column("trigger", Text, nullable=False),
    Column("params", Text, nullable=False),  # JSON object, defaults filled in
    Column("grants", Text),  # JSON: paths and modules that the local command line allowed
    Column("priority", Whole, nullable=False),
    Column("parent_id", Text),
    Column("created_at", Whole, nullable=False),
    Column("started_at", Whole),
    Column("finished_at", Whole),
    Column("timeout_at", Whole),  # startedAt + timeout, once it runs
    Column("timeout_ms", Whole),
    Column("error", Text),  # JSON RunError
    Column("last_seq", Whole, nullable=False),  # of its events: contiguous, from 1
    Column("last_log_seq", Whole, nullable=False),  # of its log lines, likewise
    Column("blocks_total", Whole, nullable=False),
    Column("blocks_done", Whole, nullable=False),  # terminal ones
    Column("blocks_failed", Whole, nullable=False),
    Column("changed_at", Whole, nullable=False),
    Column("cancel_requested_at", Whole),
    Column("cancel_requested_clock", Whole),  # lease clock, ms
    Column("cancel_reason", Text),
    Column("schedule_id", Text),  # which started it; the schedule may be gone
    # Of its events, the last one that went to the stream; null: none has to go any more.
    Column("published_seq", Whole),
    CheckConstraint(
        "(status IN ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at IS NOT NULL)",
        name="finished",
    ),
)
# runs newest first, by pipeline: Pipeline.runs and the runs list with a filter
Index("ix_runs_pipeline", runs.c.pipeline_id, runs.c.id)
# runs by status, newest first: filtered lists and counts
Index("ix_runs_status", runs.c.status, runs.c.id)
# what changed lately: the sweep of those who watch lists
Index("ix_runs_changed", runs.c.changed_at)
# the reruns of a run: Run.reruns
partial_index("ix_runs_parent", runs.c.parent_id, runs.c.id, where="parent_id IS NOT NULL")
# finished runs, the oldest first: cleanup
partial_index("ix_runs_finished", runs.c.finished_at, where="finished_at IS NOT NULL")
# runs that the sweep must push on: cancellations
partial_index("ix_runs_cancelling", runs.c.id, where="status = 'CANCELLING'")
# runs that the sweep must end: past their timeout
partial_index(
    "ix_runs_timeout", runs.c.timeout_at, where="timeout_at IS NOT NULL AND finished_at IS NULL"
)
# runs of schedules that have not ended: what the next tick overlaps with
partial_index(
    "ix_runs_scheduled",
    runs.c.schedule_id,
    runs.c.id,
    where="schedule_id IS NOT NULL AND finished_at IS NULL",
)
# runs whose events have to go to the stream: the relay. Its condition names no column that an
# event changes, so that writing one never touches it.
partial_index("ix_runs_unpublished", runs.c.id, where="published_seq IS NOT NULL")

run_labels = Table(
    "run_labels",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("value", Text, nullable=False),
    PrimaryKeyConstraint("run_id", "key"),
    sqlite_with_rowid=False,
)
# runs that carry a label: RunFilter.labels
Index("ix_run_labels_label", run_labels.c.key, run_labels.c.value, run_labels.c.run_id)
