"""A run is made, with its blocks and first events, in one transaction."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, update

from headrace.domain.events import RunEventKind
from headrace.domain.grants import Grants
from headrace.domain.ids import RUN, new_id
from headrace.domain.lifecycle import (
    BlockStatus,
    RunStatus,
    RunTrigger,
)
from headrace.store.block_ends import Ended, end_blocks
from headrace.store.plans import Plan, plans
from headrace.store.run_edit import INSERT_EVENT, RunEdit
from headrace.store.statements import Statement
from headrace.store.tables import block_runs, run_labels, runs
from headrace.store.transaction import Transaction

_RUN_COLUMNS = [
    c.name
    for c in runs.c
    if c.name
    not in {
        "status_reason",
        "started_at",
        "finished_at",
        "timeout_at",
        "error",
        "cancel_requested_at",
        "cancel_requested_clock",
        "cancel_reason",
    }
]
_INSERT_RUN = Statement(insert(runs).values({runs.c[n]: bindparam(n) for n in _RUN_COLUMNS}))
_INSERT_LABEL = Statement(
    insert(run_labels).values(
        run_id=bindparam("run_id"), key=bindparam("key"), value=bindparam("value")
    )
)
_BLOCK_COLUMNS = [
    "run_id",
    "position",
    "name",
    "type",
    "status",
    "rule",
    "upstreams",
    "waiting_on",
    "upstreams_succeeded",
    "upstreams_failed",
    "skipped_by_failure",
    "priority",
    "claim",
    "attempt",
    "failures",
    "losses",
    "ready_at",
    "rows_done",
]
_INSERT_BLOCK = Statement(
    insert(block_runs).values({block_runs.c[n]: bindparam(n) for n in _BLOCK_COLUMNS})
)
_REUSE_BLOCK = Statement(
    update(block_runs)
    .where(block_runs.c.run_id == bindparam("the_run"))
    .where(block_runs.c.position == bindparam("the_position"))
    .values(
        status=BlockStatus.SUCCEEDED.value,
        finished_at=bindparam("finished_at"),
        output_id=bindparam("output_id"),
        reused_from=bindparam("reused_from"),
        rows_done=bindparam("rows_done"),
        rows_total=bindparam("rows_done"),
    )
)


@dataclass(frozen=True, kw_only=True)
class NewRun:
    """What a run is made of. `params` are bound: defaults filled in, types checked."""

    pipeline_id: str
    version_id: str
    trigger: RunTrigger
    params: Mapping[str, Any]
    priority: int = 0
    labels: Mapping[str, str]
    timeout_seconds: float | None = None
    grants: Grants | None = None
    parent_id: str | None = None
    schedule_id: str | None = None
    reuse: tuple["Reused", ...] = ()
    published: bool = False
    """Whether its events go to the stream."""


@dataclass(frozen=True, kw_only=True)
class Reused:
    """A block that is not run: the output of an earlier block run is linked, not copied."""

    position: int
    block_run_id: str
    output_id: str | None
    rows: int


def create_run(tx: Transaction, new: NewRun) -> str:
    """Inserts a run with its blocks and first events (RUN_QUEUED, then a BLOCK_READY per root).

    Blocks that reuse an earlier output succeed here and now, which starts the run.
    """
    plan = plans.get(tx, new.version_id)
    run_id = new_id(RUN)
    reused = {each.position for each in new.reuse}
    blocks = [
        _block_row(tx, run_id, plan, position, new, waits=position in reused)
        for position in range(_size(plan))
    ]
    events = _first_events(tx, run_id, blocks)
    tx.change(_INSERT_RUN, _run_row(tx, run_id, new, len(blocks), len(events)))
    tx.change_many(
        _INSERT_LABEL,
        ({"run_id": run_id, "key": key, "value": value} for key, value in new.labels.items()),
    )
    tx.change_many(_INSERT_BLOCK, blocks)
    tx.append(INSERT_EVENT, events)
    tx.hints.runs[run_id] = len(events)
    tx.hints.ready += len(events) - 1
    if new.reuse:
        _reuse(tx, run_id, plan, new.reuse)
    return run_id


def _reuse(tx: Transaction, run_id: str, plan: Plan, reuse: tuple[Reused, ...]) -> None:
    run = RunEdit.load(tx, run_id)
    run.start()
    tx.change_many(
        _REUSE_BLOCK,
        (
            {
                "the_run": run_id,
                "the_position": each.position,
                "finished_at": tx.now,
                "output_id": each.output_id,
                "reused_from": each.block_run_id,
                "rows_done": each.rows,
            }
            for each in reuse
        ),
    )
    # All of them are SUCCEEDED before the first one moves its successors: those wait no more.
    ended = [
        Ended(
            position=each.position,
            name=plan.block(each.position).name,
            status=BlockStatus.SUCCEEDED,
            attempt=0,
            message=f"{plan.block(each.position).name} was reused from an earlier run",
        )
        for each in reuse
    ]
    end_blocks(run, ended)
    run.save()


def _size(plan: Plan) -> int:
    return len(plan.definition.blocks)


def _block_row(
    tx: Transaction, run_id: str, plan: Plan, position: int, new: NewRun, *, waits: bool
) -> dict[str, Any]:
    block = plan.block(position)
    upstreams = len({each.position for each in plan.inputs[position]})
    waits = waits or upstreams > 0
    return {
        "run_id": run_id,
        "position": position,
        "name": block.name,
        "type": block.type,
        "status": BlockStatus.WAITING.value if waits else BlockStatus.READY.value,
        "rule": block.when.value,
        "upstreams": upstreams,
        "waiting_on": upstreams,
        "upstreams_succeeded": 0,
        "upstreams_failed": 0,
        "skipped_by_failure": 0,
        "priority": new.priority,
        "claim": 0,
        "attempt": 0,
        "failures": 0,
        "losses": 0,
        "ready_at": None if waits else tx.now,
        "rows_done": 0,
    }


def _first_events(
    tx: Transaction, run_id: str, blocks: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    def event(kind: RunEventKind, message: str, **rest: Any) -> dict[str, Any]:
        empty = {"block": None, "attempt": None, "error": None, "ref": None}
        return {**empty, "run_id": run_id, "at": tx.now, "kind": kind, "message": message, **rest}

    found = [event(RunEventKind.RUN_QUEUED, "run queued", status=RunStatus.QUEUED.value)]
    found += [
        event(
            RunEventKind.BLOCK_READY,
            f"{row['name']} is ready",
            block=row["name"],
            status=BlockStatus.READY.value,
            attempt=0,
        )
        for row in blocks
        if row["status"] == BlockStatus.READY
    ]
    return [{**each, "seq": seq} for seq, each in enumerate(found, start=1)]


def _run_row(
    tx: Transaction, run_id: str, new: NewRun, blocks: int, last_seq: int
) -> dict[str, Any]:
    timeout = new.timeout_seconds
    return {
        "id": run_id,
        "pipeline_id": new.pipeline_id,
        "version_id": new.version_id,
        "status": RunStatus.QUEUED.value,
        "trigger": new.trigger.value,
        "params": json.dumps(new.params, ensure_ascii=False),
        "grants": json.dumps(new.grants.to_json()) if new.grants else None,
        "priority": new.priority,
        "parent_id": new.parent_id,
        "schedule_id": new.schedule_id,
        "created_at": tx.now,
        "timeout_ms": None if timeout is None else round(timeout * 1000),
        "last_seq": last_seq,
        "last_log_seq": 0,
        "blocks_total": blocks,
        "blocks_done": 0,
        "blocks_failed": 0,
        "changed_at": tx.now,
        "published_seq": 0 if new.published else None,
    }
