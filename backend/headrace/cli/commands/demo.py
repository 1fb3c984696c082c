"""`demo`: everything at once, on messages that are made up."""

from typing import Annotated

import typer

from headrace.cli.options import ApiKey, Server


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End with the run's exit code instead of serving.")
    ] = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Make 40 messages, run the demo pipeline over them, show it live, then serve.

    Where a server is named, everything happens there, and the command ends with the run.
    """
    from headrace.cli.connect import address, connect

    if url := address(server):
        from headrace.cli.demonstration import demonstrate_on
        from headrace.cli.process import Signals, run_async

        async def there(signals: Signals) -> int:
            async with connect(url, key) as client:
                return await demonstrate_on(client, url, signals)

        run_async(there)
    from headrace_worker.executors.launcher import started_ahead

    with started_ahead() as zygote:  # before the imports of all the rest
        from headrace.cli.demonstration import demonstrate
        from headrace.cli.process import Signals, run_async
        from headrace.settings import load_settings

        async def command(signals: Signals) -> int:
            return await demonstrate(load_settings(), signals, once=once, zygote=zygote)

        run_async(command)
