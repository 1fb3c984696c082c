"""Runs as a list."""

from collections.abc import Iterable, Sequence
from typing import Any

from headrace.cli import documents
from headrace.cli.client import Client
from headrace.cli.console import as_json as print_json
from headrace.cli.console import notice, table
from headrace.cli.run_report import seconds_between
from headrace.cli.sources import pairs
from headrace.domain.lifecycle import RunStatus


def run_filter(
    *,
    status: Sequence[RunStatus] | None = None,
    pipeline: str | None = None,
    labels: Iterable[str] | None = None,
) -> dict[str, Any]:
    """A `RunFilter` of what was given."""
    found: dict[str, Any] = {}
    if status:
        found["status"] = [str(one) for one in status]
    if pipeline is not None:
        found["pipeline"] = pipeline
    if labels:
        found["labels"] = labels_of(labels)
    return found


def labels_of(given: Iterable[str]) -> list[dict[str, str]]:
    """`key=value` texts as a list of `LabelInput`."""
    return [{"key": key, "value": value} for key, value in pairs(given, "--label").items()]


async def list_runs(client: Client, wanted: dict[str, Any], *, first: int, as_json: bool) -> None:
    """Prints the newest runs that match."""
    found = (await client.execute(documents.RUNS, {"first": first, "filter": wanted}))["runs"]
    if as_json:
        print_json(found["nodes"])
        return
    table(
        ("RUN", "STATUS", "PIPELINE", "BLOCKS", "CREATED", "TOOK"),
        (
            (
                run["id"],
                run["status"],
                f"{run['pipeline']['name']} v{run['version']['number']}",
                f"{run['progress']['blocksDone']}/{run['progress']['blocksTotal']}",
                run["createdAt"][:19].replace("T", " "),
                seconds_between(run["startedAt"], run["finishedAt"]),
            )
            for run in found["nodes"]
        ),
    )
    hidden = found["totalCount"] - len(found["nodes"])
    if hidden > 0:
        notice(f"and {hidden} older; see --first")
