"""The schema by migrations is the schema by tables; old, new and foreign files are told apart."""

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from headrace.store.database import Store
from headrace.store.errors import SchemaTooNew, StoreUnavailable
from headrace.store.migrate import HEAD, MIGRATIONS
from headrace.store.reads.runs import runs_by_id


def schema_of(path: Path) -> dict[str, list[str]]:
    """Each table and index with the clauses of its SQL, whose order and layout mean nothing."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {
            name: sorted(part.strip() for part in re.sub(r"[\s\"()]+", " ", sql).split(","))
            for name, sql in rows
        }


def migrate(path: Path, revision: str = "head") -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


async def test_migrations_from_empty_make_what_the_tables_say(tmp_path: Path) -> None:
    migrate(tmp_path / "migrated.sqlite3")
    store = await Store.open(tmp_path / "fresh.sqlite3")
    await store.close()
    assert schema_of(tmp_path / "migrated.sqlite3") == schema_of(tmp_path / "fresh.sqlite3")


async def test_a_database_of_the_first_release_is_brought_up_to_date_with_its_runs(
    tmp_path: Path,
) -> None:
    """Schedules came with the second: a run of before has none."""
    path = tmp_path / "db.sqlite3"
    migrate(path, "0001")
    rows = {
        "pipelines": {"id": "pl", "name": "p", "latest_version": 1, "created_at": 1},
        "pipeline_versions": {
            "id": "pv",
            "pipeline_id": "pl",
            "number": 1,
            "digest": "d",
            "document": "{}",
            "created_at": 1,
        },
        "runs": {
            "id": "run",
            "pipeline_id": "pl",
            "version_id": "pv",
            "status": "QUEUED",
            "trigger": "API",
            "params": "{}",
            **dict.fromkeys(
                ("priority", "created_at", "last_seq", "last_log_seq", "changed_at"), 1
            ),
            **dict.fromkeys(("blocks_total", "blocks_done", "blocks_failed"), 0),
        },
    }
    with closing(sqlite3.connect(path)) as connection, connection:
        for table, row in rows.items():
            places = ", ".join(f":{name}" for name in row)
            connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", row)
    store = await Store.open(path)
    async with store.snapshot() as snapshot:
        (run,) = (await runs_by_id(snapshot, ["run"])).values()
    await store.close()
    assert (store.found_revision, run.status, run.schedule_id) == ("0001", "QUEUED", None)


async def test_a_database_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    migrate(tmp_path / "old.sqlite3", "0001")
    old = await Store.open(tmp_path / "old.sqlite3")
    assert old.found_revision == "0001"
    await old.close()
    fresh = await Store.open(tmp_path / "fresh.sqlite3")
    await fresh.close()
    assert schema_of(tmp_path / "old.sqlite3") == schema_of(tmp_path / "fresh.sqlite3")


def test_there_is_one_head_and_it_is_the_one_that_a_fresh_database_is_stamped_with() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


async def test_a_database_of_a_newer_headrace_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    await (await Store.open(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = schema_of(path)
    with pytest.raises(SchemaTooNew, match="9999"):
        await Store.open(path)
    assert schema_of(path) == before


async def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database at all, and longer than a header" * 10)
    with pytest.raises(StoreUnavailable, match=r"notes\.txt"):
        await Store.open(path)


async def test_several_that_open_at_once_make_one_schema(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    stores = await asyncio.gather(*(Store.open(path) for _ in range(4)))
    for store in stores:
        await store.close()
    assert "runs" in schema_of(path)
