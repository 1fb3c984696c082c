"""Servers on a loopback port for tests, stopped and awaited when the test is over."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

from headrace.api.serving import server_config


@dataclass(frozen=True)
class Server:
    port: int
    app: Starlette
    uvicorn: "SignalledServer"
    running: asyncio.Task[None]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/graphql"

    async def stop(self) -> None:
        """Stops as SIGTERM does; returns when the server is gone."""
        self.app.state.traffic.end()
        self.uvicorn.stopping.set()
        await self.running


class SignalledServer(uvicorn.Server):
    """uvicorn's server, which here is told by events what it else polls for ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self.stopping = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.stopping.wait()


@asynccontextmanager
async def serving(app: Starlette) -> AsyncGenerator[Server, None]:
    """Serves as `headrace serve` does, until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = SignalledServer(server_config(app, host="127.0.0.1", port=0))
    running = asyncio.create_task(server._serve([listener]))
    started = asyncio.create_task(server.up.wait())
    await asyncio.wait({running, started}, return_when=asyncio.FIRST_COMPLETED)
    started.cancel()
    if running.done():
        await running
        raise RuntimeError("the server did not start")
    served = Server(listener.getsockname()[1], app, server, running)
    try:
        yield served
    finally:
        await served.stop()
        listener.close()
