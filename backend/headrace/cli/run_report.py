"""What is said of a run that ended: its outcome, its artifacts, and why it failed."""

from datetime import datetime
from typing import Any, Final

from headrace.cli import documents
from headrace.cli.client import Client, patiently
from headrace.cli.console import STYLES, failure, notice, out, say
from headrace.cli.errors import CANCELLED, FAILED, OK
from headrace.cli.run_view import OUTPUT_ARTIFACT
from headrace.domain.amounts import amount
from headrace.domain.lifecycle import RunStatus

EXIT_CODES: Final = {
    RunStatus.SUCCEEDED: OK,
    RunStatus.FAILED: FAILED,
    RunStatus.CANCELLED: CANCELLED,
}
FAILED_BLOCKS_SHOWN: Final = 3
LOG_LINES_SHOWN: Final = 20


async def result_of(client: Client, run_id: str) -> dict[str, Any]:
    """The run as it ended, as RUN_RESULT says it."""
    run: dict[str, Any] = (await patiently(client, documents.RUN_RESULT, {"id": run_id}))["run"]
    return run


async def report(client: Client, run: dict[str, Any]) -> None:
    """The outcome in a few lines, and the last log lines of what failed."""
    status = run["status"]
    took = seconds_between(run["startedAt"] or run["createdAt"], run["finishedAt"])
    console = out()
    console.print(status, style=STYLES[status], end="")
    say(f" in {took}  {run['pipeline']['name']} v{run['version']['number']}  {run['id']}")
    if run["statusReason"]:
        say(run["statusReason"])
    for artifact in run["artifacts"]["nodes"]:
        if artifact["name"] != OUTPUT_ARTIFACT:
            say(f"  {artifact['block']}: {artifact['name']}  {_size(artifact)}  {artifact['id']}")
    if status == RunStatus.FAILED:
        await _show_failures(client, run)


def seconds_between(start: str | None, end: str | None) -> str:
    """`1.2 s` between two times; nothing where one is missing."""
    if start is None or end is None:
        return ""
    seconds = (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


async def _show_failures(client: Client, run: dict[str, Any]) -> None:
    failed = [block for block in run["blocks"] if block["status"] == "FAILED"]
    for block in failed[:FAILED_BLOCKS_SHOWN]:
        error = block["error"] or {"kind": "", "message": block["statusReason"], "detail": None}
        failure(f"{block['name']} failed: {error['kind']} {error['message']}")
        given = {"id": run["id"], "block": block["name"], "last": LOG_LINES_SHOWN}
        logs = (await patiently(client, documents.RUN_LOGS, given))["run"]["logs"]
        for line in logs["nodes"]:
            notice(f"  {line['timestamp'][11:23]} {line['level']:<7} {line['message']}", style=None)
    if len(failed) > FAILED_BLOCKS_SHOWN:
        failure(f"and {len(failed) - FAILED_BLOCKS_SHOWN} more blocks failed")


def _size(artifact: dict[str, Any]) -> str:
    rows = "" if artifact["rows"] is None else f"{amount(int(artifact['rows']), 'row')}, "
    return f"{rows}{amount(int(artifact['sizeBytes']), 'byte')}"
