"""A command that asks the API something and is over."""

from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from headrace.cli.client import Client
from headrace.cli.connect import connect
from headrace.cli.process import Signals, run_async


def with_client(
    server: str | None,
    api_key: str | None,
    action: Callable[[Client], Coroutine[Any, Any, int | None]],
) -> NoReturn:
    """Runs `action` with the API opened for it, and leaves with its exit code (None is 0)."""

    async def command(_: Signals) -> int | None:
        async with connect(server, api_key) as client:
            return await action(client)

    run_async(command)
