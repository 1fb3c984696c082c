"""Which API a command talks to: a server where one is named, else the same app in this process."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import TYPE_CHECKING

from headrace.cli.client import Client
from headrace.settings import load_client_settings

if TYPE_CHECKING:
    from headrace_worker.executors.launcher import ZygoteAhead


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
    if url := address(server):
        from headrace.cli.remote import Remote

        named = load_client_settings()
        key = api_key if api_key is not None else named.headrace_api_key or named.api_key
        async with Remote(url, key) as remote:
            yield remote
        return
    with _zygote(worker) as zygote:  # before the imports of all the rest
        from headrace.cli.compose import open_local

        async with open_local(worker=worker, zygote=zygote) as local:
            yield local


def _zygote(worker: bool) -> "AbstractContextManager[ZygoteAhead | None]":
    if not worker:
        return nullcontext()
    from headrace_worker.executors.launcher import started_ahead

    return started_ahead()


def is_remote(server: str | None) -> bool:
    """Whether `connect` would talk to a server."""
    return bool(address(server))


def address(server: str | None) -> str:
    """The address of the server that is named, here or by HEADRACE_URL; empty where none is."""
    url = load_client_settings().headrace_url if server is None else server.rstrip("/")
    return url if not url or "://" in url else f"http://{url}"
