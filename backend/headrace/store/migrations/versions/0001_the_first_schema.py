"""The first schema.

Why: every table that Headrace begins with.
Locks: nothing, there is nothing yet.
Ahead of time: nothing to do; a fresh database is made by `metadata.create_all` and stamped,
and a test holds the two ways to the same result.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from headrace.store.types import Text, Whole

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Makes every table."""
    op.create_table(
        "idempotency_keys",
        sa.Column("principal", Text, nullable=False),
        sa.Column("mutation", Text, nullable=False),
        sa.Column("key", Text, nullable=False),
        sa.Column("input_digest", Text, nullable=False),
        sa.Column("result", Text, nullable=False),
        sa.Column("created_at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("principal", "mutation", "key", name=op.f("pk_idempotency_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"], unique=False
    )

    op.create_table(
        "memo",
        sa.Column("key", Text, nullable=False),
        sa.Column("value", Text, nullable=False),
        sa.Column("created_at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_memo")),
    )
    op.create_index("ix_memo_created_at", "memo", ["created_at"], unique=False)
    op.create_table(
        "pipelines",
        sa.Column("id", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("description", Text, nullable=True),
        sa.Column("latest_version", Whole, nullable=False),
        sa.Column("created_at", Whole, nullable=False),
        sa.Column("archived_at", Whole, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipelines")),
        sa.UniqueConstraint("name", name=op.f("uq_pipelines_name")),
    )
    op.create_table(
        "tombstones",
        sa.Column("sha256", Text, nullable=False),
        sa.Column("uri", Text, nullable=False),
        sa.Column("since", Whole, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_tombstones")),
    )
    op.create_table(
        "workers",
        sa.Column("id", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("host", Text, nullable=False),
        sa.Column("pid", Whole, nullable=False),
        sa.Column("version", Text, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("capacity", Whole, nullable=False),
        sa.Column("address", Text, nullable=True),
        sa.Column("boot_id", Text, nullable=False),
        sa.Column("lease_until", Whole, nullable=False),
        sa.Column("started_at", Whole, nullable=False),
        sa.Column("last_seen_at", Whole, nullable=False),
        sa.Column("stopped_at", Whole, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    op.create_table(
        "written_files",
        sa.Column("path", Text, nullable=False),
        sa.Column("sha256", Text, nullable=False),
        sa.Column("run_id", Text, nullable=True),
        sa.Column("written_at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("path", "sha256", name=op.f("pk_written_files")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pipeline_versions",
        sa.Column("id", Text, nullable=False),
        sa.Column("pipeline_id", Text, nullable=False),
        sa.Column("number", Whole, nullable=False),
        sa.Column("digest", Text, nullable=False),
        sa.Column("document", Text, nullable=False),
        sa.Column("created_at", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipelines.id"], name=op.f("fk_pipeline_versions_pipeline_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_versions")),
        sa.UniqueConstraint(
            "pipeline_id", "number", name=op.f("uq_pipeline_versions_pipeline_id_number")
        ),
    )
    op.create_table(
        "runs",
        sa.Column("id", Text, nullable=False),
        sa.Column("pipeline_id", Text, nullable=False),
        sa.Column("version_id", Text, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("status_reason", Text, nullable=True),
        sa.Column("trigger", Text, nullable=False),
        sa.Column("params", Text, nullable=False),
        sa.Column("grants", Text, nullable=True),
        sa.Column("priority", Whole, nullable=False),
        sa.Column("parent_id", Text, nullable=True),
        sa.Column("created_at", Whole, nullable=False),
        sa.Column("started_at", Whole, nullable=True),
        sa.Column("finished_at", Whole, nullable=True),
        sa.Column("timeout_at", Whole, nullable=True),
        sa.Column("timeout_ms", Whole, nullable=True),
        sa.Column("error", Text, nullable=True),
        sa.Column("last_seq", Whole, nullable=False),
        sa.Column("last_log_seq", Whole, nullable=False),
        sa.Column("blocks_total", Whole, nullable=False),
        sa.Column("blocks_done", Whole, nullable=False),
        sa.Column("blocks_failed", Whole, nullable=False),
        sa.Column("changed_at", Whole, nullable=False),
        sa.Column("cancel_requested_at", Whole, nullable=True),
        sa.Column("cancel_requested_clock", Whole, nullable=True),
        sa.Column("cancel_reason", Text, nullable=True),
        sa.CheckConstraint(
            "(status IN ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at IS NOT NULL)",
            name=op.f("ck_runs_finished"),
        ),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipelines.id"], name=op.f("fk_runs_pipeline_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["pipeline_versions.id"], name=op.f("fk_runs_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index(
        "ix_runs_cancelling",
        "runs",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'CANCELLING'"),
        postgresql_where=sa.text("status = 'CANCELLING'"),
    )
    op.create_index("ix_runs_changed", "runs", ["changed_at"], unique=False)
    op.create_index(
        "ix_runs_finished",
        "runs",
        ["finished_at"],
        unique=False,
        sqlite_where=sa.text("finished_at IS NOT NULL"),
        postgresql_where=sa.text("finished_at IS NOT NULL"),
    )
    op.create_index(
        "ix_runs_parent",
        "runs",
        ["parent_id", "id"],
        unique=False,
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_index("ix_runs_pipeline", "runs", ["pipeline_id", "id"], unique=False)
    op.create_index("ix_runs_status", "runs", ["status", "id"], unique=False)
    op.create_index(
        "ix_runs_timeout",
        "runs",
        ["timeout_at"],
        unique=False,
        sqlite_where=sa.text("timeout_at IS NOT NULL AND finished_at IS NULL"),
        postgresql_where=sa.text("timeout_at IS NOT NULL AND finished_at IS NULL"),
    )

    op.create_table(
        "artifacts",
        sa.Column("id", Text, nullable=False),
        sa.Column("run_id", Text, nullable=True),
        sa.Column("seq", Whole, nullable=False),
        sa.Column("position", Whole, nullable=False),
        sa.Column("block", Text, nullable=False),
        sa.Column("attempt", Whole, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("uri", Text, nullable=False),
        sa.Column("media_type", Text, nullable=False),
        sa.Column("size_bytes", Whole, nullable=False),
        sa.Column("sha256", Text, nullable=False),
        sa.Column("rows", Whole, nullable=True),
        sa.Column("created_at", Whole, nullable=False),
        sa.Column("removed_at", Whole, nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_artifacts_run_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artifacts")),
    )
    op.create_index("ix_artifacts_run", "artifacts", ["run_id", "seq"], unique=False)
    op.create_index("ix_artifacts_sha256", "artifacts", ["sha256"], unique=False)

    op.create_table(
        "attempts",
        sa.Column("run_id", Text, nullable=False),
        sa.Column("position", Whole, nullable=False),
        sa.Column("claim", Whole, nullable=False),
        sa.Column("number", Whole, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("started_at", Whole, nullable=False),
        sa.Column("finished_at", Whole, nullable=False),
        sa.Column("worker_id", Text, nullable=True),
        sa.Column("error", Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_attempts_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "position", "claim", name=op.f("pk_attempts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "block_runs",
        sa.Column("run_id", Text, nullable=False),
        sa.Column("position", Whole, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("type", Text, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("status_reason", Text, nullable=True),
        sa.Column("rule", Text, nullable=False),
        sa.Column("upstreams", Whole, nullable=False),
        sa.Column("waiting_on", Whole, nullable=False),
        sa.Column("upstreams_succeeded", Whole, nullable=False),
        sa.Column("upstreams_failed", Whole, nullable=False),
        sa.Column("skipped_by_failure", Whole, nullable=False),
        sa.Column("priority", Whole, nullable=False),
        sa.Column("claim", Whole, nullable=False),
        sa.Column("attempt", Whole, nullable=False),
        sa.Column("failures", Whole, nullable=False),
        sa.Column("losses", Whole, nullable=False),
        sa.Column("worker_id", Text, nullable=True),
        sa.Column("ready_at", Whole, nullable=True),
        sa.Column("started_at", Whole, nullable=True),
        sa.Column("finished_at", Whole, nullable=True),
        sa.Column("retry_at", Whole, nullable=True),
        sa.Column("rows_done", Whole, nullable=False),
        sa.Column("rows_total", Whole, nullable=True),
        sa.Column("progress_at", Whole, nullable=True),
        sa.Column("error", Text, nullable=True),
        sa.Column("output_id", Text, nullable=True),
        sa.Column("reused_from", Text, nullable=True),
        sa.CheckConstraint(
            "(status = 'RUNNING') = (worker_id IS NOT NULL)", name=op.f("ck_block_runs_owned")
        ),
        sa.CheckConstraint(
            "(status IN ('SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED'))"
            " = (finished_at IS NOT NULL)",
            name=op.f("ck_block_runs_finished"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_block_runs_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_block_runs")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_block_runs_output",
        "block_runs",
        ["output_id"],
        unique=False,
        sqlite_where=sa.text("output_id IS NOT NULL"),
        postgresql_where=sa.text("output_id IS NOT NULL"),
    )
    op.create_index(
        "ix_block_runs_ready",
        "block_runs",
        [sa.literal_column("priority DESC"), "ready_at", "run_id", "position"],
        unique=False,
        sqlite_where=sa.text("status = 'READY'"),
        postgresql_where=sa.text("status = 'READY'"),
    )
    op.create_index(
        "ix_block_runs_retry",
        "block_runs",
        ["retry_at"],
        unique=False,
        sqlite_where=sa.text("status = 'RETRYING'"),
        postgresql_where=sa.text("status = 'RETRYING'"),
    )
    op.create_index(
        "ix_block_runs_waiting",
        "block_runs",
        ["run_id"],
        unique=False,
        sqlite_where=sa.text("status = 'WAITING'"),
        postgresql_where=sa.text("status = 'WAITING'"),
    )
    op.create_index(
        "ix_block_runs_worker",
        "block_runs",
        ["worker_id"],
        unique=False,
        sqlite_where=sa.text("status = 'RUNNING'"),
        postgresql_where=sa.text("status = 'RUNNING'"),
    )

    op.create_table(
        "events",
        sa.Column("run_id", Text, nullable=False),
        sa.Column("seq", Whole, nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("message", Text, nullable=False),
        sa.Column("block", Text, nullable=True),
        sa.Column("status", Text, nullable=True),
        sa.Column("attempt", Whole, nullable=True),
        sa.Column("error", Text, nullable=True),
        sa.Column("ref", Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_events_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "seq", name=op.f("pk_events")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "llm_usage",
        sa.Column("run_id", Text, nullable=False),
        sa.Column("position", Whole, nullable=False),
        sa.Column("claim", Whole, nullable=False),
        sa.Column("number", Whole, nullable=False),
        sa.Column("provider", Text, nullable=False),
        sa.Column("model", Text, nullable=False),
        sa.Column("calls", Whole, nullable=False),
        sa.Column("ledger_hits", Whole, nullable=False),
        sa.Column("input_tokens", Whole, nullable=False),
        sa.Column("output_tokens", Whole, nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_llm_usage_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "run_id", "position", "claim", "number", "provider", "model", name=op.f("pk_llm_usage")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_lines",
        sa.Column("run_id", Text, nullable=False),
        sa.Column("seq", Whole, nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.Column("level", Whole, nullable=False),
        sa.Column("stream", Text, nullable=False),
        sa.Column("block", Text, nullable=True),
        sa.Column("attempt", Whole, nullable=True),
        sa.Column("message", Text, nullable=False),
        sa.Column("omitted", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_log_lines_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "seq", name=op.f("pk_log_lines")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run_labels",
        sa.Column("run_id", Text, nullable=False),
        sa.Column("key", Text, nullable=False),
        sa.Column("value", Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_run_labels_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "key", name=op.f("pk_run_labels")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_run_labels_label", "run_labels", ["key", "value", "run_id"], unique=False)

    op.create_table(
        "inline_data",
        sa.Column("artifact_id", Text, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["artifact_id"],
            ["artifacts.id"],
            name=op.f("fk_inline_data_artifact_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("artifact_id", name=op.f("pk_inline_data")),
    )


def downgrade() -> None:
    """Drops every table."""
    op.drop_table("inline_data")
    op.drop_index("ix_run_labels_label", table_name="run_labels")

    op.drop_table("run_labels")
    op.drop_table("log_lines")
    op.drop_table("llm_usage")
    op.drop_table("events")
    op.drop_index(
        "ix_block_runs_worker",
        table_name="block_runs",
        sqlite_where=sa.text("status = 'RUNNING'"),
        postgresql_where=sa.text("status = 'RUNNING'"),
    )
    op.drop_index(
        "ix_block_runs_waiting",
        table_name="block_runs",
        sqlite_where=sa.text("status = 'WAITING'"),
        postgresql_where=sa.text("status = 'WAITING'"),
    )
    op.drop_index(
        "ix_block_runs_retry",
        table_name="block_runs",
        sqlite_where=sa.text("status = 'RETRYING'"),
        postgresql_where=sa.text("status = 'RETRYING'"),
    )
    op.drop_index(
        "ix_block_runs_ready",
        table_name="block_runs",
        sqlite_where=sa.text("status = 'READY'"),
        postgresql_where=sa.text("status = 'READY'"),
    )
    op.drop_index(
        "ix_block_runs_output",
        table_name="block_runs",
        sqlite_where=sa.text("output_id IS NOT NULL"),
        postgresql_where=sa.text("output_id IS NOT NULL"),
    )

    op.drop_table("block_runs")
    op.drop_table("attempts")
    op.drop_index("ix_artifacts_sha256", table_name="artifacts")
    op.drop_index("ix_artifacts_run", table_name="artifacts")

    op.drop_table("artifacts")
    op.drop_index(
        "ix_runs_timeout",
        table_name="runs",
        sqlite_where=sa.text("timeout_at IS NOT NULL AND finished_at IS NULL"),
        postgresql_where=sa.text("timeout_at IS NOT NULL AND finished_at IS NULL"),
    )
    op.drop_index("ix_runs_status", table_name="runs")
    op.drop_index("ix_runs_pipeline", table_name="runs")
    op.drop_index(
        "ix_runs_parent",
        table_name="runs",
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_runs_finished",
        table_name="runs",
        sqlite_where=sa.text("finished_at IS NOT NULL"),
        postgresql_where=sa.text("finished_at IS NOT NULL"),
    )
    op.drop_index("ix_runs_changed", table_name="runs")
    op.drop_index(
        "ix_runs_cancelling",
        table_name="runs",
        sqlite_where=sa.text("status = 'CANCELLING'"),
        postgresql_where=sa.text("status = 'CANCELLING'"),
    )

    op.drop_table("runs")
    op.drop_table("pipeline_versions")
    op.drop_table("written_files")
    op.drop_table("workers")
    op.drop_table("tombstones")
    op.drop_table("pipelines")
    op.drop_index("ix_memo_created_at", table_name="memo")
    op.drop_table("memo")
    op.drop_index("ix_idempotency_keys_created_at", table_name="idempotency_keys")

    op.drop_table("idempotency_keys")
