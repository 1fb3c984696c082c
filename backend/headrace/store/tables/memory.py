"""What blocks remember, and what they asked of language models."""

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table

from headrace.store.tables.schema import metadata
from headrace.store.types import Text, Whole

# What blocks remember between attempts and runs (Context.memo).
memo = Table(
    "memo",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
    Column("created_at", Whole, nullable=False),
)
# what was kept long ago: the sweep that forgets it
Index("ix_memo_created_at", memo.c.created_at)

# What blocks asked of language models: a row for each batch that went to the memo, kept with it in
# one transaction. They are summed, never updated.
llm_usage = Table(
    "llm_usage",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("position", Whole, nullable=False),
    Column("claim", Whole, nullable=False),
    Column("number", Whole, nullable=False),  # of the batch, within its claim
    Column("provider", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("calls", Whole, nullable=False),  # answered, and so paid for
    Column("ledger_hits", Whole, nullable=False),  # answers that were there already
    Column("input_tokens", Whole, nullable=False),
    Column("output_tokens", Whole, nullable=False),
    Column("at", Whole, nullable=False),
    PrimaryKeyConstraint("run_id", "position", "claim", "number", "provider", "model"),
    sqlite_with_rowid=False,
)
