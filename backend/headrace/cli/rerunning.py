"""A run repeated, as a whole or in part; or only what that would do."""

from typing import Any, Final

from headrace.cli.client import Client
from headrace.cli.console import as_json as print_json
from headrace.cli.console import failure, table
from headrace.cli.errors import FAILED, OK, CommandFailed
from headrace.cli.problems import show_problems

PLAN: Final = """
query PlanRerun($runId: ID!, $from: RerunFrom!, $blocks: [String!], $version: VersionChoice!) {
  planRerun(runId: $runId, from: $from, blocks: $blocks, version: $version) {
    reuse
    run
    skip
    reasons { block message }
  }
}
"""

RERUN: Final = """
mutation Rerun($input: RerunInput!) {
  rerun(input: $input) {
    __typename
    ... on StartRunSuccess { run { id } }
    ... on ParamsInvalid { problems { code message path line column blocks suggestion } }
    ... on RerunImpossible { reasons { block message } }
    ... on Error { code message }
  }
}
"""


def request_of(
    run_id: str, *, start: str | None, blocks: list[str] | None, latest: bool
) -> dict[str, Any]:
    """A `RerunInput` of what was typed. Raises CommandFailed for what contradicts itself."""
    if blocks and start is not None:
        raise CommandFailed("give --block or --from: named blocks are where the rerun begins")
    return {
        "runId": run_id,
        "from": "BLOCKS" if blocks else (start or "failed").upper(),
        "blocks": blocks or None,
        "version": "LATEST" if latest else "SAME",
    }


async def show_plan(client: Client, request: dict[str, Any], *, as_json: bool) -> int:
    """Prints what a rerun would do with each block, and why; gives the exit code.

    Raises:
        CommandFailed: there is no such run.
    """
    plan = (await client.execute(PLAN, request))["planRerun"]
    if plan is None:
        raise CommandFailed(f"there is no run {request['runId']}")
    possible = bool(plan["run"])
    if as_json:
        print_json(plan)
    elif possible:
        kinds = {name: kind for kind in ("reuse", "run", "skip") for name in plan[kind]}
        rows = ((each["block"], kinds[each["block"]], each["message"]) for each in plan["reasons"])
        table(("BLOCK", "WHAT", "WHY"), rows)
    else:
        _show_reasons(plan["reasons"])
    return OK if possible else FAILED


async def start_again(client: Client, request: dict[str, Any]) -> str:
    """Starts the rerun; gives its id.

    Raises:
        CommandFailed: nothing was started; what stands against it was shown.
    """
    result = (await client.execute(RERUN, {"input": request}))["rerun"]
    if result["__typename"] == "StartRunSuccess":
        return str(result["run"]["id"])
    show_problems(result.get("problems", ()))
    _show_reasons(result.get("reasons", ())[1:])  # the message says the first one
    raise CommandFailed(result["message"])


def _show_reasons(reasons: Any) -> None:
    for reason in reasons:
        failure(f"{reason['block']}: {reason['message']}" if reason["block"] else reason["message"])
