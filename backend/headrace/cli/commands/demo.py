"""`demo`: everything at once, on messages that are made up."""

from typing import Annotated

import typer


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End with the run's exit code instead of serving.")
    ] = False,
) -> None:
    """Make 40 messages, run the demo pipeline over them, show it live, then serve."""
    from headrace.cli.demonstration import demonstrate
    from headrace.cli.process import Signals, run_async
    from headrace.settings import load_settings

    async def command(signals: Signals) -> int:
        return await demonstrate(load_settings(), signals, once=once)

    run_async(command)
