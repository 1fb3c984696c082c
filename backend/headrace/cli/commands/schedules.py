"""`schedule`: runs that start by themselves."""

from typing import Annotated

import typer

from headrace.cli.options import ApiKey, Json, Server
from headrace.domain.ticks import Overlap

schedule = typer.Typer(
    no_args_is_help=True,
    help="Start runs by a cron expression. Whatever Headrace process is up fires them: a server, "
    "or a worker.",
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The schedule.")]


@schedule.command("list")
def list_(json_: Json = False, server: Server = None, key: ApiKey = None) -> None:
    """List schedules with their next tick and what became of the last."""
    from headrace.cli.acting import with_client
    from headrace.cli.scheduling import list_schedules

    with_client(server, key, lambda client: list_schedules(client, as_json=json_))


@schedule.command()
def add(
    name: Name,
    pipeline: Annotated[str, typer.Argument(metavar="PIPELINE", help="What it runs.")],
    cron: Annotated[
        str,
        typer.Argument(
            metavar="CRON",
            help="In quotes: minute, hour, day of month, month, day of week; or @daily and such.",
        ),
    ],
    time_zone: Annotated[
        str, typer.Option("--time-zone", "-z", metavar="ZONE", help="Such as Europe/Berlin.")
    ] = "UTC",
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="May repeat.")
    ] = None,
    tick_param: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The param that gets the time of each tick."),
    ] = None,
    overlap: Annotated[
        Overlap,
        typer.Option(case_sensitive=False, help="What to do while its last run has not ended."),
    ] = Overlap.SKIP,
    catch_up: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="How late a tick may still fire.")
    ] = 3600.0,
    jitter: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Fire up to so much later, by chance.")
    ] = 0.0,
    priority: Annotated[int, typer.Option(min=-100, max=100, help="Higher goes first.")] = 0,
    label: Annotated[
        list[str] | None, typer.Option("--label", metavar="KEY=VALUE", help="May repeat.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of the schedule of that name.")
    ] = False,
    json_: Json = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Add a schedule, and show when it fires next."""
    from headrace.cli.acting import with_client
    from headrace.cli.scheduling import Request, add_schedule

    request = Request(
        name=name,
        pipeline=pipeline,
        cron=cron,
        time_zone=time_zone,
        params=tuple(param or ()),
        tick_param=tick_param,
        overlap=overlap,
        catch_up_seconds=catch_up,
        jitter_seconds=jitter,
        priority=priority,
        labels=tuple(label or ()),
        replace=replace,
    )

    with_client(server, key, lambda client: add_schedule(client, request, as_json=json_))


@schedule.command()
def show(
    name: Name,
    times: Annotated[int, typer.Option(min=1, max=100, help="How many next times.")] = 5,
    ticks: Annotated[int, typer.Option(min=1, max=100, help="How many past ticks.")] = 10,
    json_: Json = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Show a schedule, when it fires next, and what became of its ticks."""
    from headrace.cli.acting import with_client
    from headrace.cli.scheduling import show_schedule

    with_client(
        server,
        key,
        lambda client: show_schedule(client, name, times=times, ticks=ticks, as_json=json_),
    )


@schedule.command()
def pause(
    name: Name,
    note: Annotated[str | None, typer.Option(help="Why, for whoever sees it.")] = None,
    json_: Json = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Start nothing until it is resumed."""
    from headrace.cli.acting import with_client
    from headrace.cli.scheduling import pause_schedule

    with_client(server, key, lambda client: pause_schedule(client, name, note, as_json=json_))


@schedule.command()
def resume(name: Name, json_: Json = False, server: Server = None, key: ApiKey = None) -> None:
    """Go on from now; what passed while it was paused is not made good."""
    from headrace.cli.acting import with_client
    from headrace.cli.scheduling import resume_schedule

    with_client(server, key, lambda client: resume_schedule(client, name, as_json=json_))


@schedule.command()
def remove(name: Name, json_: Json = False, server: Server = None, key: ApiKey = None) -> None:
    """Delete a schedule; its runs stay."""
    from headrace.cli.acting import with_client
    from headrace.cli.scheduling import remove_schedule

    with_client(server, key, lambda client: remove_schedule(client, name, as_json=json_))
