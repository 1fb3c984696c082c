"""Blocks whose input is split.

Why: the partitions of a block are retried and taken over by themselves, so each has a record.
Locks: nothing for long; two columns without a default are added to `block_runs`, and two tables.
Ahead of time: nothing to do.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from headrace.store.types import Text, Whole

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Adds the columns and the tables."""
    op.add_column("block_runs", sa.Column("partitions_total", Whole, nullable=True))
    op.add_column("block_runs", sa.Column("partitions_done", Whole, nullable=True))
    op.create_table(
        "block_partitions",
        sa.Column("run_id", Text, nullable=False),
        sa.Column("position", Whole, nullable=False),
        sa.Column("partition", Whole, nullable=False),
        sa.Column("claim", Whole, nullable=False),
        sa.Column("attempt", Whole, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("first_row", Whole, nullable=False),
        sa.Column("end_row", Whole, nullable=False),
        sa.Column("started_at", Whole, nullable=False),
        sa.Column("finished_at", Whole, nullable=True),
        sa.Column("rows", Whole, nullable=True),
        sa.Column("error", Text, nullable=True),
        sa.CheckConstraint(
            "(status = 'RUNNING') = (finished_at IS NULL)",
            name=op.f("ck_block_partitions_finished"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_block_partitions_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "run_id", "position", "partition", "claim", name=op.f("pk_block_partitions")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "partition_contents",
        sa.Column("run_id", Text, nullable=False),
        sa.Column("position", Whole, nullable=False),
        sa.Column("partition", Whole, nullable=False),
        sa.Column("claim", Whole, nullable=False),
        sa.Column("number", Whole, nullable=False),
        sa.Column("output", Whole, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("uri", Text, nullable=False),
        sa.Column("media_type", Text, nullable=False),
        sa.Column("size_bytes", Whole, nullable=False),
        sa.Column("sha256", Text, nullable=False),
        sa.Column("rows", Whole, nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_partition_contents_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "run_id",
            "position",
            "partition",
            "claim",
            "number",
            name=op.f("pk_partition_contents"),
        ),
    )
    op.create_index("ix_partition_contents_sha256", "partition_contents", ["sha256"], unique=False)


def downgrade() -> None:
    """Takes them away; what unfinished blocks had done in partitions is lost."""
    op.drop_index("ix_partition_contents_sha256", table_name="partition_contents")
    op.drop_table("partition_contents")
    op.drop_table("block_partitions")
    op.drop_column("block_runs", "partitions_done")
    op.drop_column("block_runs", "partitions_total")
