"""The page of a run: a failure explained at once, and many blocks or lines, few of them drawn."""

from itertools import pairwise

from tests.system.client import Api, call
from tests.system.processes import Server
from tests.web.conftest import Flow

WIDE, DEEP = 20, 25
LINES = 10_000
MOST_ROWS = 60


async def test_a_failed_run_leads_to_its_error_by_one_click_and_by_one_key(
    server: Server, flow: Flow
) -> None:
    async with Api(server.url) as api:
        talker = call("talker", "say_and_make", args={"lines": 300})
        broken = call("broken", "say_and_fail", args={"lines": 700})
        await api.bring_in([talker, broken, call("after", "nothing")], [("broken", "after")])
        run_id = await api.start()
        assert await api.end(run_id) == "FAILED"
    told = await flow("failure", server.url, run_id, "broken")
    reason = "ValueError: Row 700 has no column text"
    assert told["banner"].startswith(f"broken failed: {reason}")
    for way in ("byClick", "byKey", "byLink"):
        assert reason in told[way], way
    assert told["selection"] == "?block=broken"
    assert told["cleared"] == ""
    assert told["title"].startswith("✕ p · run ")


async def test_five_hundred_blocks_are_there_and_few_are_drawn(server: Server, flow: Flow) -> None:
    names = [[f"b{layer}_{at}" for at in range(WIDE)] for layer in range(DEEP)]
    edges = [
        (names[layer - 1][place], names[layer][at])
        for layer in range(1, DEEP)
        for at in range(WIDE)
        for place in {at, (at * 7 + layer) % WIDE}
    ]
    async with Api(server.url) as api:
        blocks = [call(name, "nothing") for layer in names for name in layer]
        await api.bring_in(blocks, edges)
        run_id = await api.start()
        told = await flow("large", server.url, run_id, names[-1][-1], str(len(blocks)))
        await api.cancel_all()
        await api.end(run_id)
    assert 2 <= told["drawn"] < WIDE * DEEP / 2
    assert told["edges"] > 0
    assert told["onMap"] == WIDE * DEEP
    assert told["zoom"] >= 0.35
    assert told["rows"] <= MOST_ROWS
    assert told["listed"] == WIDE * DEEP


async def test_the_first_sight_of_many_blocks_is_where_it_failed(
    server: Server, flow: Flow
) -> None:
    before = [f"before{at}" for at in range(DEEP // 5)]
    after = [[f"b{layer}_{at}" for at in range(WIDE)] for layer in range(DEEP)]
    names = [*before, "broken"]
    edges = list(pairwise(names)) + [("broken", name) for name in after[0]]
    for upper, lower in pairwise(after):
        edges += zip(upper, lower, strict=True)
    async with Api(server.url) as api:
        blocks = [call(name, "nothing") for name in [*before, *(n for row in after for n in row)]]
        blocks.append(call("broken", "no_such_function"))
        await api.bring_in(blocks, edges)
        run_id = await api.start()
        assert await api.end(run_id) == "FAILED"
    told = await flow("first-sight", server.url, run_id, "broken")
    assert told["isInSight"]
    assert told["zoom"] >= 0.35
    assert told["drawn"] < WIDE * DEEP / 2


async def test_ten_thousand_lines_are_read_with_few_of_them_drawn(
    server: Server, flow: Flow
) -> None:
    async with Api(server.url) as api:
        await api.bring_in([call("talker", "say_and_make", args={"lines": LINES})])
        run_id = await api.start()
        assert await api.end(run_id) == "SUCCEEDED"
    told = await flow("log", server.url, run_id, str(LINES))
    assert told["mostRows"] <= MOST_ROWS
    assert told["rows"] <= MOST_ROWS
    assert told["chosen"] == str(LINES // 2)
    assert "line 77" in told["found"]
