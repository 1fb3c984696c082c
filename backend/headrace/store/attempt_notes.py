"""What a running attempt leaves on its way: progress, log lines, memos, files that it wrote."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from headrace.blocks.usage import Usage
from headrace.domain.lifecycle import BlockStatus
from headrace.store.attempt_edit import AttemptEdit, held_block
from headrace.store.claims import Claim
from headrace.store.database import Snapshot
from headrace.store.logs import NewLine, insert_lines
from headrace.store.statements import UNLESS_THERE, Statement
from headrace.store.tables import block_runs, memo, written_files
from headrace.store.transaction import Transaction
from headrace.store.usage import insert_usages

_PROGRESS = Statement(
    update(block_runs)
    .where(block_runs.c.run_id == bindparam("the_run"))
    .where(block_runs.c.position == bindparam("the_position"))
    .where(block_runs.c.claim == bindparam("mine"))
    .where(block_runs.c.status == BlockStatus.RUNNING.value)
    .values(
        rows_done=bindparam("rows_done"),
        rows_total=bindparam("rows_total"),
        progress_at=bindparam("progress_at"),
    )
)
_RECORD = Statement(
    insert(memo).values(
        key=bindparam("key"), value=bindparam("value"), created_at=bindparam("created_at")
    ),
    UNLESS_THERE,
)
_KEYS_AT_ONCE = 500
_LOOK_UP = select(memo.c.key, memo.c.value).where(
    memo.c.key.in_(bindparam("the_keys", expanding=True))
)
_WRITTEN = Statement(
    insert(written_files).values(
        path=bindparam("path"),
        sha256=bindparam("sha256"),
        run_id=bindparam("run_id"),
        written_at=bindparam("written_at"),
    ),
    UNLESS_THERE,
)
_WRITTEN_BY_US = Statement(
    select(written_files.c.path)
    .where(written_files.c.path == bindparam("the_path"))
    .where(written_files.c.sha256 == bindparam("the_sha256"))
)


def set_progress(tx: Transaction, claim: Claim, done: int, total: int | None) -> None:
    """The latest progress of a held block; nothing when the claim is lost."""
    values = {"rows_done": done, "rows_total": total, "progress_at": tx.now}
    tx.lock_runs([claim.run_id])
    if held_block(tx, claim) is not None:
        tx.put(_PROGRESS, [{**values, **claim.fence}])
        tx.hints.progress.add(claim.run_id)


def append_lines(tx: Transaction, claim: Claim, lines: Sequence[NewLine]) -> None:
    """Stores log lines of a held block. Raises ClaimLost."""
    edit = AttemptEdit.load(tx, claim)
    insert_lines(edit.run, edit.name, edit.attempt, lines)
    edit.run.save()


def record_memos(
    tx: Transaction, claim: Claim, items: Mapping[str, Any], usages: Sequence[Usage], number: int
) -> None:
    """Keeps results by key, of which the first one stands, and what finding them out took.

    The claim says whose work it was and is no fence: what was paid for is kept and told in any
    case. `number` counts the records of a claim.
    """
    insert_usages(tx, claim, number, usages)
    rows = (
        {"key": key, "value": json.dumps(value), "created_at": tx.now}
        for key, value in sorted(items.items())  # whoever keeps the same waits in one order
    )
    tx.change_many(_RECORD, rows)


async def look_up_memos(snapshot: Snapshot, keys: Sequence[str]) -> dict[str, Any]:
    """The results that are kept, by key."""
    found: dict[str, Any] = {}
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        part = keys[start : start + _KEYS_AT_ONCE]
        rows = await snapshot.all(_LOOK_UP, the_keys=list(part))
        found.update((row.key, json.loads(row.value)) for row in rows)
    return found


def record_written(tx: Transaction, path: str, sha256: str, run_id: str | None) -> None:
    """Remembers that Headrace puts these bytes at a path of the user's."""
    row = {"path": path, "sha256": sha256, "run_id": run_id, "written_at": tx.now}
    tx.change(_WRITTEN, row)


def written_by_headrace(tx: Transaction, path: str, sha256: str) -> bool:
    """Whether Headrace ever put these bytes at that path."""
    return tx.first(_WRITTEN_BY_US, {"the_path": path, "the_sha256": sha256}) is not None
