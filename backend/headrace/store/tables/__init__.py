"""The tables, as SQLAlchemy Core sees them on every database.

Columns hold plain numbers and text only, so a statement that was compiled once needs no conversion
of values: times are milliseconds since the epoch (`…_at`), JSON is text, enum members are their
names. `alembic` migrations make the same schema (a test compares the two). Each index says what it
serves. A module is named for one thing, a table for many, so neither hides the other here.
"""

from headrace.store.tables.artifact import artifacts, inline_data, tombstones, written_files
from headrace.store.tables.block import attempts, block_runs
from headrace.store.tables.event import events, log_lines
from headrace.store.tables.idempotency import idempotency_keys
from headrace.store.tables.memory import llm_usage, memo
from headrace.store.tables.partition import block_partitions, partition_contents
from headrace.store.tables.pipeline import pipeline_versions, pipelines
from headrace.store.tables.run import run_labels, runs
from headrace.store.tables.schedule import schedule_ticks, schedules
from headrace.store.tables.schema import metadata
from headrace.store.tables.trigger import (
    poison_messages,
    trigger_messages,
    trigger_places,
    triggers,
)
from headrace.store.tables.worker import leases, workers

__all__ = [
    "artifacts",
    "attempts",
    "block_partitions",
    "block_runs",
    "events",
    "idempotency_keys",
    "inline_data",
    "leases",
    "llm_usage",
    "log_lines",
    "memo",
    "metadata",
    "partition_contents",
    "pipeline_versions",
    "pipelines",
    "poison_messages",
    "run_labels",
    "runs",
    "schedule_ticks",
    "schedules",
    "tombstones",
    "trigger_messages",
    "trigger_places",
    "triggers",
    "workers",
    "written_files",
]
