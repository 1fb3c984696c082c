"""What the tests of the transport share: the application over the small schema, and clients."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from starlette.applications import Starlette

from headrace.api.app import create_app
from headrace.artifacts.signing import Signer
from headrace.live.metrics import Metrics
from headrace.services.core import Services
from headrace.settings import Settings
from tests.api import small_schema
from tests.api.serving import Server, serving

MakeApp = Callable[..., Starlette]
Serve = Callable[..., AbstractAsyncContextManager[Server]]
Calling = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


def small_app(world: Callable[[], small_schema.World], **settings: Any) -> Starlette:
    """The application over the small schema, whose operations run in the world of the moment."""
    known = Settings(**settings)
    # The small schema's resolvers use no services.
    services = cast(
        Services,
        SimpleNamespace(settings=known, signer=Signer(secret=known.secret_key), metrics=Metrics()),
    )
    return create_app(
        services=services,
        schema=small_schema.build(),
        new_context=lambda _: lambda caller: small_schema.SmallContext(world(), caller),
    )


@pytest.fixture
def world() -> small_schema.World:
    return small_schema.World()


@pytest.fixture
def make_app(world: small_schema.World) -> MakeApp:
    """The application over the small schema; settings by name."""
    return lambda **settings: small_app(lambda: world, **settings)


@pytest.fixture
def serve(make_app: MakeApp) -> Serve:
    """A server on a socket; settings by name."""
    return lambda **settings: serving(make_app(**settings))


@pytest.fixture
def calling(make_app: MakeApp) -> Calling:
    """A client that calls the application without a socket; settings by name."""

    @asynccontextmanager
    async def start(
        peer: str = "127.0.0.1", **settings: Any
    ) -> AsyncGenerator[httpx.AsyncClient, None]:
        app = make_app(**settings)
        transport = httpx.ASGITransport(app, client=(peer, 50_000))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            yield client

    return start


@pytest.fixture
async def http(calling: Calling) -> AsyncGenerator[httpx.AsyncClient, None]:
    async with calling() as client:
        yield client


@pytest.fixture
async def server(serve: Serve) -> AsyncGenerator[Server, None]:
    async with serve() as running:
        yield running


@pytest.fixture
async def live(server: Server) -> AsyncGenerator[httpx.AsyncClient, None]:
    async with httpx.AsyncClient(base_url=server.url, timeout=10) as client:
        yield client
