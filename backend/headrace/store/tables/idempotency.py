"""What mutations answered, by the keys of those who may ask again."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from headrace.store.tables.schema import metadata
from headrace.store.types import Text, Whole

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("principal", Text, nullable=False),
    Column("mutation", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("input_digest", Text, nullable=False),
    Column("result", Text, nullable=False),  # JSON: the member and the ids of its objects
    Column("created_at", Whole, nullable=False),
    PrimaryKeyConstraint("principal", "mutation", "key"),
    sqlite_with_rowid=False,
)
# keys that are older than a day: the sweep that forgets them
Index("ix_idempotency_keys_created_at", idempotency_keys.c.created_at)
