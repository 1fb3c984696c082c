"""Bringing a database up to date at start.

A fresh file is made by one script and stamped; a file at the newest revision costs one SELECT;
Alembic is imported only when a migration is due (11 MiB that a server need not carry). Writers
take turns, so of several processes that start at once one migrates and the others find the work
done.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from headrace.store.errors import SchemaTooNew
from headrace.store.tables import metadata
from headrace.store.turns import Turns

HEAD = "0004"
MIGRATIONS = Path(__file__).with_name("migrations")


def bring_up_to_date(engine: Engine, turns: Turns) -> str | None:
    """Makes or migrates the schema; gives the revision that it found, None for a fresh file.

    Raises SchemaTooNew for a revision that we do not know.
    """
    with turns.turn(), engine.connect() as connection, connection.begin():
        return migrated(connection)


def migrated(connection: Connection) -> str | None:
    """The same inside a transaction that keeps others from doing it."""
    found = _revision(connection)
    if found is None:
        _create(connection)
    elif found != HEAD:
        _upgrade(connection, found)
    return found


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def _create(connection: Connection) -> None:
    metadata.create_all(connection, checkfirst=False)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
        " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{HEAD}')")


def _upgrade(connection: Connection, found: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found not in known:
        raise SchemaTooNew(
            f"the database is at revision {found}, which this Headrace (at {HEAD}) does not know:"
            " a newer version wrote it; upgrade Headrace or restore a backup"
        )
    command.upgrade(config, "head")
