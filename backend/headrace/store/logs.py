"""Log lines: a seq of their own per run, allocated in the transaction that stores them, without
gaps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert

from headrace.store.run_edit import RunEdit
from headrace.store.statements import Statement
from headrace.store.tables import log_lines

_INSERT = Statement(insert(log_lines).values({c: bindparam(c.name) for c in log_lines.c}))


@dataclass(frozen=True, kw_only=True)
class NewLine:
    """`level` is a number of Python's logging; `omitted` > 0 stands for lines over the cap."""

    at: int
    level: int
    stream: str
    message: str
    omitted: int = 0


def insert_lines(run: RunEdit, block: str, attempt: int, lines: Sequence[NewLine]) -> None:
    """Appends lines of an attempt inside a larger unit, which saves the run afterwards."""
    if not lines:
        return
    first = run.next_log_seq(len(lines))
    run.tx.append(
        _INSERT,
        (
            {
                "run_id": run.run_id,
                "seq": seq,
                "at": line.at,
                "level": line.level,
                "stream": line.stream,
                "block": block,
                "attempt": attempt,
                "message": line.message,
                "omitted": line.omitted,
            }
            for seq, line in enumerate(lines, start=first)
        ),
    )
