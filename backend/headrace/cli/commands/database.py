"""`db`: the database that the settings of this machine name, with a server or without."""

from pathlib import Path
from typing import Annotated

import typer

from headrace.cli.options import Json

db = typer.Typer(
    no_args_is_help=True,
    help="Upgrade, back up, copy or reset the database that SQLITE_PATH or DATABASE_URL names.",
)


@db.command()
def upgrade(json_: Json = False) -> None:
    """Bring the database to this version's schema; make one where there is none.

    Every start does the same; by itself it says from which revision to which.
    """
    from headrace.cli.database import upgrade_database
    from headrace.cli.process import Signals, run_async
    from headrace.settings import load_settings

    async def command(_: Signals) -> None:
        await upgrade_database(load_settings().database, as_json=json_)

    run_async(command)


@db.command()
def backup(
    target: Annotated[
        Path | None,
        typer.Argument(
            metavar="[TARGET]",
            help="A file that is not there yet, or a folder; else a dated one beside the database.",
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """Copy the database while it is in use: whole, or not at all.

    Artifacts are files of their own: copy ARTIFACTS_DIR after this.
    """
    from headrace.cli.database import back_up_database
    from headrace.cli.process import Signals, run_async
    from headrace.settings import load_settings

    async def command(_: Signals) -> None:
        await back_up_database(load_settings().database, target, as_json=json_)

    run_async(command)


@db.command()
def copy(
    to: Annotated[
        str,
        typer.Option(
            metavar="TARGET",
            help="An empty database, postgresql+asyncpg://user@host/name; or, from PostgreSQL, a "
            "file that is not there yet.",
        ),
    ],
    json_: Json = False,
) -> None:
    """Copy everything from the file to PostgreSQL, or back: all of it, or nothing.

    Nobody may have it open. Artifacts stay where they are; then name the copy in the settings.
    The password may come from PGPASSWORD or ~/.pgpass.
    """
    from headrace.cli.copying import copy_everything
    from headrace.cli.process import Signals, run_async
    from headrace.settings import load_settings

    async def command(_: Signals) -> None:
        await copy_everything(load_settings().database, to, as_json=json_)

    run_async(command)


@db.command()
def reset(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before.")] = False,
    json_: Json = False,
) -> None:
    """Delete every pipeline and run, and begin with an empty database.

    Nobody may have it open. The files of artifacts stay in ARTIFACTS_DIR.
    """
    from headrace.cli.database import reset_database
    from headrace.cli.process import Signals, run_async
    from headrace.settings import load_settings

    async def command(_: Signals) -> None:
        await reset_database(load_settings().database, sure=yes, as_json=json_)

    run_async(command)
