"""Reruns as clients ask for them, of runs that a real worker ran."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from headrace.domain.lifecycle import RunStatus
from tests.api.graphql.asking import Asking
from tests.databases import Database
from tests.worker.house import House, call, open_house, settings_for

PLAN = """
query ($id: ID!, $from: RerunFrom! = FAILED, $blocks: [String!], $version: VersionChoice! = SAME) {
  planRerun(runId: $id, from: $from, blocks: $blocks, version: $version) {
    reuse run skip reasons { block message }
  }
}
"""
RERUN = """
mutation ($input: RerunInput!) { rerun(input: $input) {
  __typename
  ... on StartRunSuccess { run {
    id trigger parent { id reruns { totalCount nodes { id } } } version { number }
    blocks { name status reusedFrom { id name } artifacts { id name downloadUrl } }
    artifacts { totalCount }
  } }
  ... on Error { code message }
  ... on RerunImpossible { reasons { block message } }
  ... on ParamsInvalid { problems { code path } }
} }
"""
EDGES = [("make", "twice"), ("twice", "check")]


def blocks(fails: bool = True) -> list[dict[str, Any]]:
    last = call("check", "fail") if fails else call("check", "nothing")
    return [call("make", "numbers", args={"count": 3}), call("twice", "double"), last]


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    async with open_house(settings_for(tmp_path, database)) as opened:
        yield opened


@pytest.fixture
def api(house: House) -> Asking:
    return Asking(house.services)


async def rerun(api: Asking, run_id: str, **rest: Any) -> dict[str, Any]:
    result: dict[str, Any] = (await api(RERUN, input={"runId": run_id, **rest}))["rerun"]
    return result


async def test_a_plan_comes_first_and_the_rerun_does_what_it_said(
    house: House, api: Asking
) -> None:
    first = await house.start(blocks(), EDGES)
    assert await house.end(first) is RunStatus.FAILED
    plan = (await api(PLAN, id=first))["planRerun"]
    assert (plan["reuse"], plan["run"], plan["skip"]) == (["make", "twice"], ["check"], [])
    assert [reason["block"] for reason in plan["reasons"]] == ["make", "twice", "check"]
    made = (await house.block(first, "twice")).output_id

    result = await rerun(api, first)
    run = result["run"]
    assert (result["__typename"], run["trigger"]) == ("StartRunSuccess", "RERUN")
    assert run["parent"]["id"] == first
    assert run["parent"]["reruns"] == {"totalCount": 1, "nodes": [{"id": run["id"]}]}
    _make, twice, check = run["blocks"]
    assert (twice["status"], twice["reusedFrom"]["name"]) == ("SUCCEEDED", "twice")
    # Linked, not copied: the very artifact of the run that made it, and none of its own.
    assert [each["id"] for each in twice["artifacts"]] == [made]
    assert run["artifacts"]["totalCount"] == 0
    assert (check["reusedFrom"], check["artifacts"]) == (None, [])
    assert await house.end(run["id"]) is RunStatus.FAILED


async def test_a_rerun_may_begin_at_chosen_blocks_or_at_the_start(
    house: House, api: Asking
) -> None:
    first = await house.start(blocks(), EDGES)
    await house.end(first)
    chosen = (await api(PLAN, id=first, **{"from": "BLOCKS"}, blocks=["twice"]))["planRerun"]
    assert (chosen["reuse"], chosen["run"]) == (["make"], ["twice", "check"])
    everything = (await api(PLAN, id=first, **{"from": "START"}))["planRerun"]
    assert (everything["reuse"], everything["run"]) == ([], ["make", "twice", "check"])
    result = await rerun(api, first, **{"from": "BLOCKS"}, blocks=["twice"])
    assert [block["reusedFrom"] is not None for block in result["run"]["blocks"]] == [
        True,
        False,
        False,
    ]
    await house.end(result["run"]["id"])


async def test_the_latest_version_is_run_where_it_is_asked_for(house: House, api: Asking) -> None:
    first = await house.start(blocks(), EDGES)
    await house.end(first)
    await house.end(await house.start(blocks(fails=False), EDGES))  # imports version 2
    result = await rerun(api, first, version="LATEST")
    assert result["run"]["version"]["number"] == 2
    assert await house.end(result["run"]["id"]) is RunStatus.SUCCEEDED
    same = await rerun(api, first)
    assert same["run"]["version"]["number"] == 1
    await house.end(same["run"]["id"])


async def test_what_cannot_be_rerun_is_told_with_every_reason(house: House, api: Asking) -> None:
    missing = await rerun(api, "run_nobody")
    assert (missing["__typename"], missing["code"]) == ("RunNotFound", "NOT_FOUND")
    assert (await api(PLAN, id="run_nobody"))["planRerun"] is None

    well = await house.start([call("a", "nothing")])
    await house.end(well)
    done = await rerun(api, well)
    assert (done["__typename"], done["code"]) == ("RerunImpossible", "CONFLICT")
    assert "nothing is left to run" in done["message"]
    plan = (await api(PLAN, id=well))["planRerun"]
    assert (plan["reuse"], plan["run"], plan["skip"]) == ([], [], [])
    assert plan["reasons"] == done["reasons"]

    unknown = await rerun(api, well, **{"from": "BLOCKS"}, blocks=["b", "c"])
    assert [reason["block"] for reason in unknown["reasons"]] == ["b", "c"]
    unnamed = await rerun(api, well, **{"from": "BLOCKS"})
    assert unnamed["reasons"][0]["block"] == ""


async def test_a_run_that_is_not_over_is_not_rerun(
    house: House, api: Asking, tmp_path: Path
) -> None:
    held = await house.start([call("a", "hold", args={"folder": str(tmp_path)})])
    refused = await rerun(api, held, **{"from": "START"})
    assert refused["__typename"] == "RerunImpossible"
    assert "wait for its end" in refused["message"]
    await house.cancel(held)


async def test_a_key_gives_the_same_rerun_again(house: House, api: Asking) -> None:
    first = await house.start(blocks(), EDGES)
    await house.end(first)
    one = await rerun(api, first, idempotencyKey="k")
    again = await rerun(api, first, idempotencyKey="k")
    assert again["run"]["id"] == one["run"]["id"]
    other = await rerun(api, first, **{"from": "START"}, idempotencyKey="k")
    assert (other["__typename"], other["code"]) == ("IdempotencyConflict", "IDEMPOTENCY_CONFLICT")
    await house.end(one["run"]["id"])


async def test_more_names_than_a_pipeline_can_have_are_refused(api: Asking) -> None:
    given = {"runId": "run_x", "from": "BLOCKS", "blocks": ["b"] * 2_001}
    code, message = await api.error(RERUN, input=given)
    assert (code, "2,000" in message) == ("BAD_USER_INPUT", True)
