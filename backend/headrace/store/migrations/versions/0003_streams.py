"""Streams: events that go to a topic, and messages that start runs.

Why: the relay knows by `runs.published_seq` what of a run is in the stream; triggers keep what they
are, how far they have come, and what they could make nothing of.
Locks: a column without a default is added to `runs` and an empty partial index is made, both at
once whatever its size; the rest is new.
Ahead of time: nothing to do. An older Headrace works on the new schema.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from headrace.store.types import Text, Whole

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Adds the column and makes the tables."""
    op.add_column("runs", sa.Column("published_seq", Whole, nullable=True))
    op.create_index(
        "ix_runs_unpublished",
        "runs",
        ["id"],
        unique=False,
        sqlite_where=sa.text("published_seq IS NOT NULL"),
        postgresql_where=sa.text("published_seq IS NOT NULL"),
    )
    _leases()
    _triggers()
    _places()
    _messages()
    _poison()


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", Text, nullable=False),
        sa.Column("owner", Text, nullable=False),
        sa.Column("address", Text, nullable=True),
        sa.Column("fence", Whole, nullable=False),
        sa.Column("boot_id", Text, nullable=False),
        sa.Column("lease_until", Whole, nullable=False),
        sa.Column("problem", Text, nullable=True),
        sa.Column("problem_since", Whole, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )


def _triggers() -> None:
    op.create_table(
        "triggers",
        sa.Column("id", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("pipeline", Text, nullable=False),
        sa.Column("topic", Text, nullable=False),
        sa.Column("params", Text, nullable=False),
        sa.Column("start_at", Text, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("status_reason", Text, nullable=True),
        sa.Column("problem", Text, nullable=True),
        sa.Column("revision", Whole, nullable=False),
        sa.Column("cluster_id", Text, nullable=True),
        sa.Column("topic_id", Text, nullable=True),
        sa.Column("generation", Whole, nullable=False),
        sa.Column("created_at", Whole, nullable=False),
        sa.Column("changed_at", Whole, nullable=False),
        sa.Column("last_message_at", Whole, nullable=True),
        sa.Column("last_run_id", Text, nullable=True),
        sa.Column("last_error", Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triggers")),
        sa.UniqueConstraint("name", name=op.f("uq_triggers_name")),
    )


def _places() -> None:
    op.create_table(
        "trigger_places",
        sa.Column("trigger_id", Text, nullable=False),
        sa.Column("partition", Whole, nullable=False),
        sa.Column("next_offset", Whole, nullable=False),
        sa.Column("end_offset", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["trigger_id"],
            ["triggers.id"],
            name=op.f("fk_trigger_places_trigger_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("trigger_id", "partition", name=op.f("pk_trigger_places")),
        sqlite_with_rowid=False,
    )


def _messages() -> None:
    op.create_table(
        "trigger_messages",
        sa.Column("trigger_id", Text, nullable=False),
        sa.Column("cluster_id", Text, nullable=False),
        sa.Column("topic_id", Text, nullable=False),
        sa.Column("partition", Whole, nullable=False),
        sa.Column("at_offset", Whole, nullable=False),
        sa.Column("run_id", Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["trigger_id"],
            ["triggers.id"],
            name=op.f("fk_trigger_messages_trigger_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_trigger_messages_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "trigger_id",
            "cluster_id",
            "topic_id",
            "partition",
            "at_offset",
            name=op.f("pk_trigger_messages"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_trigger_messages_run", "trigger_messages", ["run_id"], unique=False)


def _poison() -> None:
    op.create_table(
        "poison_messages",
        sa.Column("id", Text, nullable=False),
        sa.Column("trigger_id", Text, nullable=False),
        sa.Column("cluster_id", Text, nullable=False),
        sa.Column("topic_id", Text, nullable=False),
        sa.Column("partition", Whole, nullable=False),
        sa.Column("at_offset", Whole, nullable=False),
        sa.Column("error", Text, nullable=False),
        sa.Column("key", Text, nullable=True),
        sa.Column("value", Text, nullable=True),
        sa.Column("size_bytes", Whole, nullable=False),
        sa.Column("sent_at", Whole, nullable=True),
        sa.Column("created_at", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["trigger_id"],
            ["triggers.id"],
            name=op.f("fk_poison_messages_trigger_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poison_messages")),
        sa.UniqueConstraint(
            "trigger_id",
            "cluster_id",
            "topic_id",
            "partition",
            "at_offset",
            name=op.f("uq_poison_messages_message"),
        ),
    )
    op.create_index(
        "ix_poison_messages_trigger", "poison_messages", ["trigger_id", "id"], unique=False
    )
