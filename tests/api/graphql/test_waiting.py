"""Whoever asks why something does not move gets an answer."""

from dataclasses import replace
from itertools import pairwise
from typing import Any, cast

from headrace.services.core import Services
from headrace.store.database import Store
from headrace.store.workers import beat
from tests.api.graphql.asking import Asking
from tests.api.graphql.watched import WatchedStore
from tests.store.reads.world import HOUR_MS, World, document

WHY = """
query ($id: ID!) { run(id: $id) {
  waitingReasons { code message until blocks runs { id } }
  blocks { name waitingReasons { code message until blocks runs { id } } }
} }
"""


async def why(api: Asking, run_id: str) -> tuple[list[Any], dict[str, list[Any]]]:
    """The reasons of a run, and of its blocks by name."""
    run = (await api(WHY, id=run_id))["run"]
    return run["waitingReasons"], {
        block["name"]: block["waitingReasons"] for block in run["blocks"]
    }


def codes(reasons: list[Any]) -> list[str]:
    return [reason["code"] for reason in reasons]


async def test_a_run_without_a_worker_says_so(api: Asking, world: World) -> None:
    run_id = await world.start(document("p", "a b c", "a>c b>c"))
    of_run, of_blocks = await why(api, run_id)
    assert of_run == [
        {
            "code": "NO_WORKER",
            "message": "No worker lives: `headrace worker` is one",
            "until": None,
            "blocks": ["a", "b"],
            "runs": [],
        }
    ]
    assert codes(of_blocks["a"]) == codes(of_blocks["b"]) == ["NO_WORKER"]
    assert of_blocks["c"] == [
        {
            "code": "UPSTREAM",
            "message": "It waits for a, b",
            "until": None,
            "blocks": ["a", "b"],
            "runs": [],
        }
    ]
    worker = await world.worker()
    assert await why(api, run_id) == (
        [],
        {"a": [], "b": [], "c": of_blocks["c"]},
    )
    await world.write(beat, worker, HOUR_MS, draining=True)
    ((reason,), _) = await why(api, run_id)
    assert "Every worker is stopping" in reason["message"]


async def test_what_runs_or_is_over_waits_for_nothing(api: Asking, world: World) -> None:
    run_id = await world.start(document("p", "a b c", "a>b"))
    worker = await world.worker()
    block = await world.claim_one(worker)
    of_run, of_blocks = await why(api, run_id)
    assert (of_run, of_blocks["a"]) == ([], [])
    assert of_blocks["b"][0]["blocks"] == ["a"]
    await world.succeed(block)
    await world.cancel(run_id)
    assert await why(api, run_id) == ([], {"a": [], "b": [], "c": []})


async def test_a_retry_says_when(api: Asking, world: World) -> None:
    given = document("p", "a", "")
    given["blocks"][0]["retry"] = {"max_attempts": 3, "delay_seconds": 3600}
    run_id = await world.start(given)
    await world.fail(await world.claim_one(await world.worker()))
    (of_run, of_blocks) = await why(api, run_id)
    (reason,) = of_blocks["a"]
    assert (reason["code"], reason["blocks"]) == ("RETRY", [])
    assert reason["message"].startswith("Attempt 1 failed; it is tried again at ")
    assert of_run == [{**reason, "blocks": ["a"]}]
    assert reason["until"] > "2020"


async def test_busy_workers_and_those_ahead_are_named(api: Asking, world: World) -> None:
    worker = await world.worker()  # runs nine blocks at once
    holding = await world.start(document("holding", "a b c d e f g h i", ""))
    await world.claim(worker, 9)
    ahead = await world.start(document("ahead", "a b", ""), priority=3)
    run_id = await world.start(document("late", "a b", "a>b"))
    of_run, of_blocks = await why(api, run_id)
    busy, queue = of_blocks["a"]
    assert busy["message"] == "Every worker is busy: 9 places of 1 worker taken"
    assert (busy["code"], busy["runs"]) == ("WORKERS_BUSY", [{"id": holding}])
    assert queue["message"] == "2 blocks of 1 other run go first"
    assert (queue["code"], queue["runs"]) == ("QUEUE", [{"id": ahead}])
    assert of_run == [{**busy, "blocks": ["a"]}, {**queue, "blocks": ["a"]}]
    assert codes((await why(api, ahead))[0]) == ["WORKERS_BUSY"]


async def test_reasons_of_a_list_take_as_many_statements_as_they_have_relations(
    services: Services, world: World
) -> None:
    for number in range(12):
        await world.start(document(f"p{number}", "a b c", "a>b b>c"))
    worker = await world.worker()
    await world.fail(await world.claim_one(worker))
    await world.claim(worker, 20)
    await world.start(document("late", "a b", "a>b"))
    store = WatchedStore(services.store)
    api = Asking(replace(services, store=cast(Store, store)))
    found = await api(
        """{ runs(first: 20) { nodes { waitingReasons { code runs { id } }
                               blocks { waitingReasons { code blocks } } } } }"""
    )
    assert len(found["runs"]["nodes"]) == 13
    relations = {
        "the page": 1,
        "blocks": 1,
        "the line": 3,
        "runs of blocks that wait": 1,
        "their definitions": 1,
        "runs that are waited for": 1,
    }
    assert len(store.statements) <= sum(relations.values()), store.statements


async def test_a_wide_graph_of_waiting_blocks_is_told_in_one_look(
    services: Services, world: World
) -> None:
    names = [f"b{n}" for n in range(300)]
    edges = " ".join(f"{before}>{after}" for before, after in pairwise(names))
    run_id = await world.start(document("chain", " ".join(names), edges))
    store = WatchedStore(services.store)
    api = Asking(replace(services, store=cast(Store, store)))
    found = await api(
        "query ($id: ID!) { run(id: $id) { blocks { waitingReasons { code blocks } } } }", id=run_id
    )
    blocks = found["run"]["blocks"]
    assert [block["waitingReasons"][0]["code"] for block in blocks] == [
        "NO_WORKER",
        *["UPSTREAM"] * 299,
    ]
    assert len(store.statements) == 1 + 1 + 3 + 1  # the run, its blocks, the line, its definition
