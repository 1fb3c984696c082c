"""`validate`, `import`, `export`, `blocks`: pipelines and what they are made of."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from headrace.cli.options import ApiKey, Json, Server


class Format(StrEnum):
    """How a definition is written."""

    YAML = "yaml"
    JSON = "json"


File = Annotated[str, typer.Argument(metavar="FILE", help="YAML or JSON; - is stdin.")]


def validate(file: File, json_: Json = False, server: Server = None, key: ApiKey = None) -> None:
    """Check a definition and show every problem at once; save nothing."""
    from headrace.cli import documents
    from headrace.cli.connect import connect
    from headrace.cli.console import as_json, say
    from headrace.cli.errors import FAILED, OK
    from headrace.cli.grants import modules_beside
    from headrace.cli.problems import show_problems
    from headrace.cli.process import Signals, run_async
    from headrace.cli.sources import read_source

    async def command(_: Signals) -> int:
        source = read_source(file)
        async with connect(server, key) as client:
            client.grant(modules_beside(file))
            found = await client.execute(documents.VALIDATE, {"source": source})
        result = found["validatePipeline"]
        if json_:
            as_json(result)
        elif result["valid"]:
            blocks = len(result["graph"]["nodes"])
            say(f"{file}: valid, {blocks} block{'s' if blocks != 1 else ''}")
        else:
            show_problems(result["problems"], file)
        return OK if result["valid"] else FAILED

    run_async(command)


def import_(
    file: File,
    replace: Annotated[
        bool | None,
        typer.Option(
            "--replace/--no-replace",
            help="Whether a pipeline of that name gets a new version; else as the file says.",
        ),
    ] = None,
    json_: Json = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Import a definition as a pipeline, or as its next version."""
    from headrace.cli.connect import connect
    from headrace.cli.console import as_json, say
    from headrace.cli.errors import FAILED
    from headrace.cli.imports import import_file
    from headrace.cli.process import Signals, run_async

    async def command(_: Signals) -> None:
        async with connect(server, key) as client:
            imported = await import_file(client, file, replace=replace, exit_code=FAILED)
        if json_:
            as_json(
                {
                    "name": imported.name,
                    "id": imported.id,
                    "version": imported.version,
                    "versionId": imported.version_id,
                    "digest": imported.digest,
                    "created": imported.created,
                }
            )
        else:
            say(imported.in_words())

    run_async(command)


def export(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The pipeline.")],
    format_: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.YAML,
    version: Annotated[
        int | None, typer.Option(min=1, help="Which version; else the latest.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file, instead of stdout.")
    ] = None,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """Write a pipeline's definition, ready to be imported again."""
    from headrace.cli import documents
    from headrace.cli.connect import connect
    from headrace.cli.errors import FAILED, CommandFailed
    from headrace.cli.process import Signals, run_async

    async def command(_: Signals) -> None:
        given: dict[str, Any] = {"name": name, "format": format_.name}
        async with connect(server, key) as client:
            if version is None:
                pipeline = (await client.execute(documents.EXPORT, given))["pipeline"]
                text = pipeline and pipeline["definition"]
            else:
                given["number"] = version
                pipeline = (await client.execute(documents.EXPORT_VERSION, given))["pipeline"]
                text = pipeline and pipeline["version"] and pipeline["version"]["definition"]
        if pipeline is None:
            raise CommandFailed(f"there is no pipeline {name}", FAILED)
        if text is None:
            latest = pipeline["latestVersion"]["number"]
            raise CommandFailed(f"{name} has no version {version}; the latest is {latest}", FAILED)
        text = text if text.endswith("\n") else f"{text}\n"
        if output is None:
            typer.echo(text, nl=False)
        else:
            output.write_text(text, encoding="utf-8")

    run_async(command)


def blocks(
    name: Annotated[
        str | None, typer.Argument(metavar="[TYPE]", help="One type, with its config.")
    ] = None,
    json_: Json = False,
    server: Server = None,
    key: ApiKey = None,
) -> None:
    """List the block types that pipelines can use, or show one with its config."""
    from headrace.cli import documents
    from headrace.cli.connect import connect
    from headrace.cli.console import as_json, say, table
    from headrace.cli.errors import FAILED, CommandFailed
    from headrace.cli.process import Signals, run_async

    async def command(_: Signals) -> None:
        async with connect(server, key) as client:
            types = (await client.execute(documents.BLOCK_TYPES))["blockTypes"]
        if name is None:
            if json_:
                as_json(types)
            else:
                rows = ((type_["name"], _inputs(type_), type_["description"]) for type_ in types)
                table(("TYPE", "INPUTS", "DESCRIPTION"), rows)
            return
        chosen = next((type_ for type_ in types if type_["name"].upper() == name.upper()), None)
        if chosen is None:
            known = ", ".join(type_["name"] for type_ in types)
            raise CommandFailed(f"there is no block type {name}; there are {known}", FAILED)
        if json_:
            as_json(chosen)
        else:
            say(f"{chosen['name']}  ({_inputs(chosen)} inputs)\n{chosen['description']}\n")
            say(json.dumps(chosen["configSchema"], indent=2, ensure_ascii=False))

    run_async(command)


def _inputs(type_: dict[str, Any]) -> str:
    low, high = type_["minInputs"], type_["maxInputs"]
    if high is None:
        return f"{low}+"
    return str(low) if low == high else f"{low}-{high}"
