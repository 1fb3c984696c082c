"""Schedules, and what became of their ticks."""

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table

from headrace.store.tables.schema import metadata, partial_index
from headrace.store.types import Text, Whole

schedules = Table(
    "schedules",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("pipeline_id", Text, ForeignKey("pipelines.id"), nullable=False),
    Column("cron", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("params", Text, nullable=False),  # JSON object, as given
    Column("tick_param", Text),  # the param that gets the tick's time
    Column("overlap", Text, nullable=False),
    Column("catch_up_ms", Whole, nullable=False),
    Column("jitter_ms", Whole, nullable=False),
    Column("priority", Whole, nullable=False),
    Column("labels", Text, nullable=False),  # JSON object
    Column("revision", Whole, nullable=False),  # changes with whatever people change
    Column("paused_at", Whole),
    Column("pause_note", Text),
    Column("next_tick_at", Whole),  # the first that nothing was decided about; null: no more
    Column("next_fire_at", Whole),  # that tick and its jitter
    Column("created_at", Whole, nullable=False),
    Column("updated_at", Whole, nullable=False),
)
# what is due next: the sweep
partial_index("ix_schedules_next", schedules.c.next_fire_at, where="paused_at IS NULL")
# the schedules of a pipeline: Pipeline.schedules
Index("ix_schedules_pipeline", schedules.c.pipeline_id, schedules.c.name)

# What became of ticks, the newest of each schedule. The key is what lets a tick start one run.
schedule_ticks = Table(
    "schedule_ticks",
    metadata,
    Column("schedule_id", Text, ForeignKey("schedules.id", ondelete="CASCADE"), nullable=False),
    Column("tick_at", Whole, nullable=False),
    Column("decided_at", Whole, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("message", Text),
    Column("count", Whole, nullable=False),  # ticks that the row stands for: MISSED ones
    Column("run_id", Text),  # STARTED: its run; SKIPPED: the run that had not ended
    PrimaryKeyConstraint("schedule_id", "tick_at"),
    sqlite_with_rowid=False,
)
