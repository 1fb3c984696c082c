"""Answers as server-sent events, for places where websockets do not pass.

The protocol is that of `graphql-sse` with distinct connections: each response is one operation,
`next` events carry its answers, `complete` ends it. A stream that breaks off without `complete`
(the server stopped, a proxy gave up) is to be resumed by cursor. Comments keep idle streams alive.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any, Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from headrace.api import jsons
from headrace.api.exchange import Answer
from headrace.api.negotiation import EVENT_STREAM
from headrace.api.presence import ClientLeft, while_client_stays
from headrace.api.traffic import StreamsEnded, Traffic

HEARTBEAT_SECONDS: Final = 15.0
COMMENT: Final = b":\n\n"
COMPLETE: Final = b"event: complete\ndata:\n\n"
HEADERS: Final = {
    "Content-Type": f"{EVENT_STREAM}; charset=utf-8",
    # A proxy that keeps, packs or gathers a stream keeps it from its reader.
    "Cache-Control": "no-cache, no-store, no-transform",
    "X-Accel-Buffering": "no",
}


def next_event(payload: dict[str, Any]) -> bytes:
    """The event of one answer. JSON in one line holds no line break."""
    return b"event: next\ndata: " + jsons.encode(payload) + b"\n\n"


def single(answer: Answer) -> Response:
    """The whole stream of an operation with one answer."""
    return Response(next_event(answer.payload) + COMPLETE, headers=HEADERS)


class EventStream(Response):
    """The answers of a subscription, as long as the client stays and the server runs."""

    def __init__(
        self,
        answers: AsyncGenerator[Answer, None],
        traffic: Traffic,
        *,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        super().__init__(headers=HEADERS)
        # What Response set for an empty body; this one's length nobody knows.
        del self.headers["content-length"]
        self._answers, self._traffic = answers, traffic
        self._heartbeat_seconds = heartbeat_seconds
        self._quiet = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it until it completes, the client leaves or the server stops."""
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        async with aclosing(self._answers) as answers:
            await send(start)
            with suppress(ClientLeft):
                try:
                    async with (
                        self._traffic.stream(),
                        while_client_stays(receive),
                        self._heartbeats(send),
                    ):
                        # So that the client knows at once that it is heard.
                        await self._send(send, COMMENT)
                        async for answer in answers:
                            await self._send(send, next_event(answer.payload))
                        await self._send(send, COMPLETE)
                except StreamsEnded:
                    pass
                await send({"type": "http.response.body", "body": b""})

    async def _send(self, send: Send, data: bytes) -> None:
        self._quiet = False
        await send({"type": "http.response.body", "body": data, "more_body": True})

    @asynccontextmanager
    async def _heartbeats(self, send: Send) -> AsyncGenerator[None, None]:
        async def beat() -> None:
            while True:
                self._quiet = True
                await asyncio.sleep(self._heartbeat_seconds)
                if self._quiet:
                    await self._send(send, COMMENT)

        beating = asyncio.create_task(beat(), name="headrace.api.heartbeats")
        try:
            yield
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await beating
