"""Runs asked to stop, and waited for."""

import asyncio
from contextlib import aclosing
from typing import Any, Final

from headrace.cli import documents
from headrace.cli.client import Client
from headrace.cli.console import as_json as print_json
from headrace.cli.console import failure, say
from headrace.cli.errors import FAILED, OK, CommandFailed
from headrace.domain.lifecycle import RUN_TERMINAL, RunStatus

# A cancellation converges within ten seconds; what takes longer has no process to finish it.
PATIENCE_SECONDS: Final = 15.0


async def ask_to_cancel(client: Client, request: dict[str, Any]) -> list[dict[str, Any]]:
    """The result for each run, in the order asked.

    Raises:
        CommandFailed: the request as a whole is refused.
    """
    result = (await client.execute(documents.CANCEL, {"input": request}))["cancelRuns"]
    if result["__typename"] != "CancelRunsSuccess":
        raise CommandFailed(result["message"])
    return list(result["results"])


async def cancel_runs(client: Client, request: dict[str, Any], *, as_json: bool) -> int:
    """Cancels, waits for each run's end, and prints how each stands; gives the exit code."""
    results = await ask_to_cancel(client, request)
    asked = [result["run"]["id"] for result in results if "run" in result]
    waiting = (_end_of(client, run_id) for run_id in asked)
    ends = dict(zip(asked, await asyncio.gather(*waiting), strict=True))
    refused = [result for result in results if result["__typename"] != "CancelRunSuccess"]
    if as_json:
        print_json([_as_json(result, ends) for result in results])
    else:
        for result in results:
            if result["__typename"] == "CancelRunSuccess":
                say(f"{result['run']['id']}  {ends[result['run']['id']]}")
            else:
                failure(result["message"])
        if not results:
            say("there is no unfinished run to cancel")
    late = any(RunStatus(status) not in RUN_TERMINAL for status in ends.values())
    return FAILED if refused or late else OK


async def _end_of(client: Client, run_id: str) -> str:
    status = "CANCELLING"
    try:
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            aclosing(client.subscribe(documents.RUN_STATUS, {"id": run_id})) as snapshots,
        ):
            async for snapshot in snapshots:
                status = snapshot["run"]["status"]
    except TimeoutError:
        pass
    return status


def _as_json(result: dict[str, Any], ends: dict[str, str]) -> dict[str, Any]:
    if "run" in result:
        run_id = result["run"]["id"]
        return {"id": run_id, "status": ends[run_id], "result": result["__typename"]}
    return {"result": result["__typename"], "message": result["message"]}
