"""A definition in a file becomes a pipeline, or its problems are shown."""

from dataclasses import dataclass
from typing import Any

from headrace.cli import documents
from headrace.cli.client import Client
from headrace.cli.errors import NOT_STARTED, CommandFailed
from headrace.cli.problems import show_problems
from headrace.cli.sources import read_source


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A pipeline as it is after an import; `params` are `{name, type}` each."""

    name: str
    id: str
    version: int
    version_id: str
    digest: str
    created: bool
    params: list[dict[str, Any]]

    def in_words(self) -> str:
        """A line for people."""
        return f"imported {self.name} v{self.version}{' (new)' if self.created else ''}"


async def import_file(
    client: Client, file: str, *, replace: bool | None, exit_code: int = NOT_STARTED
) -> Imported:
    """Imports a file ('-' is stdin); `replace` None leaves it to the document.

    Raises:
        CommandFailed: with `exit_code`, after its problems were shown.
    """
    given = {"input": {"source": read_source(file), "replaceIfExists": replace}}
    result = (await client.execute(documents.IMPORT, given))["importPipeline"]
    match result["__typename"]:
        case "ImportPipelineSuccess":
            pipeline, version = result["pipeline"], result["version"]
            return Imported(
                name=pipeline["name"],
                id=pipeline["id"],
                version=version["number"],
                version_id=version["id"],
                digest=version["digest"],
                created=result["created"],
                params=pipeline["params"],
            )
        case "PipelineInvalid":
            show_problems(result["problems"], file)
            raise CommandFailed(result["message"], exit_code)
        case "PipelineExists":
            raise CommandFailed(f"{result['message']} (--replace makes a new version)", exit_code)
        case _:
            raise CommandFailed(result["message"], exit_code)
