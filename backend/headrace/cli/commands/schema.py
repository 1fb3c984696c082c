"""`schema`: the API's schema as text."""

from pathlib import Path
from typing import Annotated

import typer


def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file, instead of stdout.")
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option("--check", metavar="FILE", help="Write nothing; fail when FILE is not it."),
    ] = None,
) -> None:
    """Print the GraphQL schema (SDL) of this version."""
    from headrace.api.graphql.schema import build_schema
    from headrace.cli.console import failure
    from headrace.cli.errors import FAILED

    text = f"{build_schema().as_str().rstrip()}\n"
    if check is not None:
        if not check.is_file() or check.read_text(encoding="utf-8") != text:
            failure(f"{check} is stale: run `make schema`")
            raise typer.Exit(FAILED)
    elif output is not None:
        output.write_text(text, encoding="utf-8")
    else:
        typer.echo(text, nl=False)
