"""What both ends of a copy share where they are a server's database: how a table is read."""

from collections.abc import AsyncGenerator, Sequence

from sqlalchemy import Table, func, select

from headrace.store.copying.rows import Pace, Row
from headrace.store.postgres.copy_refusals import refusals
from headrace.store.postgres.server import DIALECT, Connection


class Reading:
    """Rows of a table, by a cursor of the server's."""

    def __init__(self, name: str, connection: Connection) -> None:
        self.name = name
        self._connection = connection

    async def count(self, table: Table) -> int:
        text = str(select(func.count()).select_from(table).compile(dialect=DIALECT))
        with refusals(self.name):
            return int(await self._connection.fetchval(text))

    async def batches(self, table: Table) -> AsyncGenerator[Sequence[Row], None]:
        pace = Pace(table)
        text = str(select(table).compile(dialect=DIALECT))
        with refusals(self.name):
            cursor = await self._connection.cursor(text)
        while True:
            with refusals(self.name):
                rows = [tuple(record) for record in await cursor.fetch(pace.rows)]
            if not rows:
                return
            pace.saw(rows)
            yield rows
