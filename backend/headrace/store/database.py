"""The store: one writer and many readers, over a SQLite file or a PostgreSQL database.

Callers know `Store` and `Snapshot` only. Reads have connections of their own, each in a read-only
transaction (a snapshot).
"""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from headrace.store import sqlite
from headrace.store.errors import StoreUnavailable
from headrace.store.hints import Hints
from headrace.store.snapshot import Snapshot, Snapshots
from headrace.store.transaction import Place, Transaction
from headrace.store.writer import Commits, Unit, Writer

if TYPE_CHECKING:
    from headrace.store.postgres.notices import Notices
    from headrace.store.postgres.server import Server

T = TypeVar("T")


class Store:
    """An open database.

    `path` is its file or None, `server` where it is otherwise; `token` names this process to the
    others there. `found_revision` is the schema it had (None: no tables).
    """

    def __init__(
        self,
        commits: Commits,
        snapshots: Snapshots,
        *,
        path: Path | None = None,
        server: "Server | None" = None,
        token: str = "",
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self.path = path
        self.server = server
        self.token = token
        self.found_revision: str | None = None
        self._snapshots = snapshots
        self._close = close
        self._closed = False
        self._listeners: list[Callable[[Hints], None]] = []
        self._writer = Writer(commits, self._tell)

    @classmethod
    async def open(cls, where: Path | str, *, notifies: bool = True) -> "Store":
        """Opens a file (a Path) or a server's database (its address).

        `notifies`: whether commits tell the server's other sessions what they touched.
        It is made or brought up to date, and the writer is started. Raises StoreUnavailable when it
        cannot be opened, SchemaTooNew when a newer Headrace wrote it.
        """
        if isinstance(where, Path):
            store = await cls._file(where)
        else:
            store = await cls._server(where, notifies)
        store._writer.start()
        return store

    @classmethod
    async def _file(cls, path: Path) -> "Store":
        opened = await asyncio.to_thread(sqlite.open_file, path)
        store = cls(opened.commits, opened.snapshots, path=opened.path, close=opened.close)
        store.found_revision = opened.found_revision
        return store

    @classmethod
    async def _server(cls, address: str, notifies: bool) -> "Store":
        try:
            from headrace.store.postgres.commits import PostgresCommits
            from headrace.store.postgres.schema import bring_up_to_date
            from headrace.store.postgres.server import Server
            from headrace.store.postgres.snapshots import PostgresSnapshots
        except ModuleNotFoundError as error:
            if error.name != "asyncpg":
                raise
            raise StoreUnavailable(
                "DATABASE_URL names PostgreSQL, whose driver is not installed: "
                "pip install 'headrace[postgres]'"
            ) from error
        server, token = Server(address), secrets.token_hex(8)
        found = await bring_up_to_date(server)
        commits = PostgresCommits(server, token if notifies else None)
        store = cls(commits, PostgresSnapshots(server), server=server, token=token)
        store.found_revision = found
        return store

    @property
    def name(self) -> str:
        """What people call it: the file, or the address without its password."""
        return str(self.path) if self.server is None else self.server.name

    def write(
        self, unit: Unit[T], *, urgent: bool = False, last: bool = False, about: Place | None = None
    ) -> "asyncio.Future[T]":
        """Queues a unit of work; await it for the result, which is durable by then.

        `urgent`: before what waits. `last`: it may come behind others of its group. `about`: a
        block that the unit is sure to write about: a server is asked for all such blocks at once.
        """
        return self._writer.submit(unit, urgent=urgent, last=last, about=about)

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """A read-only transaction on one moment; its first statement fixes the moment."""
        return self._snapshots.open()

    def listen(self, listener: Callable[[Hints], None]) -> None:
        """`listener` gets the hints of this process's commits, on the loop, before their callers.

        On SQLite a commit of another process comes as Hints(everything=True), up to 250 ms late;
        at rest up to a second, where `hints_come` said that others tell of their commits.
        """
        self._listeners.append(listener)

    def hints_come(self) -> None:
        """Other processes tell this one of their commits: what the file shows is a net below."""
        self._writer.hints_come()

    def stir(self) -> None:
        """Another process told of a commit: the file is looked at at full pace for a while."""
        self._writer.stir()

    def notices(self, received: Callable[[Hints], None]) -> "Notices | None":
        """What tells of commits of other processes, listening; None where the file is watched."""
        if self.server is None:
            return None
        from headrace.store.postgres.notices import Notices

        notices = Notices(self.server, self.token, received)
        notices.start()
        return notices

    async def close(self) -> None:
        """Finishes what is queued and closes everything; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        await self._writer.close()
        await self._snapshots.close()
        self._close()

    def _tell(self, hints: Hints) -> None:
        for listener in self._listeners:
            listener(hints)


__all__ = ["Snapshot", "Store", "Transaction"]
