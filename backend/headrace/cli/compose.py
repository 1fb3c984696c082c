"""Where server and worker are put together: each knows the services, and only here one another."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from headrace.api.graphql.schema import build_schema
from headrace.cli.local import Local
from headrace.services.core import Services, open_services
from headrace.settings import load_settings
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.loop import Worker


@asynccontextmanager
async def working(services: Services) -> AsyncIterator[Worker]:
    """A worker over open services; drained and stopped at the end."""
    worker = Worker(services, LocalExecutor(services.settings.artifacts_dir))
    await worker.start()
    try:
        yield worker
    finally:
        await worker.stop()


@asynccontextmanager
async def open_local(*, worker: bool) -> AsyncIterator[Local]:
    """The app in this process, as the settings say, with a worker where runs are waited for.

    Raises:
        SettingsInvalid: when the settings are faulty.
    """
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(load_settings()))
        if worker:
            await stack.enter_async_context(working(services))
        yield Local(services, build_schema())
