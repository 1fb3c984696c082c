"""The one kept client of a benchmark: what it asks the API, over connections that stay open."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from time import perf_counter
from typing import Any

from benchmarks.events import EventSocket
from benchmarks.http import ApiFailed, Connection
from benchmarks.shapes import Shape

_IMPORT = """
mutation Import($source: PipelineSource!) {
  importPipeline(input: {source: $source, replaceIfExists: true}) {
    __typename
    ... on Error { code message }
  }
}
"""
_START = """
mutation Start($input: StartRunInput!) {
  startRun(input: $input) {
    ... on StartRunSuccess { run { id } }
    ... on Error { code message }
  }
}
"""
_ROWS = """
query Rows($runId: ID!, $block: String!) { run(id: $runId) { block(name: $block) { rowsDone } } }
"""
# A browser keeps six connections to one server; a script or a proxy some more.
_CONNECTIONS = 8
PATIENCE_SECONDS = 120.0


class Client:
    """`connections` carry mutations, one at a time each; `socket` carries all subscriptions."""

    def __init__(self, connections: Sequence[Connection], socket: EventSocket) -> None:
        self._free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for connection in connections:
            self._free.put_nowait(connection)
        self.socket = socket

    async def execute(self, query: str, variables: dict[str, Any]) -> Any:
        connection = await self._free.get()
        try:
            return await connection.execute(query, variables)
        finally:
            self._free.put_nowait(connection)

    async def import_pipeline(self, source: dict[str, Any]) -> None:
        """`source` is a PipelineSource. Raises ApiFailed."""
        found = (await self.execute(_IMPORT, {"source": source}))["importPipeline"]
        if found["__typename"] != "ImportPipelineSuccess":
            raise ApiFailed(str(found))

    async def start(self, pipeline: str, params: dict[str, Any] | None = None) -> str:
        """The id of a new run. Raises ApiFailed."""
        asked = {"pipeline": pipeline, "params": params}
        found = (await self.execute(_START, {"input": asked}))["startRun"]
        if "run" not in found:
            raise ApiFailed(str(found))
        return str(found["run"]["id"])

    async def rows_done(self, run_id: str, block: str) -> int:
        found = await self.execute(_ROWS, {"runId": run_id, "block": block})
        return int(found["run"]["block"]["rowsDone"])

    async def run(self, shape: Shape) -> float:
        """Seconds from sending the mutation to the terminal event at the subscriber."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            started = perf_counter()
            run_id = await self.start(shape.name)
            return await self.socket.follow(run_id, events=shape.events) - started

    async def runs_at_once(self, shape: Shape, count: int, *, ends_only: bool = False) -> float:
        """The same for `count` runs that are asked for at once, each followed; to the last end."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            started = perf_counter()

            async def one() -> float:
                run_id = await self.start(shape.name)
                return await self.socket.follow(run_id, events=shape.events, ends_only=ends_only)

            return max(await asyncio.gather(*(one() for _ in range(count)))) - started


@asynccontextmanager
async def client_of(url: str, *, connections: int = _CONNECTIONS) -> AsyncIterator[Client]:
    async with AsyncExitStack() as stack:
        opened = []
        for _ in range(connections):
            connection = Connection(url)
            stack.push_async_callback(connection.close)
            await connection.open()
            opened.append(connection)
        socket = await EventSocket.open(url)
        stack.push_async_callback(socket.close)
        yield Client(opened, socket)
