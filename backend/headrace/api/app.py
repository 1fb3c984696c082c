"""The application: which path leads where, through which doors.

`create_app` is a factory for uvicorn and for tests. It opens the services when the server starts
and closes them when it stops, unless it was handed some that are open: `headrace serve` shares one
set between the API and its worker.
"""

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from slowapi.errors import RateLimitExceeded
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from strawberry import Schema

from headrace.api.access_log import (
    AccessLog,
    no_fault_of_ours,
    uvicorn_errors,
    uvicorn_log,
    without_query,
)
from headrace.api.addresses import AddressBook
from headrace.api.backend import Backend
from headrace.api.dataset_downloads import dataset_endpoint
from headrace.api.doors import CLIENT_HEADER, KEY_HEADER, HostDoor, KeyDoor, OriginDoor
from headrace.api.downloads import download_endpoint
from headrace.api.execution import expect_dropped_resolvers
from headrace.api.faults import FaultDoor, http_exception
from headrace.api.graphiql import graphiql_routes
from headrace.api.graphql.context import context_for
from headrace.api.graphql.schema import build_schema
from headrace.api.health import health, ready_endpoint
from headrace.api.http import graphql_endpoint
from headrace.api.limits import RateLimitDoor, RateLimits
from headrace.api.metrics import metrics_endpoint
from headrace.api.operations import NewContext, Operations
from headrace.api.pages import page_routes
from headrace.api.shutdown import heard_by
from headrace.api.traffic import Traffic
from headrace.api.websocket import websocket_endpoint
from headrace.services.core import Services, open_services
from headrace.settings import Settings, load_settings, warnings

log = logging.getLogger(__name__)

CORS_HEADERS = ("Content-Type", "If-None-Match", "Range", KEY_HEADER, CLIENT_HEADER)
EXPOSED_HEADERS = ("Accept-Ranges", "Content-Disposition", "Content-Range", "ETag", "Retry-After")


def create_app(
    settings: Settings | None = None,
    *,
    services: Services | None = None,
    schema: Schema | None = None,
    new_context: Callable[[Services], NewContext] | None = None,
) -> Starlette:
    """The application.

    Settings are those given, or the services' own, or what the environment says. Services that are
    given are used and left open. A schema and its contexts may be given instead of Headrace's.

    Raises:
        SettingsInvalid: when the settings come from the environment and are faulty.
    """
    known = settings or (services.settings if services else load_settings())
    book = AddressBook(known.trusted_proxies)
    limits = RateLimits(
        requests=known.rate_limit_per_minute,
        window_seconds=known.rate_limit_window_seconds,
        paths=known.rate_limit_paths,
        book=book,
    )

    def too_many(request: Request, _error: Exception) -> Response:
        return limits.refusal(request)

    app = Starlette(
        routes=_routes(known, limits),
        middleware=[
            Middleware(AccessLog, book=book),
            Middleware(HostDoor, allowed_hosts=known.allowed_hosts),
            Middleware(
                CORSMiddleware,
                allow_origins=known.cors_allow_origins,
                allow_methods=("GET", "HEAD", "POST"),
                allow_headers=CORS_HEADERS,
                expose_headers=EXPOSED_HEADERS,
            ),
            Middleware(FaultDoor),
            Middleware(RateLimitDoor, limits=limits),
        ],
        exception_handlers={HTTPException: http_exception, RateLimitExceeded: too_many},
        lifespan=_lifespan(known, services, schema, new_context or _contexts),
    )
    app.state.limiter = limits.limiter  # where slowapi looks for it
    # Whoever runs the server ends the streams before it stops it.
    app.state.traffic = Traffic()
    # A redirect for a slash would lose the body of a POST.
    app.router.redirect_slashes = False
    return app


def _routes(settings: Settings, limits: RateLimits) -> list[BaseRoute]:
    key = KeyDoor(settings.api_key)
    graphql = graphql_endpoint(key, limits)
    socket = websocket_endpoint(key, OriginDoor(settings.cors_allow_origins), limits)
    download = download_endpoint(key, signature_required=settings.signed_urls_required)
    return [
        Route("/graphql", graphql, methods=["GET", "POST"]),
        WebSocketRoute("/graphql", socket),
        Route("/artifacts/{artifact_id}/download", download, methods=["GET"]),
        Route("/datasets/download", dataset_endpoint(), methods=["GET"]),
        Route("/health", health, methods=["GET"]),
        Route("/ready", ready_endpoint(key), methods=["GET"]),
        Route("/metrics", metrics_endpoint(key), methods=["GET"]),
        *(graphiql_routes() if settings.graphiql else ()),
        *page_routes(store=settings.artifacts_public_url),  # last: whatever is left
    ]


def _lifespan(
    settings: Settings,
    services: Services | None,
    schema: Schema | None,
    contexts: Callable[[Services], NewContext],
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None, None]:
        async with AsyncExitStack() as stack:
            opened = services
            if opened is None:
                for warning in warnings(settings):
                    log.warning("api.unwise_settings %s", warning)
                opened = await stack.enter_async_context(open_services(settings))
            operations = Operations(
                schema or build_schema(), contexts(opened), introspection=settings.introspection
            )
            expect_dropped_resolvers()
            traffic: Traffic = app.state.traffic
            app.state.backend = Backend(services=opened, operations=operations, traffic=traffic)
            stack.enter_context(heard_by(traffic.end))
            for logger, kept in ((uvicorn_log, without_query), (uvicorn_errors, no_fault_of_ours)):
                logger.addFilter(kept)
                stack.callback(logger.removeFilter, kept)
            yield

    return lifespan


def _contexts(services: Services) -> NewContext:
    return lambda caller: context_for(services, caller)
