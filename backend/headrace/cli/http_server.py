"""uvicorn as a part of this process: it starts, serves and stops when it is told, and no sooner."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from headrace.api.app import create_app
from headrace.api.serving import server_config
from headrace.cli.errors import CommandFailed
from headrace.services.core import Services


class HttpServer(uvicorn.Server):
    """A server that leaves the signals to whoever runs it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(
    services: Services, listening: socket.socket
) -> AsyncIterator[asyncio.Task[None]]:
    """The API over open services, on a socket from `listen`; gives the task that serves.

    Raises:
        CommandFailed: the application did not start.
    """
    host, port = listening.getsockname()[:2]
    app = create_app(services=services)
    server = HttpServer(server_config(app, host=host, port=port))
    task = asyncio.create_task(server.serve(sockets=[listening]), name="headrace.http")
    up = asyncio.create_task(server.up.wait(), name="headrace.http-up")
    try:
        await asyncio.wait({task, up}, return_when=asyncio.FIRST_COMPLETED)
        if not server.started:
            await task
            raise CommandFailed("the API did not start; its log says why")
        yield task
    finally:
        up.cancel()
        app.state.traffic.end()
        server.should_exit = True
        await task


def listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that a port in use is told before anything else begins.

    Raises:
        CommandFailed: the address cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CommandFailed(f"{host} is no address of this machine: {error}") from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        listening.close()
        words = error.strerror or str(error)
        raise CommandFailed(f"{host}:{port}: {words}; another --port or PORT may do") from error
    return listening


def address_of(listening: socket.socket) -> str:
    """The URL that a browser on this machine reaches it by."""
    host, port = listening.getsockname()[:2]
    local = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{local}:{port}"
