"""Runs as the API shows them."""

import pytest

from headrace.domain.lifecycle import RunTrigger
from headrace.store.attempts import lose
from tests.api.graphql.asking import Asking
from tests.store.reads.world import OOPS, World, data_set, document

DIAMOND = document("diamond", "a b c d", "a>b a>c b>d c>d")

WHOLE = """
query ($id: ID!) {
  run(id: $id) {
    id status statusReason trigger params priority createdAt startedAt finishedAt cursor
    pipeline { name } version { number } labels { key value }
    error { kind message block retryable detail }
    cancellation { requestedAt reason stage deadline }
    progress { fraction blocksDone blocksTotal rowsDone rowsTotal
               blocksByStatus { status count } }
    budget { costUsd } usage { calls ledgerHits inputTokens outputTokens costUsd }
    waitingReasons { code } parent { id } reruns { nodes { id } totalCount }
  }
}
"""


async def test_a_queued_run_tells_all_of_itself(api: Asking, world: World) -> None:
    run_id = await world.start(
        DIAMOND,
        trigger=RunTrigger.CLI,
        params={"big": 2**60, "nested": {"a": [1, None]}},
        priority=-7,
        labels={"team": "x", "a": ""},
    )
    run = (await api(WHOLE, id=run_id))["run"]
    assert run.pop("createdAt").endswith("Z")
    assert run.pop("cursor")
    assert run == {
        "id": run_id,
        "status": "QUEUED",
        "statusReason": None,
        "trigger": "CLI",
        "params": {"big": 2**60, "nested": {"a": [1, None]}},
        "priority": -7,
        "startedAt": None,
        "finishedAt": None,
        "pipeline": {"name": "diamond"},
        "version": {"number": 1},
        "labels": [{"key": "a", "value": ""}, {"key": "team", "value": "x"}],
        "error": None,
        "cancellation": None,
        "progress": {
            "fraction": 0.0,
            "blocksDone": 0,
            "blocksTotal": 4,
            "rowsDone": 0,
            "rowsTotal": None,
            "blocksByStatus": [
                {"status": "WAITING", "count": 3},
                {"status": "READY", "count": 1},
            ],
        },
        "budget": None,
        "usage": {
            "calls": 0,
            "ledgerHits": 0,
            "inputTokens": 0,
            "outputTokens": 0,
            "costUsd": 0.0,
        },
        "waitingReasons": [{"code": "NO_WORKER"}],
        "parent": None,
        "reruns": {"nodes": [], "totalCount": 0},
    }


async def test_a_failed_run_says_why(api: Asking, world: World) -> None:
    run_id = await world.start(DIAMOND)
    await world.fail(await world.claim_one(await world.worker()))
    run = (await api(WHOLE, id=run_id))["run"]
    assert (run["status"], run["progress"]["fraction"]) == ("FAILED", 1.0)
    assert run["statusReason"] == "a: oops"
    assert run["error"] == {
        "kind": "BLOCK_ERROR",
        "message": "oops",
        "block": "a",
        "retryable": True,
        "detail": "line 1",
    }


async def test_a_cancellation_shows_its_stage_and_its_deadline(api: Asking, world: World) -> None:
    run_id = await world.start(DIAMOND)
    await world.claim_one(await world.worker())
    await world.cancel(run_id, "enough")
    run = (await api(WHOLE, id=run_id))["run"]
    assert run["status"] == "CANCELLING"
    asked = run["cancellation"]
    assert (asked["reason"], asked["stage"]) == ("enough", "ASKED")
    assert asked["deadline"] > asked["requestedAt"]

    over = await world.start(DIAMOND)
    await world.cancel(over)
    assert (await api(WHOLE, id=over))["run"]["cancellation"]["stage"] == "DONE"


async def test_an_absent_run_is_null(api: Asking) -> None:
    assert await api(WHOLE, id="run_nobody") == {"run": None}


async def test_a_graph_shows_levels_and_the_blocks_of_its_run(api: Asking, world: World) -> None:
    run_id = await world.start(
        {
            "name": "p",
            "blocks": [
                {"name": "late", "type": "PYTHON", "config": {"function": "m:f", "args": {"x": 1}}},
                {"name": "early", "type": "PYTHON", "config": {"function": "m:f"}},
            ],
            "edges": [{"from": "early", "to": "late", "as": "rows"}],
        }
    )
    found = await api(
        """
        query ($id: ID!) { run(id: $id) {
          graph { nodes { name type config level blockRun { name status } }
                  edges { from to as } }
          blocks { name }
          block(name: "late") { status }
          nobody: block(name: "nobody") { status }
          pipeline { graph { nodes { name level blockRun { id } } } }
        } }
        """,
        id=run_id,
    )
    run = found["run"]
    assert run["graph"]["nodes"] == [
        {
            "name": "late",
            "type": "PYTHON",
            "config": {"function": "m:f", "args": {"x": 1}},
            "level": 1,
            "blockRun": {"name": "late", "status": "WAITING"},
        },
        {
            "name": "early",
            "type": "PYTHON",
            "config": {"function": "m:f"},
            "level": 0,
            "blockRun": {"name": "early", "status": "READY"},
        },
    ]
    assert run["graph"]["edges"] == [{"from": "early", "to": "late", "as": "rows"}]
    assert [block["name"] for block in run["blocks"]] == ["late", "early"]
    assert run["block"] == {"status": "WAITING"}
    assert run["nobody"] is None
    assert [node["blockRun"] for node in run["pipeline"]["graph"]["nodes"]] == [None, None]


async def test_a_block_lists_its_attempts_the_running_one_too(api: Asking, world: World) -> None:
    retried = document("retried", "a", "")
    retried["blocks"][0]["retry"] = {"max_attempts": 3, "delay_seconds": 0}
    run_id = await world.start(retried)
    one, two = await world.worker("one"), await world.worker("two")
    await world.write(lose, (await world.claim_one(one)).claim, most_losses=3)
    await world.claim_one(two)
    found = await api(
        """
        query ($id: ID!) { run(id: $id) { blocks {
          attempt worker { name }
          attempts { number status startedAt finishedAt worker { name } error { kind } }
        } } }
        """,
        id=run_id,
    )
    (block,) = found["run"]["blocks"]
    assert (block["attempt"], block["worker"]) == (2, {"name": "two"})
    lost, running = block["attempts"]
    assert (lost["number"], lost["status"], lost["worker"]) == (1, "WORKER_LOST", {"name": "one"})
    assert lost["error"] == {"kind": "WORKER_LOST"}
    assert lost["finishedAt"] >= lost["startedAt"]
    assert (running["number"], running["status"]) == (2, "RUNNING")
    assert (running["worker"], running["finishedAt"]) == ({"name": "two"}, None)


async def test_a_block_shows_what_it_took_and_what_it_made(api: Asking, world: World) -> None:
    run_id = await world.start(DIAMOND)
    worker = await world.worker()
    a = await world.claim_one(worker)
    await world.publish(a, data_set(name="summary.json"))
    await world.succeed(a, data_set(rows=9))
    b, c = await world.claim(worker, 2)
    await world.succeed(b, data_set(rows=3))
    await world.succeed(c)
    found = await api(
        """
        query ($id: ID!) { run(id: $id) { blocks {
          name reusedFrom { id } usage { calls } waitingReasons { code }
          failedRows { nodes { number } pageInfo { hasNextPage } }
          inputs { block name rows run { id } } artifacts { name rows }
        } } }
        """,
        id=run_id,
    )
    blocks = {block["name"]: block for block in found["run"]["blocks"]}
    of_a = {"block": "a", "name": "output.arrow", "rows": 9, "run": {"id": run_id}}
    assert blocks["a"]["inputs"] == []
    assert blocks["b"]["inputs"] == [of_a]
    assert [each["block"] for each in blocks["d"]["inputs"]] == ["b"]
    assert [each["name"] for each in blocks["a"]["artifacts"]] == ["summary.json", "output.arrow"]
    assert blocks["c"]["artifacts"] == []
    assert blocks["a"]["failedRows"] == {"nodes": [], "pageInfo": {"hasNextPage": False}}
    assert blocks["a"]["reusedFrom"] is None


async def test_a_timeline_tells_each_kind_of_event(api: Asking, world: World) -> None:
    run_id = await world.start(document("chain"))
    worker = await world.worker()
    await world.write(lose, (await world.claim_one(worker)).claim, most_losses=3)
    again = await world.claim_one(worker)
    await world.succeed(again, data_set(rows=1_234))
    await world.fail(await world.claim_one(worker))
    found = await api(
        """
        query ($id: ID!) { run(id: $id) { cursor timeline {
          totalCount totalCountExact
          nodes { __typename seq cursor timestamp kind message
            ... on RunStateChanged { runStatus: status error { message } }
            ... on BlockStateChanged { block blockStatus: status attempt error { kind } }
            ... on ArtifactCreated { block artifact { name rows block } }
            ... on WorkerLost { block attempt worker }
          } } } }
        """,
        id=run_id,
    )
    timeline = found["run"]["timeline"]
    events = timeline["nodes"]
    assert [event["seq"] for event in events] == list(range(1, timeline["totalCount"] + 1))
    assert timeline["totalCountExact"] is True
    assert events[-1]["cursor"] == found["run"]["cursor"]
    by_kind = {event["kind"]: event for event in events}
    assert by_kind["RUN_QUEUED"]["runStatus"] == "QUEUED"
    assert by_kind["WORKER_LOST"]["worker"] == worker
    assert by_kind["WORKER_LOST"]["attempt"] == 1
    assert by_kind["ARTIFACT_CREATED"]["artifact"] == {
        "name": "output.arrow",
        "rows": 1_234,
        "block": "a",
    }
    assert by_kind["BLOCK_SUCCEEDED"]["attempt"] == 2
    assert by_kind["BLOCK_FAILED"]["error"] == {"kind": OOPS.kind}
    assert by_kind["RUN_FAILED"]["error"] == {"message": "oops"}
    assert {event["__typename"] for event in events} == {
        "RunStateChanged",
        "BlockStateChanged",
        "ArtifactCreated",
        "WorkerLost",
    }


async def test_the_cursor_of_a_run_continues_its_timeline(api: Asking, world: World) -> None:
    run_id = await world.start(document("chain"))
    cursor = (await api(WHOLE, id=run_id))["run"]["cursor"]
    await world.claim_one(await world.worker())
    found = await api(
        "query ($id: ID!, $after: Cursor) { run(id: $id) {"
        " timeline(after: $after) { nodes { kind } } } }",
        id=run_id,
        after=cursor,
    )
    kinds = [event["kind"] for event in found["run"]["timeline"]["nodes"]]
    assert kinds == ["RUN_STARTED", "BLOCK_STARTED"]


async def test_log_lines_are_filtered_and_paged(api: Asking, world: World) -> None:
    run_id = await world.start(document("two", "a b", ""))
    a, b = await world.claim(await world.worker(), 2)
    await world.log(a, "one", "two")
    await world.log(b, "THREE", level=40)
    document_ = """
        query (
          $id: ID!, $last: Int, $block: String, $level: LogLevel, $search: String,
          $from: Int, $to: Int
        ) {
          run(id: $id) { logs(
            last: $last, block: $block, minLevel: $level, search: $search,
            fromSeq: $from, toSeq: $to
          ) {
            nodes { seq timestamp level stream block attempt message omitted }
            edges { cursor node { seq } } pageInfo { hasPreviousPage endCursor }
        } } }
        """

    async def seqs(**given: object) -> list[int]:
        found = await api(document_, id=run_id, **given)
        return [line["seq"] for line in found["run"]["logs"]["nodes"]]

    logs = (await api(document_, id=run_id, last=1))["run"]["logs"]
    assert logs["nodes"] == [
        {
            "seq": 3,
            "timestamp": "1970-01-01T00:00:01.000Z",
            "level": "ERROR",
            "stream": "LOG",
            "block": "b",
            "attempt": 1,
            "message": "THREE",
            "omitted": 0,
        }
    ]
    assert logs["pageInfo"]["hasPreviousPage"] is True
    assert logs["edges"][0]["cursor"] == logs["pageInfo"]["endCursor"]
    assert await seqs(block="a") == [1, 2]
    assert await seqs(level="WARNING") == [3]
    assert await seqs(search="Thre") == [3]
    assert await seqs(**{"from": 2}) == [2, 3]
    assert await seqs(to=2) == [1, 2]
    assert await seqs(last=1, to=2) == [2]
    assert await api.error(document_, id=run_id, search="x" * 1001) == (
        "BAD_USER_INPUT",
        "`search` must be at most 1000 characters",
    )


@pytest.mark.parametrize("field", ["timeline", "logs"])
async def test_long_lists_take_up_to_a_thousand(api: Asking, world: World, field: str) -> None:
    run_id = await world.start(document("chain"))
    page = """query ($id: ID!, $n: Int) {
        run(id: $id) { LIST(first: $n) { nodes { seq } } } }""".replace("LIST", field)
    await api(page, id=run_id, n=1000)
    assert (await api.error(page, id=run_id, n=1001))[0] == "BAD_USER_INPUT"
