"""The websocket side of the GraphQL path: who may connect, and by which protocol."""

from collections.abc import Awaitable, Callable

from starlette.websockets import WebSocket

from headrace.api import frames
from headrace.api.backend import backend_of
from headrace.api.connections import Connection, SocketLimits
from headrace.api.doors import KeyDoor, OriginDoor, deny
from headrace.api.errors import Code
from headrace.api.limits import RateLimits
from headrace.api.responses import refusal
from headrace.api.traffic import TooMuchTraffic

SocketEndpoint = Callable[[WebSocket], Awaitable[None]]


def websocket_endpoint(
    key: KeyDoor,
    origins: OriginDoor,
    rates: RateLimits,
    *,
    limits: SocketLimits | None = None,
) -> SocketEndpoint:
    """The websocket side of the GraphQL path."""
    bounds = limits or SocketLimits()

    async def graphql_socket(socket: WebSocket) -> None:
        if not origins.lets_in(socket):
            words = "Pages of this origin may not connect; see CORS_ALLOW_ORIGINS"
            await deny(socket, refusal(Code.FORBIDDEN, words))
            return
        backend = backend_of(socket)
        try:
            backend.traffic.admit()
        except TooMuchTraffic:
            words = "As many websockets are open as this server takes"
            await deny(socket, refusal(Code.UNAVAILABLE, words, headers={"Retry-After": "5"}))
            return
        if frames.PROTOCOL not in socket.scope.get("subprotocols", ()):
            await socket.accept()
            await socket.close(frames.SUBPROTOCOL_UNACCEPTABLE, "Subprotocol not acceptable")
            return
        await socket.accept(subprotocol=frames.PROTOCOL)
        connection = Connection(socket, backend.operations, key, bounds, rates.meter(socket))
        with backend.traffic.socket():
            await connection.serve()

    return graphql_socket
