"""A kept HTTP/1.1 connection and no more: a client that costs little beside what it measures."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import orjson


class ApiFailed(Exception):
    """The server did not do what was asked."""


class Connection:
    """One request at a time."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._head = head

    @classmethod
    async def open(cls, url: str) -> "Connection":
        where = urlsplit(url)
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        head = (
            f"POST /graphql HTTP/1.1\r\nHost: {where.netloc}\r\n"
            "Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: "
        )
        return cls(reader, writer, head.encode())

    async def execute(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        """The answer's `data`. Raises ApiFailed."""
        body = orjson.dumps({"query": query, "variables": variables})
        self._writer.write(self._head + str(len(body)).encode() + b"\r\n\r\n" + body)
        answer = orjson.loads(await self._read())
        if "data" not in answer or "errors" in answer:
            raise ApiFailed(str(answer))
        return answer["data"]

    async def _read(self) -> bytes:
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        _, found, rest = head.partition(b"\r\ncontent-length:")
        if not found:
            raise ApiFailed(f"an answer without a length: {head.decode(errors='replace')}")
        return await self._reader.readexactly(int(rest.split(b"\r\n", 1)[0]))

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()
