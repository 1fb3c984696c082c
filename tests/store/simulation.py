"""A store without threads or files: units of work on one in-memory database, and clocks that tests
set.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import create_engine, event, select
from sqlalchemy.pool import StaticPool

from headrace.domain.definition import definition_from_document
from headrace.domain.lifecycle import RunTrigger
from headrace.store import workers
from headrace.store.pipelines import Saved, save_definition
from headrace.store.runs import NewRun, create_run
from headrace.store.tables import block_runs, events, metadata, runs
from headrace.store.transaction import Transaction

T = TypeVar("T")


class Simulation:
    """Times in ms."""

    def __init__(self) -> None:
        engine = create_engine("sqlite://", poolclass=StaticPool)
        event.listen(engine, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
        self.connection = engine.connect()
        metadata.create_all(self.connection)
        self.connection.commit()
        self.now = 1_000_000
        self.clock = 50_000
        self.boot = "boot-1"

    def __call__(self, unit: Callable[..., T], *args: Any, **values: Any) -> T:
        """Runs one unit of work; what it raises leaves nothing behind."""
        transaction = Transaction(self.connection, self.now, self.clock, self.boot)
        self.connection.exec_driver_sql("SAVEPOINT unit")
        try:
            result = unit(transaction, *args, **values)
        except Exception:
            self.connection.exec_driver_sql("ROLLBACK TO unit")
            raise
        finally:
            self.connection.exec_driver_sql("RELEASE unit")
        return result

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
        return list(self.connection.execute(query))

    def kinds(self, run_id: str) -> list[str]:
        """Each event as `KIND` or `KIND block`."""
        return [f"{e.kind} {e.block}" if e.block else e.kind for e in self.events(run_id)]

    def run(self, run_id: str) -> Any:
        return self.connection.execute(select(runs).where(runs.c.id == run_id)).one()

    def block(self, run_id: str, name: str) -> Any:
        query = select(block_runs).where(block_runs.c.run_id == run_id, block_runs.c.name == name)
        return self.connection.execute(query).one()


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
