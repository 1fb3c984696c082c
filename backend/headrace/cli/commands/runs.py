"""`run`, `watch`, `runs`, `cancel`: runs, from their start to their end."""

from typing import Annotated

import typer

from headrace.cli.options import ApiKey, Json, Server
from headrace.domain.lifecycle import RunStatus

RunId = Annotated[str, typer.Argument(metavar="RUN", help="The run's id.")]
Follow = Annotated[
    bool | None,
    typer.Option(
        "--follow/--no-follow",
        help="Show what happens: a live view on a terminal, a line per event in a pipe.",
    ),
]


def run(
    target: Annotated[
        str,
        typer.Argument(
            metavar="FILE|NAME",
            help="A definition, which is imported first (- is stdin), or a pipeline's name.",
        ),
    ],
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="May repeat.")
    ] = None,
    version: Annotated[
        int | None, typer.Option(min=1, help="Of a NAME: which version; else the latest.")
    ] = None,
    label: Annotated[
        list[str] | None, typer.Option("--label", metavar="KEY=VALUE", help="May repeat.")
    ] = None,
    priority: Annotated[int, typer.Option(min=-100, max=100, help="Higher goes first.")] = 0,
    timeout: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="The whole run's time limit.")
    ] = None,
    follow: Follow = None,
    detach: Annotated[
        bool, typer.Option("--detach", help="With a server: print the run's id and return.")
    ] = False,
    json_: Json = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Start a run and wait for its end. Ctrl-C cancels it.

    Exit codes: 0 it succeeded, 1 it failed, 3 it was cancelled, 2 nothing was started, 4 it goes
    on at a server that cannot be reached any more.
    """
    from headrace.cli.connect import connect, is_remote
    from headrace.cli.console import as_json, say
    from headrace.cli.errors import OK, CommandFailed
    from headrace.cli.process import Signals, run_async
    from headrace.cli.running import Request, owned, start, tell
    from headrace.cli.watchers import watcher_for

    async def command(signals: Signals) -> int:
        request = Request(
            target=target,
            params=tuple(param or ()),
            version=version,
            labels=tuple(label or ()),
            priority=priority,
            timeout_seconds=timeout,
        )
        watcher = watcher_for(follow=follow, as_json=json_)
        if detach and not is_remote(server):
            raise CommandFailed("--detach needs a server: without one nobody goes on with it")
        async with connect(server, key, worker=True) as client:
            run_id = await start(client, request, quiet=json_ or detach)
            if detach:
                as_json({"id": run_id}) if json_ else say(run_id)
                return OK
            result = await owned(client, run_id, signals, watcher)
            return await tell(client, result, as_json=json_)

    run_async(command)


def watch(run_id: RunId, json_: Json = False, server: Server = None, key: ApiKey = None) -> None:
    """Follow a run to its end; its outcome is the exit code, as of `run`."""
    from headrace.cli.connect import connect
    from headrace.cli.process import Signals, run_async
    from headrace.cli.running import tell, watched
    from headrace.cli.watchers import watcher_for

    async def command(_: Signals) -> int:
        watcher = watcher_for(follow=None, as_json=json_)
        async with connect(server, key, worker=True) as client:
            result = await watched(client, run_id, watcher)
            return await tell(client, result, as_json=json_)

    run_async(command)


def runs(
    status: Annotated[
        list[RunStatus] | None, typer.Option(case_sensitive=False, help="May repeat.")
    ] = None,
    pipeline: Annotated[str | None, typer.Option(help="Of this pipeline only.")] = None,
    label: Annotated[
        list[str] | None,
        typer.Option("--label", metavar="KEY=VALUE", help="May repeat; all match."),
    ] = None,
    first: Annotated[int, typer.Option("--first", "-n", min=1, max=200, help="How many.")] = 20,
    json_: Json = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """List runs, the newest first."""
    from headrace.cli.connect import connect
    from headrace.cli.process import Signals, run_async
    from headrace.cli.run_lists import list_runs, run_filter

    async def command(_: Signals) -> None:
        wanted = run_filter(status=status, pipeline=pipeline, labels=label)
        async with connect(server, key) as client:
            await list_runs(client, wanted, first=first, as_json=json_)

    run_async(command)


def cancel(
    run_ids: Annotated[list[str] | None, typer.Argument(metavar="RUN…", help="The runs.")] = None,
    pipeline: Annotated[
        str | None, typer.Option(help="Instead of ids: every unfinished run of this pipeline.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Instead of ids: every unfinished run.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Is kept with the run.")] = None,
    json_: Json = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Cancel runs and wait until each has ended."""
    from headrace.cli.cancelling import cancel_runs
    from headrace.cli.connect import connect
    from headrace.cli.process import Signals, run_async
    from headrace.cli.run_lists import run_filter
    from headrace.domain.lifecycle import RUN_ACTIVE

    if (bool(run_ids), pipeline is not None, everything).count(True) != 1:
        raise typer.BadParameter("give either ids, or --pipeline, or --all")

    async def command(_: Signals) -> int:
        chosen = (
            {"runIds": run_ids}
            if run_ids
            else {"filter": run_filter(status=sorted(RUN_ACTIVE), pipeline=pipeline)}
        )
        async with connect(server, key) as client:
            return await cancel_runs(client, {**chosen, "reason": reason}, as_json=json_)

    run_async(command)
