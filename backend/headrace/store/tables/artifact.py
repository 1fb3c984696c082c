"""Artifacts and their bytes, and the files that blocks wrote for people."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, Table

from headrace.store.tables.schema import metadata
from headrace.store.types import Text, Whole

artifacts = Table(
    "artifacts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("run_id", Text, ForeignKey("runs.id", ondelete="SET NULL")),
    Column("seq", Whole, nullable=False),  # of its ARTIFACT_CREATED: the order of creation
    Column("position", Whole, nullable=False),
    Column("block", Text, nullable=False),
    Column("attempt", Whole, nullable=False),
    Column("name", Text, nullable=False),
    Column("uri", Text, nullable=False),  # local://sha256/… or inline:
    Column("media_type", Text, nullable=False),
    Column("size_bytes", Whole, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("rows", Whole),
    Column("created_at", Whole, nullable=False),
    Column("removed_at", Whole),
)
# a run's artifacts in order of creation
Index("ix_artifacts_run", artifacts.c.run_id, artifacts.c.seq)
# who else refers to the same bytes: the collector
Index("ix_artifacts_sha256", artifacts.c.sha256)

# Digests without a row that lists them. Their bytes go an hour later, if none has come by then.
tombstones = Table(
    "tombstones",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("uri", Text, nullable=False),
    Column("since", Whole, nullable=False),
)

# Small data sets, beside their artifacts so that listing artifacts never reads them.
inline_data = Table(
    "inline_data",
    metadata,
    Column("artifact_id", Text, ForeignKey("artifacts.id", ondelete="CASCADE"), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

# Files that blocks put at a path of the user's: only these may be replaced.
written_files = Table(
    "written_files",
    metadata,
    Column("path", Text, nullable=False),  # absolute
    Column("sha256", Text, nullable=False),
    Column("run_id", Text),
    Column("written_at", Whole, nullable=False),
    PrimaryKeyConstraint("path", "sha256"),
    sqlite_with_rowid=False,
)
