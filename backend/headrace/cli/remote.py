"""The client of a server: GraphQL over HTTP, and a websocket for each subscription."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Final, Self

from gql import Client as GqlClient
from gql import GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.exceptions import TransportError, TransportQueryError, TransportServerError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport
from websockets.exceptions import ConnectionClosed, InvalidStatus

from headrace.cli.client import JSONObject
from headrace.cli.errors import WANTS_KEY, CommandFailed, ConnectionLost, RequestFailed
from headrace.domain.grants import Grants

CLIENT_NAME: Final = "cli"
TIMEOUT_SECONDS: Final = 60
# A server that vanished without a word, as at a power cut, is noticed within twice this.
PING_SECONDS: Final = 10
REFUSED_STATUS: Final = {
    401: WANTS_KEY,
    403: "the server refuses this API key",
    404: "there is no GraphQL at this address; is it a Headrace server?",
    421: "the server does not answer to this host name; see its ALLOWED_HOSTS",
    429: "too many requests; try again in a moment",
}
REFUSED_CLOSE: Final = range(4400, 4500)


class Remote:
    """A Headrace server, used as an async context manager."""

    def __init__(self, url: str, api_key: str = "") -> None:
        self._base = url.rstrip("/")
        self._headers = {"X-Headrace-Client": CLIENT_NAME}
        self._init: dict[str, str] = {}
        if api_key:
            self._headers["X-API-Key"] = self._init["X-API-Key"] = api_key
        self._stack = AsyncExitStack()
        self._session: AsyncClientSession | None = None

    async def __aenter__(self) -> Self:
        transport = HTTPXAsyncTransport(
            url=f"{self._base}/graphql", headers=self._headers, timeout=TIMEOUT_SECONDS
        )
        client = GqlClient(transport=transport, execute_timeout=TIMEOUT_SECONDS)
        self._session = await self._stack.enter_async_context(client)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    def grant(self, grants: Grants) -> None:
        return None

    async def execute(
        self, document: str, variables: Mapping[str, Any] | None = None
    ) -> JSONObject:
        assert self._session is not None
        request = GraphQLRequest(document, variable_values=dict(variables or {}))
        try:
            return dict(await self._session.execute(request))
        except (TransportError, OSError, TimeoutError) as error:
            raise self._translated(error) from error

    async def subscribe(
        self, document: str, variables: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[JSONObject, None]:
        request = GraphQLRequest(document, variable_values=dict(variables or {}))
        transport = WebsocketsTransport(
            url=f"ws{self._base.removeprefix('http')}/graphql",
            headers=self._headers,
            init_payload=self._init,
            ping_interval=PING_SECONDS,
            pong_timeout=PING_SECONDS,
            subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
        )
        try:
            async with GqlClient(transport=transport) as session:
                async for data in session.subscribe(request):
                    yield dict(data)
        except (TransportError, OSError, TimeoutError, InvalidStatus) as error:
            raise self._translated(error) from error

    def _translated(self, error: BaseException) -> CommandFailed:
        if isinstance(error, TransportQueryError):
            return RequestFailed(error.errors or [{"message": str(error)}])
        status = error.code if isinstance(error, TransportServerError) else _refusal(error)
        if status in REFUSED_STATUS:
            return CommandFailed(f"{self._base}: {REFUSED_STATUS[status]}")
        words = str(error) or type(error).__name__
        return ConnectionLost(f"{self._base} cannot be reached: {words}")


def _refusal(error: BaseException) -> int | None:
    """The HTTP status that a websocket's refusal means, if it was refused and not just lost."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, InvalidStatus):
            return seen.response.status_code
        if isinstance(seen, ConnectionClosed) and seen.rcvd and seen.rcvd.code in REFUSED_CLOSE:
            return seen.rcvd.code - 4000
        seen = seen.__cause__ or seen.__context__
    return None
