"""The rows that most units of work begin with: a run's, and those of its blocks."""

from typing import Final

from sqlalchemy import bindparam, select

from headrace.store.statements import Statement
from headrace.store.tables import block_runs, runs

CHANGED: Final = (
    "status",
    "status_reason",
    "started_at",
    "finished_at",
    "timeout_at",
    "error",
    "last_seq",
    "last_log_seq",
    "blocks_done",
    "blocks_failed",
    "changed_at",
    "cancel_requested_at",
    "cancel_requested_clock",
    "cancel_reason",
)
"""What changes of a run's row while it is at work."""
RUN_COLUMNS: Final = tuple(
    runs.c[name]
    for name in ("id", *CHANGED, "version_id", "blocks_total", "timeout_ms", "priority")
)
RUN: Final = Statement(select(*RUN_COLUMNS).where(runs.c.id == bindparam("the_run")))
BLOCK_COLUMNS: Final = tuple(
    block_runs.c[name]
    for name in (
        "run_id",
        "position",
        "name",
        "status",
        "claim",
        "attempt",
        "failures",
        "losses",
        "ready_at",
        "started_at",
        "rows_done",
        "rows_total",
        "rule",
        "upstreams",
        "waiting_on",
        "upstreams_succeeded",
        "upstreams_failed",
    )
)
# Those asked for mostly stand side by side, so a range of the clustered key serves them all.
BLOCKS: Final = Statement(
    select(*BLOCK_COLUMNS)
    .where(block_runs.c.run_id == bindparam("the_run"))
    .where(block_runs.c.position >= bindparam("low"))
    .where(block_runs.c.position <= bindparam("high"))
)
