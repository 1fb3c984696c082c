"""Work for a client that has gone is given up: a query has no effect, its answer no reader."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Final

from starlette.types import Receive

WATCH_AFTER_SECONDS: Final = 0.02


class ClientLeft(Exception):
    """The client closed its connection before it had its answer."""


@asynccontextmanager
async def while_client_stays(receive: Receive) -> AsyncGenerator[None, None]:
    """Cancels the block when the client goes, and then raises ClientLeft.

    `receive` belongs to the block while it runs; the body must have been read. Nobody is watched
    for the first moments: most requests are over by then and need not pay for a task.
    """
    loop = asyncio.get_running_loop()
    left = False
    watcher: asyncio.Task[None] | None = None

    async def watch() -> None:
        nonlocal left
        while (await receive())["type"] != "http.disconnect":
            pass
        left = True
        scope.reschedule(loop.time())

    def begin() -> None:
        nonlocal watcher
        watcher = loop.create_task(watch(), name="headrace.api.client-watch")

    timer = loop.call_later(WATCH_AFTER_SECONDS, begin)
    try:
        async with asyncio.timeout(None) as scope:
            try:
                yield
            finally:
                timer.cancel()
                if watcher is not None and not watcher.done():
                    watcher.cancel()
                    with suppress(asyncio.CancelledError):
                        await watcher
    except TimeoutError:
        if left:
            raise ClientLeft from None
        raise
