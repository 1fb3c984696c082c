"""Who may come in: the host that was asked for, the key, the origin of a page.

Each door answers before anything of a request is worked on. The key is compared in constant time
and is never logged. Browsers apply no CORS to websockets, so the door for their origins is here.
"""

import hmac
from collections.abc import Collection, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from headrace.api.errors import Code
from headrace.api.responses import JsonResponse, refusal

KEY_HEADER: Final = "x-api-key"
CLIENT_HEADER: Final = "x-headrace-client"
KEY_CHALLENGE: Final = {"WWW-Authenticate": 'ApiKey realm="headrace"'}
WITH_KEY: Final = "api-key"
ANYONE: Final = "anonymous"
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class KeyDoor:
    """Knows the API key; an empty one lets everybody in."""

    def __init__(self, api_key: str) -> None:
        self._key = api_key.encode()

    @property
    def principal(self) -> str:
        """Who somebody is that this door let in."""
        return WITH_KEY if self._key else ANYONE

    def lets_in(self, given: Any) -> bool:
        """Whether a key that a client gave, if it gave any, is the right one."""
        if not self._key:
            return True
        if not isinstance(given, str):
            return False
        return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), self._key)

    def fault(self, request: HTTPConnection) -> str | None:
        """In words, why a request is not let in; None for one that is."""
        if self.lets_in(request.headers.get(KEY_HEADER)):
            return None
        given = KEY_HEADER in request.headers
        return "The key in X-API-Key is wrong" if given else "The header X-API-Key is missing"


def client_named(header: str | None) -> str | None:
    """The client that X-Headrace-Client names (`ui`, `cli`), in lower case, if it names one."""
    named = (header or "").strip().lower()
    return named or None


def entry(payload: Mapping[str, Any], header: str) -> Any:
    """What a connection_init payload holds under a header's name, in any case; None if nothing."""
    return next((value for name, value in payload.items() if name.lower() == header), None)


class HostDoor:
    """ASGI middleware: a Host header that is not ours gets 421, which defeats DNS rebinding."""

    def __init__(self, app: ASGIApp, allowed_hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what asks for one of our hosts."""
        if scope["type"] == "lifespan" or self._is_ours(Headers(scope=scope).get("host", "")):
            await self._app(scope, receive, send)
            return
        response = refusal(
            Code.FORBIDDEN, "This host is not served here; see ALLOWED_HOSTS", status=421
        )
        if scope["type"] == "websocket":
            await deny(WebSocket(scope, receive, send), response)
        else:
            await response(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        return "*" in self._hosts or _without_port(host.lower()) in self._hosts


async def deny(socket: WebSocket, response: JsonResponse) -> None:
    """Refuses a websocket's handshake with an HTTP response; a server that cannot sends 403."""
    if "websocket.http.response" in socket.scope.get("extensions", {}):
        await socket.send_denial_response(response)
    else:
        await socket.close()


class OriginDoor:
    """Which pages may open a websocket: our own, and those of CORS_ALLOW_ORIGINS."""

    def __init__(self, allowed_origins: Collection[str]) -> None:
        self._any = "*" in allowed_origins
        self._allowed = frozenset(filter(None, map(_normal_origin, allowed_origins)))

    def lets_in(self, socket: HTTPConnection) -> bool:
        """Whether the page, if the client is one, may connect; scripts send no Origin."""
        origin = socket.headers.get("origin")
        if origin is None or self._any:
            return True
        normal = _normal_origin(origin)
        if normal is None:
            return False
        return normal in self._allowed or _is_same(normal, socket.headers.get("host", ""))


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] if ":" in host else host


def _normal_origin(origin: str) -> str | None:
    try:
        parts = urlsplit(origin.strip().lower())
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or port is None:
        return None
    return f"{parts.scheme}://{parts.hostname}:{port}"


def _is_same(normal_origin: str, host: str) -> bool:
    # The scheme is not compared: behind a proxy that ends TLS, an https page's socket comes as ws.
    page = urlsplit(normal_origin)
    try:
        asked = urlsplit(f"//{host.lower()}")
        port = asked.port or _DEFAULT_PORTS[page.scheme]
    except ValueError:
        return False
    return asked.hostname == page.hostname and port == page.port
