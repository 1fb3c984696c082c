"""A data set made up by the API."""

from typing import Any

from headrace.cli import documents
from headrace.cli.client import Client
from headrace.cli.errors import CommandFailed


class PathIsRefused(CommandFailed):
    """The file may not be written: outside the roots, or someone else's."""


async def synthesize_dataset(client: Client, given: dict[str, Any]) -> dict[str, Any]:
    """Makes it; gives `{count, path}`.

    Raises:
        PathIsRefused: naming the folders that are allowed.
        CommandFailed: any other refusal.
    """
    result = (await client.execute(documents.SYNTHESIZE, {"input": given}))["synthesizeDataset"]
    match result["__typename"]:
        case "SynthesizeDatasetSuccess":
            return {"count": result["count"], "path": result["path"]}
        case "PathRefused":
            raise PathIsRefused(result["message"])
        case _:
            raise CommandFailed(result["message"])
