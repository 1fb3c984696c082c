"""A websocket that speaks graphql-transport-ws by hand, and follows runs over it.

A follower checks what it measures: each seq once and in order, and the run's success.
"""

import asyncio
from time import perf_counter
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.http import ApiFailed

EVENTS = """
subscription Events($runId: ID!, $kinds: [RunEventKind!]) {
  runEvents(runId: $runId, kinds: $kinds) {
    afterSeq throughSeq status
    events { seq kind ... on BlockStateChanged { block status } }
  }
}
"""
_ENDS = {"SUCCEEDED", "FAILED", "CANCELLED"}
_TERMINAL = [f"RUN_{end}" for end in sorted(_ENDS)]


class _Follower:
    """`over` gives the moment at which the terminal event was there; `seq` is the last one told."""

    def __init__(self, *, ends_only: bool) -> None:
        self.over: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.seq = 0
        self._ends_only = ends_only
        self._ended_at = 0.0

    def next(self, payload: dict[str, Any]) -> None:
        if "errors" in payload:
            self.fail(str(payload))
            return
        batch = payload["data"]["runEvents"]
        if batch["status"] in _ENDS and not self._ended_at:
            self._ended_at = perf_counter()
            if batch["status"] != "SUCCEEDED":
                self.fail(f"the run is {batch['status']}")
        seqs = [event["seq"] for event in batch["events"]]
        after, through = batch["afterSeq"], batch["throughSeq"]
        whole = list(range(after + 1, through + 1))  # none for a batch of progress
        if self._ends_only:
            whole = whole[-1:]
        if after != self.seq or seqs != whole:
            self.fail(f"after seq {self.seq} came {seqs}, as of {after} to {through}")
        self.seq = through

    def complete(self) -> None:
        if self.over.done():
            return
        if self._ended_at:
            self.over.set_result(self._ended_at)
        else:
            self.fail("the subscription ended before the run")

    def fail(self, words: str) -> None:
        if not self.over.done():
            self.over.set_exception(ApiFailed(words))


class EventSocket:
    """One websocket connection; any number of runs at once, within the server's bounds."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._followers: dict[str, _Follower] = {}
        self._numbers = 0
        self._reading = asyncio.create_task(self._read(), name="event-socket")

    @classmethod
    async def open(cls, url: str) -> "EventSocket":
        socket = await connect(
            url.replace("http", "ws", 1) + "/graphql",
            subprotocols=[Subprotocol("graphql-transport-ws")],
            compression=None,
            max_size=None,
        )
        await socket.send('{"type":"connection_init"}')
        hello = orjson.loads(await socket.recv())
        if hello["type"] != "connection_ack":
            raise ApiFailed(str(hello))
        return cls(socket)

    async def follow(
        self, run_id: str, *, events: int | None = None, ends_only: bool = False
    ) -> float:
        """Follows a run from its first event; when its terminal event came (`perf_counter`).

        With `ends_only` nothing but the terminal event is asked for. Raises ApiFailed when the run
        did not succeed, an event was missing or came twice, or there were not `events` of them.
        """
        self._numbers += 1
        number = str(self._numbers)
        follower = self._followers[number] = _Follower(ends_only=ends_only)
        kinds = _TERMINAL if ends_only else None
        payload = {"query": EVENTS, "variables": {"runId": run_id, "kinds": kinds}}
        message = {"id": number, "type": "subscribe", "payload": payload}
        await self._socket.send(orjson.dumps(message).decode())
        ended_at = await follower.over
        if events is not None and follower.seq != events:
            raise ApiFailed(f"{follower.seq} events instead of {events}")
        return ended_at

    async def close(self) -> None:
        await self._socket.close()
        await self._reading

    async def _read(self) -> None:
        async for text in self._socket:
            message = orjson.loads(text)
            kind, follower = message["type"], self._followers.get(message.get("id"))
            if follower is None:
                continue
            if kind == "next":
                follower.next(message["payload"])
                continue
            del self._followers[message["id"]]
            if kind == "complete":
                follower.complete()
            else:
                follower.fail(str(message))
        for follower in self._followers.values():
            follower.fail("the websocket was closed")
