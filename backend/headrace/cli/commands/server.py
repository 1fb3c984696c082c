"""`serve` and `worker`: the processes that stay."""

from contextlib import nullcontext
from typing import Annotated

import typer


def serve(
    host: Annotated[str | None, typer.Option(help="Instead of HOST.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Instead of PORT; 0 takes a free one.")
    ] = None,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Whether runs are worked on here too.")
    ] = True,
) -> None:
    """Serve the API, with a worker of its own, until Ctrl-C or SIGTERM."""
    from headrace_worker.executors.launcher import started_ahead

    # First: a zygote's imports take as long as all of ours.
    with started_ahead() if worker else nullcontext() as zygote:
        from headrace.cli.process import Signals, run_async
        from headrace.cli.serving import serve as serve_until_stopped
        from headrace.logs import log_to_stderr
        from headrace.settings import load_settings

        async def command(signals: Signals) -> None:
            given = {"host": host, "port": port}
            changed = {name: value for name, value in given.items() if value is not None}
            settings = load_settings(**changed)
            await serve_until_stopped(settings, signals, worker=worker, zygote=zygote)

        log_to_stderr()
        run_async(command)


def worker() -> None:
    """Work on runs, beside any server and other workers, until Ctrl-C or SIGTERM."""
    from headrace_worker.process import main

    raise typer.Exit(main())
