"""A unit of work's view of the database: statements, the two clocks, and the hints it leaves.

A unit is a plain function of a Transaction. It never commits and may run more than once (in a
group, then alone when the group's commit failed), so it has no effect but through the transaction.
On SQLite whoever writes is alone. On PostgreSQL others write at the same time: a unit locks a run
before it reads or writes anything of it, its blocks included.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from headrace.store.hints import Hints
from headrace.store.run_rows import BLOCKS, RUN
from headrace.store.statements import Row, Statement

Place: TypeAlias = tuple[str, int]
"""A block of a run: the run's id, and its position."""


class Transaction(ABC):
    """Valid inside one unit of work only. `now`: wall ms. `clock`: lease clock ms.

    `alone`: nobody else writes before the COMMIT.
    """

    alone = True

    def __init__(self, now: int, clock: int, boot: str) -> None:
        self.now = now
        self.clock = clock
        self.boot = boot
        self.hints = Hints()

    @abstractmethod
    def rows(self, statement: Statement, params: Mapping[str, Any]) -> Sequence[Row]:
        """All rows that a SELECT or a RETURNING gives."""

    @abstractmethod
    def change(self, statement: Statement, params: Mapping[str, Any]) -> int:
        """Runs a write; the number of rows that it changed."""

    @abstractmethod
    def change_many(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        """Runs a write once for each of `rows`."""

    def append(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        """As `change_many`, for new rows: they may come later, but before anybody looks."""
        self.change_many(statement, rows)

    def put(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        """As `change_many` by `the_run`, or that and `the_position`, the run being locked.

        It may come later, but before anybody looks; `run` and `blocks` know of it at once.
        """
        self.change_many(statement, rows)

    def first(self, statement: Statement, params: Mapping[str, Any]) -> Row | None:
        """The first row, or None."""
        rows = self.rows(statement, params)
        return rows[0] if rows else None

    def run(self, run_id: str) -> Row | None:
        """A run's RUN_COLUMNS, the run being locked then."""
        return self.first(RUN, {"the_run": run_id})

    def blocks(self, run_id: str, positions: Collection[int]) -> Sequence[Row]:
        """The BLOCK_COLUMNS of those blocks of a run that was locked before."""
        span = {"the_run": run_id, "low": min(positions), "high": max(positions)}
        return [row for row in self.rows(BLOCKS, span) if row.position in positions]

    def lock_runs(self, run_ids: Iterable[str]) -> None:
        """Keeps others from writing anything of these runs before the COMMIT."""
        return  # whoever is alone need not

    def locked_already(self, run_ids: Iterable[str]) -> None:
        """Notes that a statement of the unit's has locked these runs."""
        return

    def locked_rows(self, rows: Iterable[Row]) -> None:
        """The same of `rows`, which have the RUN_COLUMNS; what was put since counts more."""
        return

    def only_one(self, what: str) -> bool:
        """Whether no other transaction does `what` at this time, nor will before the COMMIT."""
        return True
