"""A way to a server that breaks at a COMMIT: before the server has it, or before its answer is
back.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

COMMITS = (b"COMMIT\0", b"COMMIT;")  # rows may hold the word, and statements "ON COMMIT"


class Crossing:
    """Passes on what it gets until it is told to `break_at` the next COMMIT."""

    def __init__(self, address: str) -> None:
        self._address = urlsplit(address)
        self._break: str | None = None
        self.broken = 0
        self._open: set[asyncio.StreamWriter] = set()

    def break_at(self, place: str) -> None:
        """`way`: the server never gets it; `answer`: it commits and nobody is told."""
        self._break = place

    @asynccontextmanager
    async def address(self) -> AsyncIterator[str]:
        """What leads over it."""
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        user = self._address.netloc.rpartition("@")[0]
        yield urlunsplit(self._address._replace(netloc=f"{user}@127.0.0.1:{port}"))
        server.close()
        for writer in self._open:
            writer.close()
        await server.wait_closed()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self._address.hostname, self._address.port
        there_reader, there = await asyncio.open_connection(host, port)
        self._open |= {writer, there}
        back = asyncio.create_task(_copy(there_reader, writer))
        try:
            while data := await reader.read(65_536):
                if self._break and any(each in data for each in COMMITS):
                    place, self._break = self._break, None
                    self.broken += 1
                    if place == "answer":
                        back.cancel()
                        there.write(data)
                        await there_reader.read(1)  # it has committed by now
                    break
                there.write(data)
        except ConnectionError:
            pass
        finally:
            back.cancel()
            for each in (writer, there):
                each.transport.abort()
                self._open.discard(each)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
    writer.close()
