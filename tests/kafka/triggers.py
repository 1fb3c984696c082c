"""Triggers for tests: the pipeline that they start, and asking how they are."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

PATIENCE_SECONDS = 60
Ask = Callable[..., Awaitable[Any]]

IMPORT = """
mutation ($input: ImportPipelineInput!) { importPipeline(input: $input) { __typename } }
"""
SAVE = """
mutation ($input: SaveTriggerInput!) { saveTrigger(input: $input) {
  __typename
  ... on SaveTriggerSuccess { created trigger { id } }
  ... on ParamsInvalid { problems { code message } }
  ... on PipelineNotFound { nearest }
} }
"""
TRIGGER = """
query ($name: String!) {
  trigger(name: $name) {
    id name topic status statusReason problem lag lastMessageAt lastError poisonCount
    pipeline { name } params { name source } places { partition nextOffset endOffset }
    lastRun { id }
    poisonMessages { nodes { id partition offset error key value sizeBytes } }
  }
  runs(filter: {labels: [{key: "trigger", value: $name}]}) { totalCount }
}
"""
ALL_RUNS = """
query ($label: String!) {
  runs(first: 200, filter: {labels: [{key: "trigger", value: $label}]}) {
    nodes { id status trigger params }
  }
}
"""
PIPELINE = {
    "name": "take",
    "params": [
        {"name": "id", "type": "INTEGER", "required": True},
        {"name": "tag", "type": "STRING", "required": False},
        {"name": "key", "type": "STRING", "required": False},
        {"name": "whole", "type": "JSON", "required": False},
    ],
    "blocks": [
        {
            "name": "write",
            "type": "PYTHON",
            "config": {"function": "tests.system.functions:numbers", "args": {"count": 1}},
        }
    ],
    "edges": [],
}


async def import_pipeline(api: Ask) -> None:
    given = {"source": {"definition": PIPELINE}, "replaceIfExists": True}
    done = await api(IMPORT, input=given)
    assert done["importPipeline"]["__typename"] == "ImportPipelineSuccess", done


def definition(topic: str, **params: str) -> dict[str, Any]:
    return {
        "name": "orders",
        "pipeline": "take",
        "topic": topic,
        "start": "EARLIEST",
        "params": [{"name": name, "source": source} for name, source in params.items()],
    }


async def save(api: Ask, given: dict[str, Any]) -> dict[str, Any]:
    return dict((await api(SAVE, input=given))["saveTrigger"])


async def trigger_when(
    api: Ask, so: Callable[[dict[str, Any]], Any], name: str = "orders"
) -> dict[str, Any]:
    """The trigger, once it is so. `handled`: the messages that became a run or poison."""
    found: dict[str, Any] = {}
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                answer = await api(TRIGGER, name=name)
                found = dict(answer["trigger"])
                found["handled"] = answer["runs"]["totalCount"] + found["poisonCount"]
                if so(found):
                    return found
                await asyncio.sleep(0.05)
    except TimeoutError as error:
        raise AssertionError(f"it never was so: {found}") from error
