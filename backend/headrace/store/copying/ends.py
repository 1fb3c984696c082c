"""The two ends of a copy, as the copy knows them. Each is open in one transaction."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

from sqlalchemy import Table

from headrace.store.copying.rows import Row
from headrace.store.errors import CopyFailed
from headrace.store.migrate import HEAD

Batches = AsyncIterator[Sequence[Row]]


class Source(Protocol):
    """What is copied: of one moment, and nobody writes to it."""

    name: str

    async def count(self, table: Table) -> int:
        """Its rows."""

    def batches(self, table: Table) -> Batches:
        """Its rows, in the order of the table's columns."""

    async def still_quiet(self) -> None:
        """Raises DatabaseInUse where somebody has come meanwhile."""


class Target(Protocol):
    """Where it goes: empty, and nobody else sees it before all of it is there."""

    name: str

    def held(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows as this database holds them."""

    async def fill(self, table: Table, batches: Batches) -> None:
        """Inserts them all."""

    def batches(self, table: Table) -> Batches:
        """What it holds of the table now."""

    async def settle(self, table: Table) -> None:
        """What is to be done for a table that has its rows."""


def refuse_other_revision(name: str, found: str | None) -> None:
    """Raises CopyFailed for a source whose tables are not those of this version."""
    if found is None:
        raise CopyFailed(f"{name} is no database of Headrace's")
    if found != HEAD:
        raise CopyFailed(
            f"{name} is at revision {found} and this Headrace at {HEAD}: bring it up to date first "
            "(headrace db backup, headrace db upgrade)"
        )


def refuse_full(name: str, counts: Mapping[str, int]) -> None:
    """Raises CopyFailed for a target that holds anything; says what."""
    found = [f"{table} ({rows:,})" for table, rows in counts.items() if rows]
    if found:
        more = f" and {len(found) - 5} more tables" if len(found) > 5 else ""
        raise CopyFailed(
            f"{name} is not empty, but holds {', '.join(found[:5])}{more}: name an empty database, "
            "or empty that one (headrace db reset, with its address as DATABASE_URL)"
        )
