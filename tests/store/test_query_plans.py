"""On SQLite each statement that is written down goes along an index of what grows with the runs.

A plan that reads a whole table is right in every test and slow only where there is history: a claim
once read every block that there ever was.
"""

import pkgutil
import sqlite3
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Executable, TupleType, create_engine
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.expression import ClauseElement

import headrace.store
from headrace.store.database import Store
from headrace.store.statements import Statement
from headrace.store.sweeps import due_query

# There are few of them, however long an installation has run.
FEW = {"pipelines", "pipeline_versions", "schedules", "triggers", "workers", "leases", "tombstones"}
# Parts that others are made of, what another database says, and what is meant to read everything.
NOT_ASKED_SO = {
    "claims._DATA_SETS",
    "claims._OUTPUTS_OF_ALL",
    "reads.blocks._TOTAL",
    "reads.outbox._UNPUBLISHED",
    "reads.usage._BY_MODEL",
    "taking._TAKE_FREE",
}


def written_down() -> Iterator[tuple[str, Statement]]:
    """Every statement of the store's modules, by where it stands."""
    yield "sweeps.due_query", Statement(due_query())
    package = headrace.store.__name__ + "."
    for found in pkgutil.walk_packages(headrace.store.__path__, package):
        if found.name.startswith((package + "migrations", package + "postgres")):
            continue
        for name, value in vars(import_module(found.name)).items():
            place = f"{found.name.removeprefix(package)}.{name}"
            if isinstance(value, Statement):
                yield place, value
            elif isinstance(value, Executable) and isinstance(value, ClauseElement):
                yield place, Statement(value)


STATEMENTS = {place: found for place, found in written_down() if place not in NOT_ASKED_SO}


@pytest.fixture(scope="module")
def dialect() -> Dialect:
    return create_engine("sqlite://").dialect


@pytest.fixture
async def plain(tmp_path: Path) -> sqlite3.Connection:
    """A database of today's schema, as another tool opens it."""
    path = tmp_path / "db.sqlite3"
    await (await Store.open(path)).close()
    return sqlite3.connect(path)


def plan_of(plain: sqlite3.Connection, statement: Statement, dialect: Dialect) -> list[str]:
    statement.text(dialect)
    compiled = cast(Any, statement)._compiled
    params: dict[str, Any] = dict.fromkeys(compiled.params)
    for bound, name in compiled.bind_names.items():
        if bound.expanding:
            is_pair = isinstance(bound.type, TupleType)
            params[name] = [("a", 1), ("b", 2)] if is_pair else ["a", "b"]
    text, values = statement.prepared(dialect, params)
    return [row[3] for row in plain.execute(f"EXPLAIN QUERY PLAN {text}", values)]


async def test_none_reads_a_whole_table_of_what_grows(
    plain: sqlite3.Connection, dialect: Dialect
) -> None:
    growing = {
        row[0]
        for row in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if row[0] not in FEW
    }
    whole = {}
    for place, statement in STATEMENTS.items():
        for step in plan_of(plain, statement, dialect):
            verb, table, *how = step.split()
            # A partial index holds what is under way, and is scanned as it should be.
            if verb == "SCAN" and table in growing and "ix_" not in " ".join(how):
                whole[place] = step
            assert "AUTOMATIC" not in step, f"{place}: {step}"
    assert whole == {}


async def test_a_claim_goes_along_the_blocks_that_are_ready(
    plain: sqlite3.Connection, dialect: Dialect
) -> None:
    plan = plan_of(plain, STATEMENTS["taking._TAKE"], dialect)
    assert "SCAN block_runs USING INDEX ix_block_runs_ready" in plan
    assert not [step for step in plan if "TEMP B-TREE" in step]


def test_what_is_left_out_is_there() -> None:
    assert {place for place, _ in written_down()} >= NOT_ASKED_SO
