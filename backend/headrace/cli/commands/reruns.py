"""`rerun`: a run again, from where it failed, from its start, or from chosen blocks."""

from enum import StrEnum
from typing import Annotated

import typer

from headrace.cli.commands.runs import Follow, RunId
from headrace.cli.options import ApiKey, Json, Server


class Start(StrEnum):
    """Where a rerun can begin, as it is typed."""

    FAILED = "failed"
    START = "start"


def rerun(
    run_id: RunId,
    start: Annotated[
        Start | None,
        typer.Option(
            "--from",
            help="What runs again: what did not succeed and what comes after it (the default), or "
            "everything. The rest is reused.",
        ),
    ] = None,
    block: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Instead: this block and what comes after; may repeat."),
    ] = None,
    latest: Annotated[
        bool, typer.Option("--latest", help="Of the pipeline's latest version, not the run's.")
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Only say what would be reused, run and skipped.")
    ] = False,
    follow: Follow = None,
    detach: Annotated[
        bool, typer.Option("--detach", help="With a server: print the run's id and return.")
    ] = False,
    json_: Json = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Run a finished run again and wait for its end. What it reuses is linked, not copied.

    Exit codes are those of `run`; with --plan 0 if the rerun is possible and 1 if not.
    """
    from headrace.cli.connect import connect, is_remote
    from headrace.cli.console import as_json, say
    from headrace.cli.errors import OK, CommandFailed
    from headrace.cli.process import Signals, run_async
    from headrace.cli.rerunning import request_of, show_plan, start_again
    from headrace.cli.running import owned, tell
    from headrace.cli.watchers import watcher_for

    async def command(signals: Signals) -> int:
        request = request_of(run_id, start=start, blocks=block, latest=latest)
        watcher = watcher_for(follow=follow, as_json=json_)
        if detach and not is_remote(server):
            raise CommandFailed("--detach needs a server: without one nobody goes on with it")
        async with connect(server, key, worker=not plan) as client:
            if plan:
                return await show_plan(client, request, as_json=json_)
            again = await start_again(client, request)
            if detach:
                as_json({"id": again}) if json_ else say(again)
                return OK
            result = await owned(client, again, signals, watcher)
            return await tell(client, result, as_json=json_)

    run_async(command)
