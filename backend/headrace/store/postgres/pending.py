"""What a transaction has still to write, and the rows that it knows without looking.

Each statement is a way there and back. So rows that are new, and rows that are written by their
key, wait until somebody looks at their table, and go all at once then; a row of a locked run that
was read or written once is not read again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from headrace.store.statements import Row, Statement
from headrace.store.tables import block_runs, runs

Key: TypeAlias = tuple[str, int | None]
"""Of a run (None), or of a block of it."""


Values: TypeAlias = tuple[Any, ...]
Write: TypeAlias = tuple[Statement, Sequence[Values]]


class Appended:
    """New rows by the statements that insert them, in the order of their coming."""

    def __init__(self) -> None:
        self.rows: dict[Statement, list[Values]] = {}

    def add(self, statement: Statement, values: Iterable[Values]) -> None:
        self.rows.setdefault(statement, []).extend(values)

    def take(self, other: "Appended") -> None:
        """Takes those of another one over, which has none then."""
        for statement, values in other.rows.items():
            self.add(statement, values)
        other.rows = {}

    def concerns(self, statement: Statement) -> bool:
        """Whether the statement would miss some of them."""
        return any(_must_precede(each, statement) for each in self.rows)


class Pending:
    """Of one transaction."""

    def __init__(self) -> None:
        self.appended = Appended()
        self._put: dict[Key, tuple[Statement, Mapping[str, Any]]] = {}
        self._known: dict[Key, Row] = {}

    def put(self, statement: Statement, params: Mapping[str, Any]) -> bool:
        """Keeps the write of a row; False where another kind of write of it must go first."""
        key = (params["the_run"], params.get("the_position"))
        if before := self._put.get(key):
            kind, written = before
            if kind.sets <= statement.sets:
                self._put[key] = statement, params
            elif statement.sets <= kind.sets:
                self._put[key] = kind, {**written, **params}
            else:
                return False
        else:
            self._put[key] = statement, params
        if row := self._known.get(key):
            self._known[key] = row._replace(**{n: params[n] for n in row._fields if n in params})
        return True

    def known(self, run_id: str, position: int | None = None) -> Row | None:
        return self._known.get((run_id, position))

    def learn(self, key: Key, row: Row) -> None:
        """Notes a row that was read, the run being locked."""
        self._known[key] = row

    def written(self, statement: Statement) -> None:
        """Forgets what a statement may have changed that did not come by `put`."""
        if statement.deletes or statement.changes == runs.name:
            self._known.clear()
        elif statement.changes == block_runs.name:
            self._known = {key: row for key, row in self._known.items() if key[1] is None}

    def take_writes(self, looks: Statement | None = None) -> list[Write]:
        """What there is to write before a statement that looks (None: all there is), in order."""
        writes: dict[Statement, list[Values]] = {}
        for insert in [each for each in self.appended.rows if _must_precede(each, looks)]:
            writes[insert] = self.appended.rows.pop(insert)
        if self._put:
            kinds = {kind for kind, _ in self._put.values()}
            due = {kind for kind in kinds if _must_precede(kind, looks)}
            for key, (kind, params) in list(self._put.items()):
                if kind in due:
                    del self._put[key]
                    writes.setdefault(kind, []).append(kind.values(params))
        return list(writes.items())


def _must_precede(write: Statement, looks: Statement | None) -> bool:
    if looks is None or looks.deletes:  # what refers to the rows that it deletes goes too
        return True
    return not write.tables.isdisjoint(looks.tables)
