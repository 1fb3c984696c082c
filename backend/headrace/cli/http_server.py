"""uvicorn as a part of this process: it starts, serves and stops when it is told, and no sooner."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from email.utils import formatdate

import uvicorn
from uvicorn.server import ServerState

from headrace.api.app import create_app
from headrace.api.serving import server_config
from headrace.cli.errors import CommandFailed
from headrace.services.core import Services


class _DatedState(ServerState):
    """The headers of every response, with the date of the second in which it is asked for."""

    def __init__(self, config: uvicorn.Config) -> None:
        self._config = config
        self._second = -1
        self._headers: list[tuple[bytes, bytes]] = []
        super().__init__()

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        second = int(time.time())
        if second != self._second:
            self._second = second
            date = (b"date", formatdate(second, usegmt=True).encode())
            self._headers = [date, *self._config.encoded_headers]
        return self._headers

    @default_headers.setter
    def default_headers(self, _headers: list[tuple[bytes, bytes]]) -> None:
        """Has no effect: what uvicorn sets at its own start is the empty list."""


class HttpServer(uvicorn.Server):
    """A server that leaves the signals to whoever runs it, and wakes for nothing but requests.

    uvicorn's own loop wakes ten times a second, for the date and to see whether it shall end: that
    was most of what an idle Headrace cost.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.server_state = _DatedState(config)
        self.up = asyncio.Event()
        self._told = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        await self._told.wait()

    def end(self) -> None:
        """Begins the end, also of a server that is not up yet."""
        self.should_exit = True
        self._told.set()

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
        server.end()
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
