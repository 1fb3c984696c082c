"""A unit of work's view of a PostgreSQL database.

A unit is a plain function; each of its statements waits on the loop of the writer's thread, by a
greenlet (as SQLAlchemy's own async engines do it).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final
from zlib import crc32

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.util import await_only

from headrace.store.plans import plans
from headrace.store.postgres.locks import Locks
from headrace.store.postgres.pending import Appended, Pending
from headrace.store.postgres.server import DIALECT, Connection
from headrace.store.run_rows import BLOCK_COLUMNS, RUN, RUN_COLUMNS
from headrace.store.statements import Row, Statement
from headrace.store.tables import block_runs, runs
from headrace.store.transaction import Place, Transaction
from headrace.store.types import Whole

BOOT: Final = "postgresql"
"""Leases count the server's clock, and no boot of anybody's."""
# Not FOR UPDATE: a row that refers to a run may be inserted meanwhile.
_LOCK: Final = " FOR NO KEY UPDATE"
# Not NOWAIT: its error would undo the whole transaction.
_IF_FREE: Final = " FOR NO KEY UPDATE SKIP LOCKED"
_THE_RUNS = Statement(
    select(runs.c.id)
    .where(runs.c.id == any_(bindparam("the_runs", type_=ARRAY(Text))))
    .order_by(runs.c.id)
)
_RUNS = Statement(
    select(*RUN_COLUMNS)
    .where(runs.c.id == any_(bindparam("the_runs", type_=ARRAY(Text))))
    .order_by(runs.c.id)
)
# Each of the runs with each of the positions: one text, and one plan, for any number of them.
_BLOCKS = Statement(
    select(*BLOCK_COLUMNS)
    .where(block_runs.c.run_id == any_(bindparam("the_runs", type_=ARRAY(Text))))
    .where(block_runs.c.position == any_(bindparam("the_positions", type_=ARRAY(Whole))))
)
_MOST_FORESEEN: Final = 2_000  # blocks; what is not read ahead is read when it is asked for
_ONLY_ONE: Final = "SELECT pg_try_advisory_xact_lock($1, $2)"
_OURS: Final = crc32(b"headrace") - 2**31  # of the two numbers that name an advisory lock


class PostgresTransaction(Transaction):
    """On an asyncpg connection that is in a transaction at READ COMMITTED.

    `pending` is the whole transaction's. `wrote`: something was changed that a failure has to undo.
    `appended` is of this unit, and still to be inserted.
    """

    alone = False

    def __init__(
        self, connection: Connection, locks: Locks, pending: Pending, now: int, clock: int
    ) -> None:
        super().__init__(now, clock, BOOT)
        self._connection = connection
        self._locks = locks
        self._pending = pending
        self.wrote = False
        self.appended = Appended()

    def rows(self, statement: Statement, params: Mapping[str, Any]) -> Sequence[Row]:
        return self._rows(statement, params, "")

    def change(self, statement: Statement, params: Mapping[str, Any]) -> int:
        self._look(statement)
        self.wrote = True
        text, values = statement.prepared(DIALECT, params)
        status = await_only(self._connection.execute(text, *cleaned(values)))
        self._pending.written(statement)
        return int(status.rpartition(" ")[2])

    def change_many(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        text = statement.text(DIALECT)
        if values := statement.many(rows):
            self._look(statement)
            self.wrote = True
            await_only(run_all(self._connection, text, values))
            self._pending.written(statement)

    def append(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        statement.text(DIALECT)
        if values := statement.many(rows):
            self.appended.add(statement, values)

    def put(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        statement.text(DIALECT)
        for params in rows:
            self.wrote = True
            if not self._pending.put(statement, params):
                self._look(statement)
                self._pending.put(statement, params)

    def run(self, run_id: str) -> Row | None:
        if (known := self._pending.known(run_id)) is not None:
            return known
        given = {"the_run": run_id}
        if run_id in self._locks:
            rows = self.rows(RUN, given)
        else:
            may_wait = self._locks.may_wait(run_id)
            rows = self._rows(RUN, given, _LOCK if may_wait else _IF_FREE)
            if not rows and not may_wait and self.first(RUN, given) is not None:
                raise self._locks.out_of_turn([run_id])
            self._locks.add([run_id])
        self._learn(rows)
        return rows[0] if rows else None

    def blocks(self, run_id: str, positions: Collection[int]) -> Sequence[Row]:
        known = (self._pending.known(run_id, each) for each in positions)
        found = [row for row in known if row is not None]
        if missing := set(positions) - {row.position for row in found}:
            some = self._blocks([run_id], missing)
            found = sorted([*found, *some], key=lambda row: int(row.position))
        return found

    def foresee(self, places: Iterable[Place], more_runs: Iterable[str] = ()) -> None:
        """Locks and reads ahead what the ends of those blocks need, and locks some more runs.

        What others hold is left out where it must not be waited for.
        """
        wanted = list(places)
        new = {run_id for run_id, _ in wanted}.union(more_runs)
        ordered = sorted(each for each in new if each not in self._locks)
        if not ordered:
            return
        ending = _LOCK if self._locks.may_wait(ordered[0]) else _IF_FREE
        rows = self._rows(_RUNS, {"the_runs": ordered}, ending)
        self._locks.add(row.id for row in rows)
        self._learn(rows)
        versions = {row.id: row.version_id for row in rows}
        positions: set[int] = set()
        for run_id, position in wanted:
            if run_id in versions:
                positions.update(
                    (position, *plans.get(self, versions[run_id]).successors[position])
                )
        if positions and len(versions) * len(positions) <= _MOST_FORESEEN:
            self._blocks(list(versions), positions)

    def lock_runs(self, run_ids: Iterable[str]) -> None:
        wanted = sorted(each for each in set(run_ids) if each not in self._locks)
        if wanted and self._locks.may_wait(wanted[0]):
            self._rows(_THE_RUNS, {"the_runs": wanted}, _LOCK)
            self._locks.add(wanted)
        elif wanted:
            free = {row.id for row in self._rows(_THE_RUNS, {"the_runs": wanted}, _IF_FREE)}
            self._locks.add(free)
            there = {row.id for row in self.rows(_THE_RUNS, {"the_runs": wanted})}
            if there - free:
                raise self._locks.out_of_turn(there)

    def locked_already(self, run_ids: Iterable[str]) -> None:
        self._locks.add(run_ids)

    def locked_rows(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._locks.add([row.id])
            if self._pending.known(row.id) is None:
                self._pending.learn((row.id, None), row)

    def only_one(self, what: str) -> bool:
        number = crc32(what.encode()) - 2**31
        return bool(await_only(self._connection.fetchval(_ONLY_ONE, _OURS, number)))

    def _rows(self, statement: Statement, params: Mapping[str, Any], ending: str) -> Sequence[Row]:
        self._look(statement)
        text, values = statement.prepared(DIALECT, params)
        found = await_only(self._connection.fetch(text + ending, *cleaned(values)))
        if found and statement.changes is not None:
            self.wrote = True
            self._pending.written(statement)
        return named(statement, found)

    def _blocks(self, run_ids: Sequence[str], positions: Iterable[int]) -> Sequence[Row]:
        rows = self.rows(_BLOCKS, {"the_runs": run_ids, "the_positions": list(positions)})
        for row in rows:
            self._pending.learn((row.run_id, row.position), row)
        return rows

    def _learn(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._pending.learn((row.id, None), row)

    def _look(self, statement: Statement) -> None:
        """Before a statement: what it would miss is written."""
        if self.appended.concerns(statement):
            self.wrote = True
            self._pending.appended.take(self.appended)
        await_only(write_pending(self._connection, self._pending, statement))


async def write_pending(
    connection: Connection, pending: Pending, looks: Statement | None = None
) -> None:
    """Sends what a statement would miss that looks, or all that waits: each kind of write once."""
    for statement, values in pending.take_writes(looks):
        await run_all(connection, statement.text(DIALECT), values)


async def run_all(connection: Connection, text: str, values: Sequence[Sequence[Any]]) -> None:
    """Runs a write once for each of `values`, all on one way there and back."""
    clean = [cleaned(each) for each in values]
    if len(clean) == 1:
        await connection.execute(text, *clean[0])
    else:
        await connection.executemany(text, clean)


def cleaned(values: Sequence[Any]) -> list[Any]:
    """The values without NUL, which no text of PostgreSQL's can hold."""
    return [
        value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value
        for value in values
    ]


def named(statement: Statement, records: Sequence[Any]) -> list[Row]:
    """Records of asyncpg as the named tuples of a statement."""
    if not records:
        return []
    make = statement.row([(name,) for name in records[0].keys()])  # noqa: SIM118 # no mapping
    return [make(record) for record in records]
