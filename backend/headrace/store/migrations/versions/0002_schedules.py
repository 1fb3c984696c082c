"""Schedules.

Why: schedules, what became of their ticks, and which schedule started a run.
Locks: `runs` for the moment that it takes to add an empty column and an index over no rows.
Ahead of time: nothing to do; rows are not rewritten.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from headrace.store.types import Text, Whole

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ACTIVE = "schedule_id IS NOT NULL AND finished_at IS NULL"
_NOT_PAUSED = "paused_at IS NULL"


def upgrade() -> None:
    """Adds the column and the tables."""
    op.add_column("runs", sa.Column("schedule_id", Text, nullable=True))
    op.create_index(
        "ix_runs_scheduled",
        "runs",
        ["schedule_id", "id"],
        unique=False,
        sqlite_where=sa.text(_ACTIVE),
        postgresql_where=sa.text(_ACTIVE),
    )
    op.create_table(
        "schedules",
        sa.Column("id", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("pipeline_id", Text, nullable=False),
        sa.Column("cron", Text, nullable=False),
        sa.Column("time_zone", Text, nullable=False),
        sa.Column("params", Text, nullable=False),
        sa.Column("tick_param", Text, nullable=True),
        sa.Column("overlap", Text, nullable=False),
        sa.Column("catch_up_ms", Whole, nullable=False),
        sa.Column("jitter_ms", Whole, nullable=False),
        sa.Column("priority", Whole, nullable=False),
        sa.Column("labels", Text, nullable=False),
        sa.Column("revision", Whole, nullable=False),
        sa.Column("paused_at", Whole, nullable=True),
        sa.Column("pause_note", Text, nullable=True),
        sa.Column("next_tick_at", Whole, nullable=True),
        sa.Column("next_fire_at", Whole, nullable=True),
        sa.Column("created_at", Whole, nullable=False),
        sa.Column("updated_at", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipelines.id"], name=op.f("fk_schedules_pipeline_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sa.UniqueConstraint("name", name=op.f("uq_schedules_name")),
    )
    op.create_index(
        "ix_schedules_next",
        "schedules",
        ["next_fire_at"],
        unique=False,
        sqlite_where=sa.text(_NOT_PAUSED),
        postgresql_where=sa.text(_NOT_PAUSED),
    )
    op.create_index("ix_schedules_pipeline", "schedules", ["pipeline_id", "name"], unique=False)
    op.create_table(
        "schedule_ticks",
        sa.Column("schedule_id", Text, nullable=False),
        sa.Column("tick_at", Whole, nullable=False),
        sa.Column("decided_at", Whole, nullable=False),
        sa.Column("outcome", Text, nullable=False),
        sa.Column("message", Text, nullable=True),
        sa.Column("count", Whole, nullable=False),
        sa.Column("run_id", Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedules.id"],
            name=op.f("fk_schedule_ticks_schedule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("schedule_id", "tick_at", name=op.f("pk_schedule_ticks")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drops them again; runs keep no sign of what started them but their trigger."""
    op.drop_table("schedule_ticks")
    op.drop_index("ix_schedules_pipeline", table_name="schedules")
    op.drop_index(
        "ix_schedules_next",
        table_name="schedules",
        sqlite_where=sa.text(_NOT_PAUSED),
        postgresql_where=sa.text(_NOT_PAUSED),
    )
    op.drop_table("schedules")
    op.drop_index(
        "ix_runs_scheduled",
        table_name="runs",
        sqlite_where=sa.text(_ACTIVE),
        postgresql_where=sa.text(_ACTIVE),
    )
    op.drop_column("runs", "schedule_id")
