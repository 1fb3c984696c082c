"""The whole app in this process, for one command: API and worker over one set of services."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from headrace.api.graphql.schema import build_schema
from headrace.cli.local import Local
from headrace.services.core import open_services
from headrace.settings import load_settings
from headrace_worker.executors.launcher import ZygoteAhead
from headrace_worker.process import working


@asynccontextmanager
async def open_local(*, worker: bool, zygote: ZygoteAhead | None = None) -> AsyncIterator[Local]:
    """The app in this process, as the settings say, with a worker where runs are waited for.

    The worker takes over the `zygote` that was started ahead.

    Raises:
        SettingsInvalid: when the settings are faulty.
    """
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(
            open_services(load_settings(), triggers_too=False)
        )
        if worker:
            await stack.enter_async_context(working(services, zygote))
        yield Local(services, build_schema())
