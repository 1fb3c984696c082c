"""What holds of every run that is over, whatever happened to those who worked on it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.system.client import Api

BLOCK_ENDS = {"BLOCK_SUCCEEDED", "BLOCK_FAILED", "BLOCK_SKIPPED", "BLOCK_CANCELLED"}
RUN_ENDS = {"RUN_SUCCEEDED", "RUN_FAILED", "RUN_CANCELLED"}


async def sound(api: Api, run_id: str) -> dict[str, Any]:
    """The run, after checking its log, its blocks and every byte of its artifacts."""
    run = await api.state(run_id)
    events = run["timeline"]["nodes"]
    assert not run["timeline"]["pageInfo"]["hasNextPage"]
    _check_log(events)
    _check_blocks(run, events)
    artifacts = run["artifacts"]["nodes"]
    assert not run["artifacts"]["pageInfo"]["hasNextPage"]
    announced = {e["artifact"]["id"] for e in events if e["kind"] == "ARTIFACT_CREATED"}
    assert announced == {each["id"] for each in artifacts}
    for artifact in artifacts:
        await api.download(artifact)
    return run


def _check_log(events: list[Mapping[str, Any]]) -> None:
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["kind"] == "RUN_QUEUED"
    ends = [event["seq"] for event in events if event["kind"] in RUN_ENDS]
    assert ends == [len(events)], f"the run's terminal event is one and the last: {ends}"


def _check_blocks(run: Mapping[str, Any], events: list[Mapping[str, Any]]) -> None:
    ends = Counter(event["block"] for event in events if event["kind"] in BLOCK_ENDS)
    assert ends == Counter(block["name"] for block in run["blocks"]), ends
    for block in run["blocks"]:
        told = [e for e in events if e.get("block") == block["name"] and "blockStatus" in e]
        assert told[-1]["kind"] in BLOCK_ENDS
        assert told[-1]["blockStatus"] == block["status"]
        assert block["worker"] is None
        running = [each for each in block["attempts"] if each["status"] == "RUNNING"]
        assert not running, block
        if block["status"] == "SUCCEEDED":
            well = [each for each in block["attempts"] if each["status"] == "SUCCEEDED"]
            assert len(well) == 1, block
