"""A kept HTTP/1.1 connection and no more: a client that costs little beside what it measures."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import orjson


class ApiFailed(Exception):
    """The server did not do what was asked."""


class Connection:
    """One request at a time. A server closes what is idle for some seconds; then it opens anew."""

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self._address = (where.hostname, where.port)
        head = (
            f"POST /graphql HTTP/1.1\r\nHost: {where.netloc}\r\n"
            "Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: "
        )
        self._head = head.encode()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def execute(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        """The answer's `data`. Raises ApiFailed."""
        body = orjson.dumps({"query": query, "variables": variables})
        reader, writer = await self.open()
        writer.write(self._head + str(len(body)).encode() + b"\r\n\r\n" + body)
        answer = orjson.loads(await _answer(reader))
        if "data" not in answer or "errors" in answer:
            raise ApiFailed(str(answer))
        return answer["data"]

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connects, unless it is."""
        if self._streams is not None and self._streams[0].at_eof():
            await self.close()
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address)
        return self._streams

    async def close(self) -> None:
        if self._streams is not None:
            _, writer = self._streams
            self._streams = None
            writer.close()
            await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    _, found, rest = head.partition(b"\r\ncontent-length:")
    if not found:
        raise ApiFailed(f"an answer without a length: {head.decode(errors='replace')}")
    return await reader.readexactly(int(rest.split(b"\r\n", 1)[0]))
