"""The schema that every table belongs to, and how its constraints and indexes are named."""

from typing import Any

from sqlalchemy import Connection, Index, MetaData, event, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def partial_index(name: str, *columns: Any, where: str) -> Index:
    """An index of those rows alone that `where` names, on either database."""
    return Index(name, *columns, sqlite_where=text(where))


@event.listens_for(metadata, "before_create")
def _same_conditions(_: MetaData, connection: Connection, **_options: object) -> None:
    """Gives PostgreSQL's partial indexes the conditions that are written down for SQLite.

    Naming PostgreSQL at each index would load its dialect wherever the tables are.
    """
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.tables.values():
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            index.dialect_options["postgresql"]["where"] = where
