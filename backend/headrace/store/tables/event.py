"""What a run tells: its events of record, and its log lines."""

from sqlalchemy import Column, ForeignKey, PrimaryKeyConstraint, Table

from headrace.store.tables.schema import metadata
from headrace.store.types import Text, Whole

events = Table(
    "events",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Whole, nullable=False),
    Column("at", Whole, nullable=False),
    Column("kind", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("block", Text),  # name
    Column("status", Text),  # of the run or block, as the kind has it
    Column("attempt", Whole),
    Column("error", Text),  # JSON RunError
    Column("ref", Text),  # ARTIFACT_CREATED: artifact id; WORKER_LOST: worker id
    PrimaryKeyConstraint("run_id", "seq"),
    sqlite_with_rowid=False,
)

log_lines = Table(
    "log_lines",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Whole, nullable=False),
    Column("at", Whole, nullable=False),
    Column("level", Whole, nullable=False),  # 10, 20, 30, 40
    Column("stream", Text, nullable=False),
    Column("block", Text),
    Column("attempt", Whole),
    Column("message", Text, nullable=False),
    Column("omitted", Whole, nullable=False),
    PrimaryKeyConstraint("run_id", "seq"),
    sqlite_with_rowid=False,
)
