"""A server's database made, migrated and refused."""

import asyncio
import subprocess
import sys

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from headrace.store.database import Store
from headrace.store.errors import SchemaTooNew, StoreUnavailable
from headrace.store.migrate import HEAD, MIGRATIONS
from tests.system.postgres import Postgres

SCHEMA = """
SELECT table_name || '.' || column_name AS name,
       concat_ws(' ', data_type, is_nullable, collation_name, column_default) AS what
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
"""


@pytest.fixture
def bare(postgres: Postgres) -> str:
    """The address of a database without a table."""
    return postgres.bare()


async def schema_of(address: str) -> dict[str, str]:
    """Each column, index and constraint, in the server's own words."""
    connection = await asyncpg.connect(address.replace("+asyncpg", ""))
    rows = await connection.fetch(SCHEMA)
    await connection.close()
    return {row["name"]: row["what"] for row in rows}


def migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def test_migrations_from_empty_make_what_the_tables_say(
    bare: str, postgres: Postgres
) -> None:
    engine = create_async_engine(bare)
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()
    fresh = postgres.bare()
    await (await Store.open(fresh)).close()
    made = await schema_of(fresh)
    assert "runs.id" in made
    assert await schema_of(bare) == made


async def test_of_several_that_open_at_once_one_makes_the_schema(bare: str) -> None:
    stores = await asyncio.gather(*(Store.open(bare) for _ in range(5)))
    for store in stores:
        await store.close()
    assert "runs.id" in await schema_of(bare)
    again = await Store.open(bare)
    assert again.found_revision == HEAD
    await again.close()


async def test_a_database_of_a_newer_headrace_is_refused_and_left_alone(bare: str) -> None:
    await (await Store.open(bare)).close()
    connection = await asyncpg.connect(bare.replace("+asyncpg", ""))
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    await connection.close()
    before = await schema_of(bare)
    with pytest.raises(SchemaTooNew, match="9999"):
        await Store.open(bare)
    assert await schema_of(bare) == before


async def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    address = "postgresql+asyncpg://me:s3cret@127.0.0.1:9/nowhere"
    with pytest.raises(StoreUnavailable, match=r"me@127\.0\.0\.1:9/nowhere") as refused:
        await Store.open(address)
    assert "s3cret" not in str(refused.value)


def test_without_its_driver_the_start_names_what_to_install() -> None:
    script = """
import asyncio, sys
sys.modules["asyncpg"] = None
from headrace.store.database import Store
from headrace.store.errors import StoreUnavailable
try:
    asyncio.run(Store.open("postgresql+asyncpg://me@127.0.0.1:9/db"))
except StoreUnavailable as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "pip install 'headrace[postgres]'" in done.stdout, done.stderr
