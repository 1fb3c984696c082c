"""A client that follows runs over websockets: every event and every line once, in order."""

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import aclosing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.databases import BOTH
from tests.system import documents
from tests.system.client import Api, call
from tests.system.following import follow_log, follow_run
from tests.system.signs import let_go

pytestmark = pytest.mark.parametrize("kind", BOTH, indirect=True, scope="session")

STEPS = 12
PARTS, LINES = 8, 160


async def a_chain_with_gates(api: Api, folder: Path) -> None:
    """A pipeline whose blocks wait, each for a gate of its own."""
    names = [f"b{number}" for number in range(STEPS)]
    blocks = [
        call(name, "hold", args={"folder": str(folder), "gate": f"{name}.go"}) for name in names
    ]
    await api.bring_in(blocks, list(pairwise(names)))


def opening(folder: Path) -> Callable[[Mapping[str, Any]], None]:
    """Opens a block's gate when the client has seen it start."""

    def open_gates(batch: Mapping[str, Any]) -> None:
        for event in batch["events"]:
            if event["kind"] == "BLOCK_STARTED":
                let_go(folder, f"{event['block']}.go")

    return open_gates


async def test_a_run_is_imported_started_and_followed_to_its_end(api: Api, tmp_path: Path) -> None:
    await a_chain_with_gates(api, tmp_path)
    run_id = await api.start()
    follower = follow_run(api.url, run_id, on_batch=opening(tmp_path))
    events = await follower.to_the_end()
    assert follower.connections == 1
    assert [event["kind"] for event in events[:3]] == ["RUN_QUEUED", "BLOCK_READY", "RUN_STARTED"]
    assert events[-1]["kind"] == "RUN_SUCCEEDED"
    assert len({event["cursor"] for event in events}) == len(events)


@pytest.mark.parametrize("seed", range(4))
async def test_a_client_whose_connection_is_torn_again_and_again_sees_each_event_once(
    api: Api, tmp_path: Path, seed: int
) -> None:
    await a_chain_with_gates(api, tmp_path)
    run_id = await api.start()
    drops = random.Random(seed)
    follower = follow_run(api.url, run_id, drops=drops, on_batch=opening(tmp_path))
    events = await follower.to_the_end()
    assert follower.connections > 3
    assert events == (await api.state(run_id))["timeline"]["nodes"]


async def test_many_clients_with_bad_connections_all_see_the_same(api: Api, tmp_path: Path) -> None:
    await a_chain_with_gates(api, tmp_path)
    run_id = await api.start()
    followers = [follow_run(api.url, run_id, drops=random.Random(seed)) for seed in range(8)]
    opener = follow_run(api.url, run_id, on_batch=opening(tmp_path))
    seen = await asyncio.gather(*(each.to_the_end() for each in [opener, *followers]))
    assert all(events == seen[0] for events in seen)


@pytest.mark.parametrize("seed", range(2))
async def test_a_log_that_is_followed_over_torn_connections_has_each_line_once(
    api: Api, tmp_path: Path, seed: int
) -> None:
    args = {"folder": str(tmp_path), "lines": LINES, "pauses": PARTS}
    await api.bring_in([call("a", "talk", args=args), call("b", "talk", args=args)])
    run_id = await api.start()

    def open_gates(batch: Mapping[str, Any]) -> None:
        for line in batch["lines"]:
            let_go(tmp_path, f"gate-{line['message'].split()[1]}")

    follower = follow_log(api.url, run_id, drops=random.Random(seed), on_batch=open_gates)
    lines = await follower.to_the_end()
    assert follower.connections > 3
    assert [line["seq"] for line in lines] == list(range(1, 2 * LINES + 1))
    for block in ("a", "b"):
        said = [line["message"] for line in lines if line["block"] == block]
        in_order = [f"{block} {part} {n}" for part in range(PARTS) for n in range(LINES // PARTS)]
        assert said == in_order

    only = await follow_log(
        api.url, run_id, block="a", level="WARNING", drops=random.Random(seed)
    ).to_the_end()
    assert only == [x for x in lines if x["block"] == "a" and x["level"] in {"WARNING", "ERROR"}]


async def test_a_filter_by_kind_leaves_out_events_and_never_the_last_batch(
    api: Api, tmp_path: Path
) -> None:
    await a_chain_with_gates(api, tmp_path)
    run_id = await api.start()
    opener = follow_run(api.url, run_id, on_batch=opening(tmp_path))
    kinds = [["BLOCK_STARTED", "BLOCK_SUCCEEDED"], ["RUN_STARTED"], ["WORKER_LOST"]]
    filtered = [
        follow_run(api.url, run_id, kinds=each, drops=random.Random(number))
        for number, each in enumerate(kinds)
    ]
    every, *seen = await asyncio.gather(*(each.to_the_end() for each in [opener, *filtered]))
    for wanted, found in zip(kinds, seen, strict=True):
        assert found == [event for event in every if event["kind"] in wanted]


async def test_progress_comes_after_the_backlog_for_every_running_block_whatever_the_filter(
    api: Api, tmp_path: Path
) -> None:
    """Who connects to a run in the middle is shown at once how far each running block is."""
    blocks = [
        call(name, "tell_and_hold", args={"folder": str(tmp_path), "done": done, "total": 9})
        for name, done in (("a", 3), ("b", 5))
    ]
    await api.bring_in(blocks)
    run_id = await api.start()
    told: dict[str, int] = {}
    async with aclosing(follow_run(api.url, run_id).batches()) as batches:
        async for batch in batches:  # until the progress of both is in the database
            told |= {each["block"]: int(each["rowsDone"]) for each in batch["progress"]}
            if told == {"a": 3, "b": 5}:
                break
    for kinds, place in ((None, 1), (["RUN_SUCCEEDED"], 0)):
        progress = (await follow_run(api.url, run_id, kinds=kinds).first(place + 1))[place]
        assert {each["block"]: int(each["rowsDone"]) for each in progress["progress"]} == told
        assert progress["afterSeq"] == progress["throughSeq"]
    let_go(tmp_path)
    assert await api.end(run_id) == "SUCCEEDED"


async def test_what_a_block_said_and_made_is_there_before_its_end_is_told(api: Api) -> None:
    names = ["a", "b", "c"]
    await api.bring_in([call(name, "say_and_make", args={"lines": 200}) for name in names])
    run_id = await api.start()
    told = []
    async with aclosing(follow_run(api.url, run_id).batches()) as batches:
        async for batch in batches:
            for event in batch["events"]:
                if event["kind"] == "BLOCK_SUCCEEDED":
                    variables = {"run": run_id, "block": event["block"]}
                    run = (await api.ask(documents.SAID_AND_MADE, **variables))["run"]
                    assert len(run["logs"]["nodes"]) == 200
                    made = [a["name"] for a in run["block"]["artifacts"]]
                    assert made == ["made.txt", "output.arrow"]
                    told.append(event["block"])
    assert sorted(told) == names
