"""Which API a command talks to: a server where one is named, else the same app in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from headrace.cli.client import Client
from headrace.settings import load_client_settings


@asynccontextmanager
async def connect(
    server: str | None, api_key: str | None, *, worker: bool = False
) -> AsyncIterator[Client]:
    """Opens the API for one command.

    Args:
        server: a URL, '' for none, or None for what HEADRACE_URL says.
        api_key: or None for what HEADRACE_API_KEY or API_KEY says.
        worker: whether an app in this process needs a worker, because the command waits for a run.

    Raises:
        SettingsInvalid: for an app in this process.
    """
    url = _address(server)
    if url:
        from headrace.cli.remote import Remote

        named = load_client_settings()
        key = api_key if api_key is not None else named.headrace_api_key or named.api_key
        async with Remote(url if "://" in url else f"http://{url}", key) as remote:
            yield remote
        return
    from headrace.cli.compose import open_local

    async with open_local(worker=worker) as local:
        yield local


def is_remote(server: str | None) -> bool:
    """Whether `connect` would talk to a server."""
    return bool(_address(server))


def _address(server: str | None) -> str:
    return load_client_settings().headrace_url if server is None else server.rstrip("/")
