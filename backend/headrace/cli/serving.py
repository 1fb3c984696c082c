"""The processes that stay: a server with or without a worker, and a worker alone."""

import asyncio
import logging
import signal
from contextlib import AsyncExitStack

from headrace import __version__
from headrace.cli.compose import working
from headrace.cli.http_server import address_of, listen, serving
from headrace.cli.process import Signals
from headrace.services.core import open_services
from headrace.settings import Settings, warnings

_log = logging.getLogger("headrace.cli")


async def serve(settings: Settings, signals: Signals, *, worker: bool) -> None:
    """Serves until a signal; then streams end, the worker drains, and the database is closed.

    Raises:
        CommandFailed: the address cannot be had.
    """
    listening = listen(settings.host, settings.port)
    for warning in warnings(settings):
        _log.warning("serve.unwise_settings %s", warning)
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(settings))
        served = await stack.enter_async_context(serving(services, listening))
        if worker:
            await stack.enter_async_context(working(services))
        where, slots = address_of(listening), settings.worker_concurrency if worker else 0
        _log.info("serve.up version=%s url=%s worker_slots=%d", __version__, where, slots)
        await stopped(signals, served)
        _log.info("serve.stopping")


async def work(settings: Settings, signals: Signals) -> None:
    """Works on runs until a signal, and then drains."""
    async with open_services(settings) as services, working(services) as worker:
        slots = settings.worker_concurrency
        _log.info("worker.up version=%s worker=%s slots=%d", __version__, worker.id, slots)
        await stopped(signals)
        _log.info("worker.draining")


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
