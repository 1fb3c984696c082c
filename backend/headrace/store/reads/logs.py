"""The log lines of a run, by seq."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select

from headrace.domain.events import LogLevel
from headrace.store.database import Snapshot
from headrace.store.reads.keyset import Keyset, Window, encode_cursor
from headrace.store.reads.rows import Page, columns_of, contains, like_pattern
from headrace.store.tables import log_lines


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row of `log_lines`: `at` in ms since the epoch, `level` as Python's logging has it."""

    seq: int
    at: int
    level: int
    stream: str
    block: str | None
    attempt: int | None
    message: str
    omitted: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LogFilter:
    """Which lines are meant; every condition must hold. `search` ignores letter case, and both
    seqs are included.
    """

    block: str | None = None
    attempt: int | None = None
    min_level: LogLevel | None = None
    search: str | None = None
    from_seq: int | None = None
    to_seq: int | None = None


def logs_scope(run_id: str) -> str:
    """What the cursors of a run's log belong to."""
    return f"log:{run_id}"


def log_cursor(run_id: str, seq: int) -> str:
    """The cursor after the line `seq` of a run's log; seq 0 is before the first."""
    return encode_cursor(logs_scope(run_id), seq)


async def log_page(
    snapshot: Snapshot, wanted: Window, run_id: str, condition: LogFilter
) -> Page[LogRow]:
    """A page of the lines of a run that meet a condition, by seq."""
    values = {
        "block": condition.block,
        "attempt": condition.attempt,
        "level": None if condition.min_level is None else condition.min_level.value,
        "part": None if condition.search is None else like_pattern(condition.search),
        "from": condition.from_seq,
        "to": condition.to_seq,
    }
    given: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
    rows = await _list(frozenset(given)).page(snapshot, wanted, run=run_id, **given)
    return Page.of(rows, LogRow, lambda line: line.seq)


@lru_cache(maxsize=64)
def _list(conditions: frozenset[str]) -> Keyset:
    statement = select(*columns_of(LogRow, log_lines)).where(log_lines.c.run_id == bindparam("run"))
    if "block" in conditions:
        statement = statement.where(log_lines.c.block == bindparam("block"))
    if "attempt" in conditions:
        statement = statement.where(log_lines.c.attempt == bindparam("attempt"))
    if "level" in conditions:
        statement = statement.where(log_lines.c.level >= bindparam("level"))
    if "part" in conditions:
        statement = statement.where(contains(log_lines.c.message, "part"))
    if "from" in conditions:
        statement = statement.where(log_lines.c.seq >= bindparam("from"))
    if "to" in conditions:
        statement = statement.where(log_lines.c.seq <= bindparam("to"))
    return Keyset(statement, log_lines.c.seq)
