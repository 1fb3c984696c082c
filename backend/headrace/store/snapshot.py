"""What a reader sees: one moment of the database, whichever database it is."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.sql.selectable import TypedReturnsRows

from headrace.store.statements import Row


@dataclass(frozen=True, slots=True)
class Moment:
    """What the clocks say that transactions go by. `now`: wall ms. `clock`, `boot`: of leases."""

    now: int
    clock: int
    boot: str


class Snapshot(ABC):
    """One moment of the database. Loaders may share it: statements take turns on its connection.

    `statements` counts them. `guesses`: `guess` may be asked.
    """

    guesses = False

    def __init__(self) -> None:
        self.statements = 0

    @abstractmethod
    async def all(self, statement: TypedReturnsRows[Any], **params: Any) -> Sequence[Row]:
        """All rows of a SELECT, as named tuples."""

    @abstractmethod
    async def moment(self) -> Moment:
        """The time at this call, not at the snapshot's."""

    async def first(self, statement: TypedReturnsRows[Any], **params: Any) -> Row | None:
        """The first row of a SELECT, or None."""
        rows = await self.all(statement, **params)
        return rows[0] if rows else None

    async def guess(self, statement: TypedReturnsRows[Any], **params: Any) -> int:
        """About how many rows a SELECT has, without reading them."""
        raise NotImplementedError


class Snapshots(Protocol):
    """Opens snapshots."""

    def open(self) -> AbstractAsyncContextManager[Snapshot]:
        """A read-only transaction; its first statement fixes the moment."""

    async def close(self) -> None:
        """Waits for the snapshots that are ending, and closes every connection."""
