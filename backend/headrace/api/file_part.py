"""A part of a file as a response, read piece by piece while its client stays."""

import asyncio
import os
from typing import IO, Any, Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from headrace.api.presence import ClientLeft, while_client_stays
from headrace.artifacts.content import Stored

CHUNK_BYTES: Final = 256 * 1024


def open_at(path: Stored, start: int = 0) -> IO[bytes]:
    """The file or stored bytes, open at this byte. Blocks on the disk: call it in a thread."""
    opened = path.open("rb")
    opened.seek(start)
    return opened


def size_of(opened: IO[bytes]) -> int:
    """How many bytes the open file has, whatever has its name by now."""
    return os.fstat(opened.fileno()).st_size


class FilePart(Response):
    """Sends `length` bytes of an open file, and closes it however the sending ends."""

    def __init__(
        self, opened: IO[bytes], length: int, status: int, headers: dict[str, str]
    ) -> None:
        super().__init__(status_code=status, headers=headers)
        self._opened, self._left = opened, length

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it, until it is sent or nobody is there."""
        start: dict[str, Any] = {"type": "http.response.start", "status": self.status_code}
        await send({**start, "headers": self.raw_headers})
        try:
            async with while_client_stays(receive):
                while self._left:
                    chunk = await asyncio.to_thread(self._next)
                    more = self._left > 0
                    await send({"type": "http.response.body", "body": chunk, "more_body": more})
        except ClientLeft:
            pass
        finally:
            self._opened.close()

    def _next(self) -> bytes:
        chunk = self._opened.read(min(CHUNK_BYTES, self._left))
        if not chunk:
            # Headers are out: breaking off is the only way left to say that this is not all.
            raise OSError("it is shorter than recorded")
        self._left -= len(chunk)
        return chunk
