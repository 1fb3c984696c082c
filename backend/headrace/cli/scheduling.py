"""Schedules at the command line: what is asked of the API, and how its answers are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from headrace.cli import documents
from headrace.cli.client import Client
from headrace.cli.console import as_json as print_json
from headrace.cli.console import say, table
from headrace.cli.errors import FAILED, CommandFailed
from headrace.cli.problems import show_problems
from headrace.cli.run_lists import labels_of
from headrace.cli.sources import pairs, params_of
from headrace.domain.ticks import Overlap

_FIELDS: Final = """
fragment Shown on Schedule {
  id name pipeline { name } cron cronInWords timeZone params tickParam overlap catchUpSeconds
  jitterSeconds priority labels { key value } paused pausedAt pauseNote
  nextFireTimes(count: $times)
  lastTick { at outcome message count run { id status } }
  activeRuns { id status }
}
"""
LIST: Final = f"""
query Schedules($first: Int!, $after: Cursor, $times: Int!) {{
  schedules(first: $first, after: $after) {{
    nodes {{ ...Shown }} pageInfo {{ hasNextPage endCursor }}
  }}
}}
{_FIELDS}
"""
SHOW: Final = f"""
query Schedule($name: String!, $times: Int!, $ticks: Int!) {{
  schedule(name: $name) {{
    ...Shown
    ticks(first: $ticks) {{ nodes {{ at outcome message count run {{ id status }} }} }}
  }}
}}
{_FIELDS}
"""
SAVE: Final = f"""
mutation SaveSchedule($input: SaveScheduleInput!, $times: Int!) {{
  saveSchedule(input: $input) {{
    __typename
    ... on SaveScheduleSuccess {{ created schedule {{ ...Shown }} }}
    ... on ScheduleInvalid {{ problems {{ code message path line column blocks suggestion }} }}
    ... on Error {{ code message }}
  }}
}}
{_FIELDS}
"""
PAUSE: Final = """
mutation PauseSchedule($input: PauseScheduleInput!) {
  pauseSchedule(input: $input) {
    __typename
    ... on PauseScheduleSuccess { schedule { name paused pausedAt pauseNote } }
    ... on Error { code message }
  }
}
"""
RESUME: Final = """
mutation ResumeSchedule($input: ResumeScheduleInput!) {
  resumeSchedule(input: $input) {
    __typename
    ... on ResumeScheduleSuccess { schedule { name paused nextFireTimes(count: 1) } }
    ... on Error { code message }
  }
}
"""
DELETE: Final = """
mutation DeleteSchedule($input: DeleteScheduleInput!) {
  deleteSchedule(input: $input) {
    __typename
    ... on DeleteScheduleSuccess { id name }
    ... on Error { code message }
  }
}
"""
_PAGE: Final = 200


@dataclass(frozen=True, kw_only=True)
class Request:
    """What `headrace schedule add` was asked for, as it was typed."""

    name: str
    pipeline: str
    cron: str
    time_zone: str
    params: tuple[str, ...]
    tick_param: str | None
    overlap: Overlap
    catch_up_seconds: float
    jitter_seconds: float
    priority: int
    labels: tuple[str, ...]
    replace: bool


async def list_schedules(client: Client, *, as_json: bool) -> None:
    """Prints every schedule, by name."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        given = {"first": _PAGE, "after": after, "times": 1}
        page = (await client.execute(LIST, given))["schedules"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    if as_json:
        print_json(found)
        return
    headers = ("SCHEDULE", "PIPELINE", "CRON", "ZONE", "NEXT", "LAST")
    table(
        headers,
        (
            (
                each["name"],
                each["pipeline"]["name"],
                each["cron"],
                each["timeZone"],
                _next(each),
                _last(each),
            )
            for each in found
        ),
    )


async def show_schedule(
    client: Client, name: str, *, times: int, ticks: int, as_json: bool
) -> None:
    """Prints one schedule. Raises CommandFailed when there is none of that name."""
    given = {"name": name, "times": times, "ticks": ticks}
    found = (await client.execute(SHOW, given))["schedule"]
    if found is None:
        raise CommandFailed(f"there is no schedule {name}; `headrace schedule list` lists them")
    if as_json:
        print_json(found)
        return
    _describe(found)
    if found["ticks"]["nodes"]:
        say("")
        table(("TICK", "OUTCOME", "RUN", "WHY"), map(_tick_row, found["ticks"]["nodes"]))


async def add_schedule(client: Client, request: Request, *, as_json: bool) -> None:
    """Saves a schedule. Raises CommandFailed when it was refused; problems were shown."""
    asked = {"name": request.pipeline}
    pipeline = (await client.execute(documents.PIPELINE, asked))["pipeline"]
    given = pairs(request.params, "--param")
    wanted = {
        "name": request.name,
        "pipeline": request.pipeline,
        "cron": request.cron,
        "timeZone": request.time_zone,
        "params": params_of(given, pipeline["params"] if pipeline else []),
        "tickParam": request.tick_param,
        "overlap": request.overlap.value,
        "catchUpSeconds": request.catch_up_seconds,
        "jitterSeconds": request.jitter_seconds,
        "priority": request.priority,
        "labels": labels_of(request.labels),
        "replaceIfExists": request.replace,
    }
    result = (await client.execute(SAVE, {"input": wanted, "times": 5}))["saveSchedule"]
    if result["__typename"] == "ScheduleExists":
        raise CommandFailed(f"{result['message']}: --replace does", FAILED)
    if result["__typename"] != "SaveScheduleSuccess":
        raise _refused(result)
    if as_json:
        print_json(result["schedule"])
    else:
        say(f"{'added' if result['created'] else 'replaced'} {request.name}", style="dim")
        _describe(result["schedule"])


async def pause_schedule(client: Client, name: str, note: str | None, *, as_json: bool) -> None:
    """Pauses a schedule. Raises CommandFailed when there is none of that name."""
    given = {"input": {"name": name, "note": note}}
    result = (await client.execute(PAUSE, given))["pauseSchedule"]
    if result["__typename"] != "PauseScheduleSuccess":
        raise _refused(result)
    found = result["schedule"]
    print_json(found) if as_json else say(f"{name} is {_paused(found)}")


async def resume_schedule(client: Client, name: str, *, as_json: bool) -> None:
    """Resumes a schedule. Raises CommandFailed when there is none of that name."""
    result = (await client.execute(RESUME, {"input": {"name": name}}))["resumeSchedule"]
    if result["__typename"] != "ResumeScheduleSuccess":
        raise _refused(result)
    found = result["schedule"]
    if as_json:
        print_json(found)
    else:
        say(f"{name} goes on; next {', '.join(map(_time, found['nextFireTimes'])) or 'never'}")


async def remove_schedule(client: Client, name: str, *, as_json: bool) -> None:
    """Deletes a schedule. Raises CommandFailed when there is none of that name."""
    result = (await client.execute(DELETE, {"input": {"name": name}}))["deleteSchedule"]
    if result["__typename"] != "DeleteScheduleSuccess":
        raise _refused(result)
    found = {"id": result["id"], "name": result["name"]}
    print_json(found) if as_json else say(f"removed {name}; its runs stay")


def _refused(result: Mapping[str, Any]) -> CommandFailed:
    show_problems(result.get("problems", ()))
    return CommandFailed(str(result["message"]))


def _describe(found: Mapping[str, Any]) -> None:
    words = f"{found['cronInWords']}, {found['timeZone']}"
    lines = {
        "runs": found["pipeline"]["name"],
        "when": f"{found['cron']}  ({words})",
        "params": ", ".join(f"{name}={value}" for name, value in found["params"].items()),
        "tick": found["tickParam"],
        "overlap": found["overlap"],
        "catch-up": f"{found['catchUpSeconds']:g} s",
        "jitter": f"{found['jitterSeconds']:g} s" if found["jitterSeconds"] else None,
        "paused": _paused(found) if found["paused"] else None,
        "active": ", ".join(run["id"] for run in found["activeRuns"]),
        "next": "\n          ".join(map(_time, found["nextFireTimes"])),
    }
    say(found["name"])
    for name, value in lines.items():
        if value:
            say(f"{name:>8}  {value}")


def _next(found: Mapping[str, Any]) -> str:
    if found["paused"]:
        return _paused(found)
    return _time(found["nextFireTimes"][0]) if found["nextFireTimes"] else "never"


def _paused(found: Mapping[str, Any]) -> str:
    return f"paused: {found['pauseNote']}" if found["pauseNote"] else "paused"


def _last(found: Mapping[str, Any]) -> str:
    tick = found["lastTick"]
    if tick is None:
        return ""
    return f"{tick['outcome']} {tick['run']['id'] if tick['run'] else _time(tick['at'])}"


def _tick_row(tick: Mapping[str, Any]) -> tuple[str, str, str, str]:
    outcome = tick["outcome"] if tick["count"] == 1 else f"{tick['outcome']} ×{tick['count']}"
    run = f"{tick['run']['id']} {tick['run']['status']}" if tick["run"] else ""
    return _time(tick["at"]), outcome, run, tick["message"] or ""


def _time(at: str) -> str:
    return f"{at[:19].replace('T', ' ')} UTC"
