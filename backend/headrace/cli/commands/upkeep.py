"""`cleanup`: old runs leave, and what only they had."""

from typing import Annotated

import typer

from headrace.cli.options import ApiKey, Json, Server


def cleanup(
    older_than: Annotated[
        int,
        typer.Option(
            "--older-than", metavar="DAYS", min=0, max=36_500, help="Runs that finished before."
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be deleted.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before.")] = False,
    json_: Json = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Delete finished runs that are old, with their logs, events and artifacts.

    Artifacts that a later rerun has linked stay with it.
    """
    from headrace.cli.acting import with_client
    from headrace.cli.cleaning import clean_up

    with_client(
        server,
        key,
        lambda client: clean_up(client, older_than, dry_run=dry_run, sure=yes, as_json=json_),
    )
