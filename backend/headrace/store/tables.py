"""The tables, as SQLAlchemy Core sees them on every database.

Columns hold plain numbers and text only, so a statement that was compiled once needs no conversion
of values: times are milliseconds since the epoch (`…_at`), JSON is text, enum members are their
names. `alembic` migrations make the same schema (a test compares the two). Each index says what it
serves.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

pipelines = Table(
    "pipelines",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("description", Text),
    Column("latest_version", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("archived_at", BigInteger),
)

pipeline_versions = Table(
    "pipeline_versions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("pipeline_id", Text, ForeignKey("pipelines.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("document", Text, nullable=False),  # the definition as a canonical JSON document
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("pipeline_id", "number"),
)

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
    Column("priority", Integer, nullable=False),
    Column("parent_id", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("timeout_at", BigInteger),  # startedAt + timeout, once it runs
    Column("timeout_ms", BigInteger),
    Column("error", Text),  # JSON RunError
    Column("last_seq", Integer, nullable=False),  # of its events: contiguous, from 1
    Column("last_log_seq", Integer, nullable=False),  # of its log lines, likewise
    Column("blocks_total", Integer, nullable=False),
    Column("blocks_done", Integer, nullable=False),  # terminal ones
    Column("blocks_failed", Integer, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("cancel_requested_at", BigInteger),
    Column("cancel_requested_clock", BigInteger),  # lease clock, ms
    Column("cancel_reason", Text),
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
Index(
    "ix_runs_parent",
    runs.c.parent_id,
    runs.c.id,
    sqlite_where=text("parent_id IS NOT NULL"),
    postgresql_where=text("parent_id IS NOT NULL"),
)
# finished runs, the oldest first: cleanup
Index(
    "ix_runs_finished",
    runs.c.finished_at,
    sqlite_where=text("finished_at IS NOT NULL"),
    postgresql_where=text("finished_at IS NOT NULL"),
)
# runs that the sweep must push on: cancellations
Index(
    "ix_runs_cancelling",
    runs.c.id,
    sqlite_where=text("status = 'CANCELLING'"),
    postgresql_where=text("status = 'CANCELLING'"),
)
# runs that the sweep must end: past their timeout
Index(
    "ix_runs_timeout",
    runs.c.timeout_at,
    sqlite_where=text("timeout_at IS NOT NULL AND finished_at IS NULL"),
    postgresql_where=text("timeout_at IS NOT NULL AND finished_at IS NULL"),
)

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

block_runs = Table(
    "block_runs",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),  # from 0, in definition order
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("status_reason", Text),
    Column("rule", Text, nullable=False),  # its TriggerRule
    Column("upstreams", Integer, nullable=False),
    Column("waiting_on", Integer, nullable=False),  # upstreams that are not terminal
    Column("upstreams_succeeded", Integer, nullable=False),
    Column("upstreams_failed", Integer, nullable=False),
    Column("skipped_by_failure", Integer, nullable=False),  # 0 or 1
    Column("priority", Integer, nullable=False),
    Column("claim", Integer, nullable=False),  # the fence
    Column("attempt", Integer, nullable=False),  # what users see
    Column("failures", Integer, nullable=False),  # attempts that ended FAILED or TIMED_OUT
    Column("losses", Integer, nullable=False),  # attempts that ended WORKER_LOST
    Column("worker_id", Text),
    Column("ready_at", BigInteger),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("retry_at", BigInteger),
    Column("rows_done", BigInteger, nullable=False),
    Column("rows_total", BigInteger),
    Column("progress_at", BigInteger),
    Column("error", Text),  # JSON RunError
    Column("output_id", Text),  # the artifact that is its data set
    Column("reused_from", Text),  # block run id
    PrimaryKeyConstraint("run_id", "position"),
    CheckConstraint(
        "(status IN ('SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED')) = (finished_at IS NOT NULL)",
        name="finished",
    ),
    CheckConstraint("(status = 'RUNNING') = (worker_id IS NOT NULL)", name="owned"),
    sqlite_with_rowid=False,
)
# the queue: the next claim takes from its left end
Index(
    "ix_block_runs_ready",
    block_runs.c.priority.desc(),
    block_runs.c.ready_at,
    block_runs.c.run_id,
    block_runs.c.position,
    sqlite_where=text("status = 'READY'"),
    postgresql_where=text("status = 'READY'"),
)
# the retries that are due
Index(
    "ix_block_runs_retry",
    block_runs.c.retry_at,
    sqlite_where=text("status = 'RETRYING'"),
    postgresql_where=text("status = 'RETRYING'"),
)
# what a worker holds: heartbeats, lost leases, Worker.running
Index(
    "ix_block_runs_worker",
    block_runs.c.worker_id,
    sqlite_where=text("status = 'RUNNING'"),
    postgresql_where=text("status = 'RUNNING'"),
)
# which blocks have an artifact as their data set: cleanup spares what a rerun has linked
Index(
    "ix_block_runs_output",
    block_runs.c.output_id,
    sqlite_where=text("output_id IS NOT NULL"),
    postgresql_where=text("output_id IS NOT NULL"),
)
# what waits, by run: Queue
Index(
    "ix_block_runs_waiting",
    block_runs.c.run_id,
    sqlite_where=text("status = 'WAITING'"),
    postgresql_where=text("status = 'WAITING'"),
)

# Attempts that ended; the one that runs stands on its block's row.
attempts = Table(
    "attempts",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("claim", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger, nullable=False),
    Column("worker_id", Text),
    Column("error", Text),  # JSON RunError
    PrimaryKeyConstraint("run_id", "position", "claim"),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("block", Text),  # name
    Column("status", Text),  # of the run or block, as the kind has it
    Column("attempt", Integer),
    Column("error", Text),  # JSON RunError
    Column("ref", Text),  # ARTIFACT_CREATED: artifact id; WORKER_LOST: worker id
    PrimaryKeyConstraint("run_id", "seq"),
    sqlite_with_rowid=False,
)

log_lines = Table(
    "log_lines",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("level", Integer, nullable=False),  # 10, 20, 30, 40
    Column("stream", Text, nullable=False),
    Column("block", Text),
    Column("attempt", Integer),
    Column("message", Text, nullable=False),
    Column("omitted", Integer, nullable=False),
    PrimaryKeyConstraint("run_id", "seq"),
    sqlite_with_rowid=False,
)

artifacts = Table(
    "artifacts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("run_id", Text, ForeignKey("runs.id", ondelete="SET NULL")),
    Column("seq", Integer, nullable=False),  # of its ARTIFACT_CREATED: the order of creation
    Column("position", Integer, nullable=False),
    Column("block", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("uri", Text, nullable=False),  # local://sha256/… or inline:
    Column("media_type", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("rows", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
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
    Column("since", BigInteger, nullable=False),
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
    Column("written_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("path", "sha256"),
    sqlite_with_rowid=False,
)

# What blocks remember between attempts and runs (Context.memo).
memo = Table(
    "memo",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
    Column("created_at", BigInteger, nullable=False),
)
# what was kept long ago: the sweep that forgets it
Index("ix_memo_created_at", memo.c.created_at)

# What blocks asked of language models: a row for each batch that went to the memo, kept with it in
# one transaction. They are summed, never updated.
llm_usage = Table(
    "llm_usage",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("claim", Integer, nullable=False),
    Column("number", Integer, nullable=False),  # of the batch, within its claim
    Column("provider", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("calls", Integer, nullable=False),  # answered, and so paid for
    Column("ledger_hits", Integer, nullable=False),  # answers that were there already
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("run_id", "position", "claim", "number", "provider", "model"),
    sqlite_with_rowid=False,
)

workers = Table(
    "workers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("version", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("address", Text),  # its wake-up socket: refused means that the process is gone
    Column("boot_id", Text, nullable=False),  # the machine's boot that `lease_until` counts in
    Column("lease_until", BigInteger, nullable=False),  # lease clock, ms
    Column("started_at", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger, nullable=False),
    Column("stopped_at", BigInteger),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("principal", Text, nullable=False),
    Column("mutation", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("input_digest", Text, nullable=False),
    Column("result", Text, nullable=False),  # JSON: the member and the ids of its objects
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("principal", "mutation", "key"),
    sqlite_with_rowid=False,
)
# keys that are older than a day: the sweep that forgets them
Index("ix_idempotency_keys_created_at", idempotency_keys.c.created_at)
