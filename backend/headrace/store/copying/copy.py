"""The copy itself: each table read, written, read back and compared, then all of it committed."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Table

from headrace.store.copying.ends import Batches, Source, Target
from headrace.store.copying.files import file_source, file_target
from headrace.store.copying.rows import Tally, changed, refuse_unknown_types
from headrace.store.errors import CopyFailed, StoreUnavailable
from headrace.store.migrate import HEAD
from headrace.store.tables import metadata

COPYING: Final = "copying"
CHECKING: Final = "checking"
Told = Callable[[str, str, int, int], None]
"""Hears what is done (COPYING or CHECKING) of which table, how many rows so far, of how many."""


@dataclass(frozen=True, kw_only=True)
class CopiedTable:
    """A table's rows, and a digest of them that does not depend on their order."""

    rows: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class Copied:
    """What was copied, by table; both ends by the names that people call them."""

    source: str
    target: str
    revision: str
    tables: Mapping[str, CopiedTable]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


def _silent(_doing: str, _table: str, _rows: int, _of: int) -> None:
    """Tells nobody."""


async def copy_database(where: Path | str, to: Path | str, told: Told = _silent) -> Copied:
    """Copies a file (a Path) to a server's database (its address), or the other way.

    Raises:
        CopyFailed: the source or the target is not fit for it.
        DatabaseInUse: somebody has one of the two open.
        StoreUnavailable: one of the two cannot be opened, or was lost.
            Whatever is raised, the target is as it was before, and the source is in any case.
    """
    refuse_unknown_types(metadata.sorted_tables)
    async with _source(where) as source, _target(to) as target:
        tables = await _copy_all(source, target, told)
        await source.still_quiet()
        return Copied(source=source.name, target=target.name, revision=HEAD, tables=tables)


async def _copy_all(source: Source, target: Target, told: Told) -> dict[str, CopiedTable]:
    done = {}
    for table in metadata.sorted_tables:
        rows = await source.count(table)
        read, there = Tally(), Tally()
        await target.fill(table, _passing(source, target, table, read, _of(told, table, rows)))
        async for batch in target.batches(table):
            there.add(batch)
            told(CHECKING, table.name, there.rows, rows)
        if (read.rows, read.digest) != (there.rows, there.digest):
            raise CopyFailed(
                f"{target.name} does not hold what was written: of {table.name} {read.rows:,} rows "
                f"went there and {there.rows:,} came back, or other ones; nothing is copied"
            )
        await target.settle(table)
        done[table.name] = CopiedTable(rows=read.rows, digest=read.digest)
    return done


def _of(told: Told, table: Table, of: int) -> Callable[[int], None]:
    return lambda rows: told(COPYING, table.name, rows, of)


async def _passing(
    source: Source, target: Target, table: Table, read: Tally, told: Callable[[int], None]
) -> Batches:
    async for batch in source.batches(table):
        rows = target.held(changed(table, batch))
        read.add(rows)
        yield rows
        told(read.rows)


def _source(where: Path | str) -> AbstractAsyncContextManager[Source]:
    if isinstance(where, Path):
        return file_source(where)
    _driver_is_there()
    from headrace.store.postgres.copy_source import server_source

    return server_source(where)


def _target(to: Path | str) -> AbstractAsyncContextManager[Target]:
    if isinstance(to, Path):
        return file_target(to)
    _driver_is_there()
    from headrace.store.postgres.copy_target import server_target

    return server_target(to)


def _driver_is_there() -> None:
    try:
        import asyncpg  # noqa: F401 # whether it can be
    except ModuleNotFoundError as error:
        if error.name != "asyncpg":
            raise
        raise StoreUnavailable(
            "the address names PostgreSQL, whose driver is not installed: "
            "pip install 'headrace[postgres]'"
        ) from error
