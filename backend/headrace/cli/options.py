"""Options that several commands share, under one name and one text each."""

from typing import Annotated

import typer

Server = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="URL",
        help="The server to talk to, else HEADRACE_URL. Without one the same app runs in this "
        "process, over the database of the settings; '' says that when HEADRACE_URL is set.",
    ),
]
ApiKey = Annotated[
    str | None,
    typer.Option("--api-key", metavar="KEY", help="Else HEADRACE_API_KEY, else API_KEY."),
]
Json = Annotated[bool, typer.Option("--json", help="JSON on stdout, for scripts.")]
