"""Rate limits: so many requests per client address and path within a sliding window.

slowapi counts HTTP; its middleware stands before the limited paths alone, so that no other request
pays for it. It never sees websockets, so a handshake on a limited path is counted here, in the same
window as the requests to that path. There too goes what GraphQL costs: an operation counts as one
request for each COST_OF_A_REQUEST of its cost, whatever carries it.
"""

import math
import time
from collections.abc import Collection
from typing import Final

from limits import RateLimitItem, parse
from slowapi import Limiter
from slowapi.middleware import SlowAPIMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from headrace.api.addresses import AddressBook
from headrace.api.doors import deny
from headrace.api.errors import ApiError, Code, formatted
from headrace.api.rate_state import RateState
from headrace.api.responses import JsonResponse, refusal

SLIDING: Final = "moving-window"
COST_OF_A_REQUEST: Final = 1_000


class RateLimits:
    """One limit, counted apart for every client address and each of `paths`."""

    def __init__(
        self, *, requests: int, window_seconds: float, paths: Collection[str], book: AddressBook
    ) -> None:
        self.paths = frozenset(paths)
        self._book = book
        # Whole seconds are what `limits` counts in; a shorter window is kept as one second.
        limit = f"{requests} per {max(1, math.ceil(window_seconds))} second"
        self._limit: RateLimitItem = parse(limit)
        self.limiter = Limiter(
            key_func=self._key, default_limits=[limit], strategy=SLIDING, headers_enabled=False
        )

    def _key(self, request: Request) -> str:
        return self._book.site_of(request)

    def admits(self, connection: HTTPConnection, requests: int = 1) -> bool:
        """Counts so many requests to a connection's path; False where they are too many."""
        return self.limiter.limiter.hit(self._limit, *self._identifiers(connection), cost=requests)

    def requests_of(self, cost: int) -> int:
        """As how many requests an operation counts: never as more than fit into the window."""
        return min(max(1, math.ceil(cost / COST_OF_A_REQUEST)), self._limit.amount)

    def meter(self, connection: HTTPConnection) -> "Meter | None":
        """What charges the operations of a connection; None where its path has no limit."""
        return Meter(self, connection) if connection.scope["path"] in self.paths else None

    def state(self, connection: HTTPConnection) -> RateState:
        """How a connection's client stands at its path."""
        window = self.limiter.limiter.get_window_stats(self._limit, *self._identifiers(connection))
        return RateState(
            path=connection.scope["path"],
            limit=self._limit.amount,
            window_seconds=self._limit.multiples,
            remaining=max(0, window.remaining),
            reset_at=round(max(window.reset_time, time.time()) * 1000),
        )

    def excess(self, connection: HTTPConnection) -> ApiError:
        """The error that says when the window has room again."""
        state = self.state(connection)
        wait = max(1, state.reset_at - round(time.time() * 1000))
        words = f"At most {state.limit} requests in {state.window_seconds} s are answered here"
        return ApiError(Code.RATE_LIMITED, words, extensions={"retryAfterMs": wait})

    def refusal(self, connection: HTTPConnection) -> JsonResponse:
        """The same as a response: 429 with Retry-After."""
        return too_many(self.excess(connection))

    def _identifiers(self, connection: HTTPConnection) -> tuple[str, str]:
        # The pair that slowapi counts by, in its order.
        return self._book.site_of(connection), connection.scope["path"]


def too_many(error: ApiError) -> JsonResponse:
    """The response of a RATE_LIMITED error."""
    seconds = math.ceil(error.extensions["retryAfterMs"] / 1000)
    return refusal(
        Code.RATE_LIMITED,
        error.message,
        headers={"Retry-After": str(seconds)},
        errors=[formatted(error)],  # where GraphQL clients look
    )


class Meter:
    """Charges what one client asks on one connection."""

    def __init__(self, limits: RateLimits, connection: HTTPConnection) -> None:
        self._limits, self._connection = limits, connection

    def charge(self, cost: int, *, counted: int = 0) -> None:
        """Counts an operation, but for `counted` requests that were counted with its arrival.

        Raises:
            ApiError: RATE_LIMITED, with retryAfterMs.
        """
        requests = self._limits.requests_of(cost) - counted
        if requests > 0 and not self._limits.admits(self._connection, requests):
            raise self._limits.excess(self._connection)

    def state(self) -> RateState:
        """How the client stands."""
        return self._limits.state(self._connection)


class RateLimitDoor:
    """ASGI middleware: counts what comes to the limited paths, lets all else straight through."""

    def __init__(self, app: ASGIApp, limits: RateLimits) -> None:
        self._app, self._limits = app, limits
        self._counted = SlowAPIMiddleware(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is within its limit."""
        if scope.get("path") not in self._limits.paths:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._counted(scope, receive, send)
        else:
            socket = WebSocket(scope, receive, send)
            if self._limits.admits(socket):
                await self._app(scope, receive, send)
            else:
                await deny(socket, self._limits.refusal(socket))
