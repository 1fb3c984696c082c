"""Triggers listed, saved and changed by the API."""

from collections.abc import Iterable, Mapping
from typing import Any

from headrace.cli import documents
from headrace.cli.client import Client
from headrace.cli.console import as_json as print_json
from headrace.cli.console import failure, notice, say, table
from headrace.cli.errors import FAILED, OK, CommandFailed
from headrace.cli.sources import pairs


def request_of(
    name: str, pipeline: str, topic: str, params: Iterable[str], start: str
) -> dict[str, Any]:
    """A `SaveTriggerInput` of what was typed. Raises CommandFailed."""
    sources = pairs(params, "--param")
    return {
        "name": name,
        "pipeline": pipeline,
        "topic": topic,
        "start": start.upper(),
        "params": [{"name": each, "source": source} for each, source in sources.items()],
    }


async def list_triggers(client: Client, *, as_json: bool) -> None:
    """Prints all triggers, by name."""
    found = (await client.execute(documents.TRIGGERS))["triggers"]
    if as_json:
        print_json(found["nodes"])
        return
    table(
        ("TRIGGER", "STATUS", "TOPIC", "PIPELINE", "LAG", "POISON", "LAST MESSAGE"),
        (
            (
                each["name"],
                each["status"],
                each["topic"],
                each["pipelineName"],
                "" if each["lag"] is None else str(each["lag"]),
                str(each["poisonCount"]),
                (each["lastMessageAt"] or "")[:19].replace("T", " "),
            )
            for each in found["nodes"]
        ),
    )
    for each in found["nodes"]:
        if wrong := each["problem"] or (each["status"] != "ACTIVE" and each["statusReason"]):
            notice(f"{each['name']}: {wrong}", style="yellow")
    hidden = found["totalCount"] - len(found["nodes"])
    if hidden > 0:
        notice(f"and {hidden} more")


async def save_trigger(client: Client, request: Mapping[str, Any], *, as_json: bool) -> int:
    """Saves it and says so, or every reason why not; gives the exit code."""
    done = (await client.execute(documents.SAVE_TRIGGER, {"input": request}))["saveTrigger"]
    if done["__typename"] == "SaveTriggerSuccess":
        made = "created" if done["created"] else "changed"
        print_json(done["trigger"]) if as_json else say(f"{request['name']}: {made}")
        return OK
    failure(done["message"])
    for problem in done.get("problems", ()):
        failure(f"  {problem['code']}: {problem['message']}")
    return FAILED


async def list_poison(client: Client, name: str, *, as_json: bool) -> None:
    """Prints a trigger's poison messages, newest first. Raises CommandFailed for no trigger."""
    found = (await client.execute(documents.POISON, {"name": name}))["trigger"]
    if found is None:
        raise CommandFailed(f"there is no trigger {name!r}")
    messages = found["poisonMessages"]["nodes"]
    if as_json:
        print_json(messages)
        return
    table(
        ("ID", "PARTITION", "OFFSET", "ERROR"),
        (
            (each["id"], str(each["partition"]), str(each["offset"]), each["error"])
            for each in messages
        ),
    )


async def change(client: Client, document: str, given: Mapping[str, Any]) -> None:
    """Sends a mutation that has one field, and says how the trigger is. Raises CommandFailed."""
    (done,) = (await client.execute(document, {"input": given})).values()
    if "message" in done:
        raise CommandFailed(done["message"])
    if "trigger" in done:
        say(f"{done['trigger']['name']}: {done['trigger']['status']}")
