"""The websocket side of the GraphQL path: who may connect, and by which protocol."""

from collections.abc import Awaitable, Callable

from starlette.websockets import WebSocket

from headrace.api import frames
from headrace.api.backend import backend_of
from headrace.api.connections import Connection, SocketLimits
from headrace.api.doors import KeyDoor, OriginDoor, deny
from headrace.api.errors import Code
from headrace.api.responses import refusal

SocketEndpoint = Callable[[WebSocket], Awaitable[None]]


def websocket_endpoint(
    key: KeyDoor, origins: OriginDoor, *, limits: SocketLimits | None = None
) -> SocketEndpoint:
    """The websocket side of the GraphQL path."""
    bounds = limits or SocketLimits()

    async def graphql_socket(socket: WebSocket) -> None:
        if not origins.lets_in(socket):
            words = "Pages of this origin may not connect; see CORS_ALLOW_ORIGINS"
            await deny(socket, refusal(Code.FORBIDDEN, words))
            return
        if frames.PROTOCOL not in socket.scope.get("subprotocols", ()):
            await socket.accept()
            await socket.close(frames.SUBPROTOCOL_UNACCEPTABLE, "Subprotocol not acceptable")
            return
        await socket.accept(subprotocol=frames.PROTOCOL)
        await Connection(socket, backend_of(socket).operations, key, bounds).serve()

    return graphql_socket
