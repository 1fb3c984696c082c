"""The partitions of blocks whose input is split, and what they made so far."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
)

from headrace.store.tables.schema import metadata
from headrace.store.types import Text, Whole

# The partitions of a block whose input is split: a row for each and each claim that ran it.
block_partitions = Table(
    "block_partitions",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("position", Whole, nullable=False),
    Column("partition", Whole, nullable=False),  # from 1, in the order of the rows
    Column("claim", Whole, nullable=False),
    Column("attempt", Whole, nullable=False),
    Column("status", Text, nullable=False),  # an AttemptStatus
    Column("first_row", Whole, nullable=False),  # of the input, from 0
    Column("end_row", Whole, nullable=False),  # that row is the next one's
    Column("started_at", Whole, nullable=False),
    Column("finished_at", Whole),
    Column("rows", Whole),  # of the data set that it left
    Column("error", Text),  # JSON RunError
    PrimaryKeyConstraint("run_id", "position", "partition", "claim"),
    CheckConstraint("(status = 'RUNNING') = (finished_at IS NULL)", name="finished"),
    sqlite_with_rowid=False,
)

# What partitions made, until their block is over: no artifacts yet, nothing to be collected either.
partition_contents = Table(
    "partition_contents",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("position", Whole, nullable=False),
    Column("partition", Whole, nullable=False),
    Column("claim", Whole, nullable=False),
    Column("number", Whole, nullable=False),  # in the order they were made
    Column("output", Whole, nullable=False),  # 1: its data set, 0: a file for people
    Column("name", Text, nullable=False),
    Column("uri", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", Whole, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("rows", Whole),
    Column("data", LargeBinary),
    PrimaryKeyConstraint("run_id", "position", "partition", "claim", "number"),
)
# who else refers to the same bytes: the collector
Index("ix_partition_contents_sha256", partition_contents.c.sha256)
