"""`trigger …`: messages of a topic that start runs."""

from enum import StrEnum
from typing import Annotated

import typer

from headrace.cli.options import ApiKey, Json, Server

trigger = typer.Typer(
    no_args_is_help=True, help="Messages of a Kafka topic that start runs, one each."
)


class Begin(StrEnum):
    """Where a topic is begun, as it is typed."""

    EARLIEST = "earliest"
    LATEST = "latest"


Name = Annotated[str, typer.Argument(metavar="NAME", help="The trigger's name.")]


@trigger.command("list")
def list_(json_: Json = False, server: Server = None, key: ApiKey = None) -> None:
    """List triggers: what they read and start, how far they are, and what is wrong."""
    from headrace.cli.acting import with_client
    from headrace.cli.triggering import list_triggers

    with_client(server, key, lambda client: list_triggers(client, as_json=json_))


@trigger.command()
def save(
    name: Name,
    pipeline: Annotated[str, typer.Option(help="The pipeline that messages start.")],
    topic: Annotated[str, typer.Option(help="The topic that it reads.")],
    param: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=SOURCE",
            help="Where a param's value is: value, /a/json/pointer, key, header:NAME, topic, "
            "partition, offset or timestamp; may repeat.",
        ),
    ] = None,
    start: Annotated[
        Begin, typer.Option("--from", help="Where it begins the topic.")
    ] = Begin.LATEST,
    json_: Json = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Keep a trigger, new or in place of the one of its name."""
    from headrace.cli.connect import connect
    from headrace.cli.process import Signals, run_async
    from headrace.cli.triggering import request_of, save_trigger

    async def command(_: Signals) -> int:
        request = request_of(name, pipeline, topic, param or (), start)
        async with connect(server, key) as client:
            return await save_trigger(client, request, as_json=json_)

    run_async(command)


@trigger.command()
def pause(
    name: Name,
    reason: Annotated[str | None, typer.Option(help="Why, for people.")] = None,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Stop a trigger where it is; messages wait in their topic."""
    from headrace.cli import documents

    _change(documents.PAUSE_TRIGGER, {"name": name, "reason": reason}, server, key)


@trigger.command()
def resume(
    name: Name,
    start: Annotated[
        Begin | None,
        typer.Option("--from", help="Begin the topic there; else it goes on where it stopped."),
    ] = None,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Let a trigger go on, after a pause or after its topic was reset."""
    from headrace.cli import documents

    begin = None if start is None else start.upper()
    _change(documents.RESUME_TRIGGER, {"name": name, "start": begin}, server, key)


@trigger.command()
def delete(name: Name, server: Server = None, key: ApiKey = None) -> None:
    """Delete a trigger and its poison messages; the runs that it started stay."""
    from headrace.cli import documents

    _change(documents.DELETE_TRIGGER, {"name": name}, server, key)


@trigger.command()
def poison(
    name: Name,
    json_: Json = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """List the messages that a trigger could make nothing of, newest first."""
    from headrace.cli.acting import with_client
    from headrace.cli.triggering import list_poison

    with_client(server, key, lambda client: list_poison(client, name, as_json=json_))


@trigger.command()
def dismiss(
    message: Annotated[str, typer.Argument(metavar="ID", help="The message's id.")],
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Forget a message that somebody has seen to."""
    from headrace.cli import documents

    _change(documents.DISMISS_POISON, {"id": message}, server, key)


def _change(
    document: str, given: dict[str, str | None], server: str | None, key: str | None
) -> None:
    from headrace.cli.acting import with_client
    from headrace.cli.triggering import change

    with_client(server, key, lambda client: change(client, document, given))
