"""A unit of work's view of the database: statements, the two clocks, and the hints it leaves.

A unit is a plain function of a Transaction. It never commits and may run twice (once in a group,
once more alone when the group's commit failed), so it has no effect but through the transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPICursor

from headrace.store.hints import Hints
from headrace.store.statements import Row, Statement


class Transaction:
    """Valid inside one unit of work only. `now`: wall ms. `clock`: lease clock ms."""

    def __init__(self, connection: Connection, now: int, clock: int, boot: str) -> None:
        self._cursor: DBAPICursor = connection.connection.cursor()
        self._dialect = connection.dialect
        self.now = now
        self.clock = clock
        self.boot = boot
        self.hints = Hints()

    def rows(self, statement: Statement, params: Mapping[str, Any]) -> Sequence[Row]:
        """All rows that a SELECT or a RETURNING gives."""
        cursor = self._run(statement, params)
        found = cursor.fetchall()
        return [statement.row(cursor.description)(row) for row in found] if found else []

    def first(self, statement: Statement, params: Mapping[str, Any]) -> Row | None:
        """The first row, or None."""
        rows = self.rows(statement, params)
        return rows[0] if rows else None

    def change(self, statement: Statement, params: Mapping[str, Any]) -> int:
        """Runs a write; the number of rows that it changed."""
        return self._run(statement, params).rowcount

    def change_many(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        """Runs a write once for each of `rows`."""
        text = statement.text(self._dialect)
        if values := statement.many(rows):
            self._cursor.executemany(text, values)

    def execute(self, text: str) -> None:
        """Runs plain SQL that has neither parameters nor a result (savepoints)."""
        self._cursor.execute(text)

    def _run(self, statement: Statement, params: Mapping[str, Any]) -> DBAPICursor:
        text = statement.text(self._dialect)
        self._cursor.execute(text, statement.values(params))
        return self._cursor
