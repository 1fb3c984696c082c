"""`synthesize`: data sets to try things with."""

from typing import Annotated, Any

import typer

from headrace.cli.options import ApiKey, Json, Server
from headrace.domain.amounts import amount


def synthesize(
    path: Annotated[
        str | None,
        typer.Argument(metavar="[PATH]", help="Where to; else sample_messages.csv in DATA_DIR."),
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=100_000, help="Rows.")] = 40,
    seed: Annotated[int | None, typer.Option(help="Shuffles the messages.")] = None,
    json_: Json = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Write a CSV of messages in four moods, with the columns id and text."""
    from headrace.cli.connect import connect
    from headrace.cli.console import as_json, say
    from headrace.cli.process import Signals, run_async
    from headrace.cli.synthesizing import synthesize_dataset

    async def command(_: Signals) -> None:
        given: dict[str, Any] = {"count": count, "outputPath": path, "seed": seed}
        async with connect(server, key) as client:
            made = await synthesize_dataset(client, given)
        if json_:
            as_json(made)
        else:
            say(f"{made['path']}: {amount(made['count'], 'row')}")

    run_async(command)
