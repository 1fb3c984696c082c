"""The socket between a driver and the Ray worker that runs one of its tasks, on either side.

The driver listens, since a Ray worker may be anywhere; whoever connects says the driver's token and
the number of the task first. Afterwards both speak as `headrace_worker.wire` has it between a
worker and its child, with two more messages: `lines [[ms, level, stream, text], …]` in place of
`log`, and `crashed text`, which ends the task too. Worker → driver: `hello token number version
place`; driver → worker: `kill`, `pause` and `resume` as well.
"""

import asyncio
import socket
from typing import Any, Final, cast

from headrace_worker.wire import BrokenFrame, FrameReader, pack

_IDLE_SECONDS: Final = 5
_BETWEEN_SECONDS: Final = 3
_UNANSWERED: Final = 3


class Link(asyncio.Protocol):
    """One end; `hear` and `gone` are for who makes it."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._frames = FrameReader()

    def hear(self, messages: list[list[Any]]) -> None:
        """What the other end said."""
        raise NotImplementedError

    def gone(self) -> None:
        """The other end is gone, or was sent away."""
        raise NotImplementedError

    def send(self, *message: Any) -> None:
        """Raises what `pack` raises; nothing is sent to who is gone."""
        self.write(pack(*message))

    def write(self, data: bytes) -> None:
        if self.transport is not None:
            self.transport.write(data)

    def close(self) -> None:
        """After what was sent."""
        if self.transport is not None:
            self.transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        keep_alive(transport.get_extra_info("socket"))

    def data_received(self, data: bytes) -> None:
        try:
            messages = self._frames.feed(data)
        except BrokenFrame:
            if self.transport is not None:
                self.transport.abort()
            return
        if messages:
            self.hear(messages)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self.gone()


def keep_alive(connection: socket.socket) -> None:
    """A machine that lost its power or its network says nothing: found out in 14 s."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", _IDLE_SECONDS),
        ("TCP_KEEPINTVL", _BETWEEN_SECONDS),
        ("TCP_KEEPCNT", _UNANSWERED),
    ):
        if (option := getattr(socket, name, None)) is not None:
            connection.setsockopt(socket.IPPROTO_TCP, option, value)
