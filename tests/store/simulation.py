"""A store without threads: units of work in one transaction that nobody else sees, and clocks that
tests set.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select, create_engine, event, select
from sqlalchemy.pool import StaticPool
from sqlalchemy.util import greenlet_spawn

from headrace.domain.definition import definition_from_document
from headrace.domain.lifecycle import RunTrigger
from headrace.store import workers
from headrace.store.pipelines import Saved, save_definition
from headrace.store.postgres.locks import Locks
from headrace.store.postgres.pending import Pending
from headrace.store.postgres.server import Server
from headrace.store.postgres.transaction import PostgresTransaction, write_pending
from headrace.store.runs import NewRun, create_run
from headrace.store.sqlite_commits import SqliteTransaction
from headrace.store.statements import Statement
from headrace.store.tables import block_runs, events, metadata, runs
from headrace.store.transaction import Transaction

T = TypeVar("T")


class Inside(Protocol):
    """One database's transaction."""

    def run(self, unit: Callable[[Transaction], T], now: int, clock: int, boot: str) -> T:
        """Runs a unit in a savepoint; what it raises leaves nothing behind."""

    def close(self) -> None: ...


class InMemory:
    """SQLite's, in a database that is in memory only."""

    def __init__(self) -> None:
        engine = create_engine("sqlite://", poolclass=StaticPool)
        event.listen(engine, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
        self._connection = engine.connect()
        self._connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        metadata.create_all(self._connection)
        self._connection.commit()

    def run(self, unit: Callable[[Transaction], T], now: int, clock: int, boot: str) -> T:
        connection = self._connection
        connection.exec_driver_sql("SAVEPOINT unit")
        try:
            return unit(SqliteTransaction(connection, now, clock, boot))
        except Exception:
            connection.exec_driver_sql("ROLLBACK TO unit")
            raise
        finally:
            connection.exec_driver_sql("RELEASE unit")

    def close(self) -> None:
        self._connection.close()


class RolledBack:
    """PostgreSQL's, of which nothing stays."""

    def __init__(self, address: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._connection = self._loop.run_until_complete(Server(address).connect())
        self._execute("BEGIN")
        self._locks = Locks()

    def run(self, unit: Callable[[Transaction], T], now: int, clock: int, boot: str) -> T:
        pending = Pending()
        transaction = PostgresTransaction(self._connection, self._locks, pending, now, clock)
        transaction.boot = boot
        self._execute("SAVEPOINT unit")
        try:
            result: T = self._loop.run_until_complete(greenlet_spawn(unit, transaction))
            pending.appended.take(transaction.appended)
            self._loop.run_until_complete(write_pending(self._connection, pending))
            return result
        except Exception:
            self._execute("ROLLBACK TO unit")
            raise
        finally:
            self._locks.keep()
            self._execute("RELEASE unit")

    def close(self) -> None:
        self._execute("ROLLBACK")
        self._loop.run_until_complete(self._connection.close())
        self._loop.close()

    def _execute(self, text: str) -> None:
        self._loop.run_until_complete(self._connection.execute(text))


class Simulation:
    """Times in ms. Close it."""

    def __init__(self, inside: Inside) -> None:
        self._inside = inside
        self.now = 1_000_000
        self.clock = 50_000
        self.boot = "boot-1"

    def __call__(self, unit: Callable[..., T], *args: Any, **values: Any) -> T:
        """Runs one unit of work; what it raises leaves nothing behind."""

        def whole(tx: Transaction) -> T:
            return unit(tx, *args, **values)

        return self._inside.run(whole, self.now, self.clock, self.boot)

    def close(self) -> None:
        self._inside.close()

    def rows(self, query: Select[Any]) -> list[Any]:
        """What a SELECT finds."""
        return list(self(lambda tx: tx.rows(Statement(query), {})))

    def wait(self, ms: int) -> None:
        self.now += ms
        self.clock += ms

    def save(self, document: Mapping[str, Any]) -> Saved:
        saved = self(save_definition, definition_from_document(document), replace=True)
        assert isinstance(saved, Saved)
        return saved

    def start(self, document: Mapping[str, Any], **values: Any) -> str:
        saved = self.save(document)
        new = NewRun(
            pipeline_id=saved.pipeline_id,
            version_id=saved.version_id,
            trigger=RunTrigger.API,
            params={},
            labels={},
            **values,
        )
        return self(create_run, new)

    def worker(self, lease_ms: int = 15_000) -> str:
        new = workers.NewWorker(name="w", host="here", pid=1, version="0", capacity=9, address=None)
        return self(workers.register, new, lease_ms)

    def events(self, run_id: str) -> list[Any]:
        query = select(events).where(events.c.run_id == run_id).order_by(events.c.seq)
        return self.rows(query)

    def kinds(self, run_id: str) -> list[str]:
        """Each event as `KIND` or `KIND block`."""
        return [f"{e.kind} {e.block}" if e.block else e.kind for e in self.events(run_id)]

    def run(self, run_id: str) -> Any:
        (found,) = self.rows(select(runs).where(runs.c.id == run_id))
        return found

    def block(self, run_id: str, name: str) -> Any:
        query = select(block_runs).where(block_runs.c.run_id == run_id, block_runs.c.name == name)
        (found,) = self.rows(query)
        return found


def document(blocks: list[Any], edges: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """A document from names (or whole blocks) and pairs; every block has the type NOOP."""
    named = [
        {"name": b, "type": "NOOP"} if isinstance(b, str) else {"type": "NOOP", **b} for b in blocks
    ]
    return {
        "name": "p",
        "blocks": named,
        "edges": [{"from": source, "to": target} for source, target in edges or []],
    }
