"""A server that stays, with or without a worker."""

import asyncio
import gc
import logging
import signal
from contextlib import AsyncExitStack

from headrace import __version__
from headrace.cli.errors import FAILED, CommandFailed
from headrace.cli.http_server import address_of, listen, serving
from headrace.cli.process import Signals
from headrace.services.core import open_services
from headrace.settings import Settings, warnings
from headrace_worker.executors.launcher import ZygoteAhead
from headrace_worker.process import working

_log = logging.getLogger("headrace.cli")


async def serve(
    settings: Settings, signals: Signals, *, worker: bool, zygote: ZygoteAhead | None = None
) -> None:
    """Serves until a signal; then streams end, the worker drains, and the database is closed.

    A worker takes over the `zygote` that was started ahead.

    Raises:
        CommandFailed: the address cannot be had, or the server ended by itself.
    """
    listening = listen(settings.host, settings.port)
    for warning in warnings(settings):
        _log.warning("serve.unwise_settings %s", warning)
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(settings))
        served = await stack.enter_async_context(serving(services, listening))
        if worker:
            await stack.enter_async_context(working(services, zygote))
        gc.freeze()  # what is there now stays: no collection need look at it again
        where, slots = address_of(listening), settings.worker_concurrency if worker else 0
        _log.info("serve.up version=%s url=%s worker_slots=%d", __version__, where, slots)
        await stopped(signals, served)
        if served.done():
            await served
            raise CommandFailed("the server ended by itself; its log says why", FAILED)
        _log.info("serve.stopping")


async def stopped(signals: Signals, *tasks: asyncio.Task[None]) -> None:
    """Returns at the first signal, or when one of the tasks ends; a second signal cuts short."""
    heard = asyncio.get_running_loop().create_future()

    def hear(number: signal.Signals) -> None:
        if heard.done():
            signals.end(number)
        else:
            heard.set_result(None)

    signals.hear_from_now_on(hear)
    await asyncio.wait({heard, *tasks}, return_when=asyncio.FIRST_COMPLETED)
