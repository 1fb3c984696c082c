"""The command `headrace`. Nothing heavy is imported before a command runs: `--help` is quick."""

import gc
import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from headrace import __version__
from headrace.cli.commands import (
    data,
    database,
    demo,
    pipelines,
    reruns,
    runs,
    schedules,
    schema,
    server,
    triggers,
    upkeep,
)

_OBJECTS_BEFORE_A_LOOK = 20_000
"""A larger first generation than Python's suits a server."""
RUNNING, WATCHING, DEFINING, TRYING = "Processes", "Runs", "Pipelines", "Trying things"


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"headrace {__version__}")
        raise typer.Exit


def _root(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Pipelines of typed blocks on durable workers, shown live over GraphQL."""


app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(_root)
app.command(rich_help_panel=WATCHING)(runs.run)
app.command(rich_help_panel=WATCHING)(runs.watch)
app.command(rich_help_panel=WATCHING)(runs.runs)
app.command(rich_help_panel=WATCHING)(runs.cancel)
app.command(rich_help_panel=WATCHING)(reruns.rerun)
app.command(rich_help_panel=WATCHING)(upkeep.cleanup)
app.command(rich_help_panel=DEFINING)(pipelines.validate)
app.command("import", rich_help_panel=DEFINING)(pipelines.import_)
app.command(rich_help_panel=DEFINING)(pipelines.export)
app.command(rich_help_panel=DEFINING)(pipelines.blocks)
app.add_typer(schedules.schedule, name="schedule", rich_help_panel=DEFINING)
app.add_typer(triggers.trigger, name="trigger", rich_help_panel=DEFINING)
app.command(rich_help_panel=RUNNING)(server.serve)
app.command(rich_help_panel=RUNNING)(server.worker)
app.add_typer(database.db, name="db", rich_help_panel=RUNNING)
app.command(rich_help_panel=TRYING)(demo.demo)
app.command(rich_help_panel=TRYING)(data.synthesize)
app.command(rich_help_panel=TRYING)(schema.schema)


def main() -> None:
    """The entry point of the script `headrace`."""
    # Imports make many objects that stay; looking for garbage among them took an eighth of the
    # start. `run_async` and the worker switch it on again.
    gc.disable()
    gc.set_threshold(_OBJECTS_BEFORE_A_LOOK)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that lacks a character gets another one, and not a traceback.
            stream.reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
