"""What a run leaves: events, log lines, artifacts."""

import pytest

from headrace.domain.events import LogLevel
from headrace.store.database import Snapshot
from headrace.store.reads.artifacts import (
    artifact_count,
    artifact_page,
    artifacts_by_id,
    artifacts_of_blocks,
)
from headrace.store.reads.events import event_cursor, event_page, events_scope
from headrace.store.reads.keyset import Window, decode_number
from headrace.store.reads.logs import LogFilter, log_page
from tests.store.reads.world import World, data_set, document

ALL = Window(limit=200)


async def test_a_timeline_is_by_seq_and_without_gaps(world: World, snapshot: Snapshot) -> None:
    run = await world.start(document("chain"))
    await world.finish(run, await world.worker())
    page = await event_page(snapshot, ALL, run)
    assert page.keys == list(range(1, len(page.items) + 1))
    assert page.items[0].kind == "RUN_QUEUED"
    assert page.items[-1].kind == "RUN_SUCCEEDED"
    last = await event_page(snapshot, Window(limit=2, backward=True), run)
    assert last.items == page.items[-2:]


def test_the_cursor_of_an_event_holds_its_run() -> None:
    assert decode_number(event_cursor("run_1", 7), events_scope("run_1")) == 7


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (LogFilter(), [1, 2, 3, 4, 5]),
        (LogFilter(block="b"), [4, 5]),
        (LogFilter(attempt=2), []),
        (LogFilter(min_level=LogLevel.WARNING), [3]),
        (LogFilter(search="HALF"), [2]),
        (LogFilter(search="50%"), [2]),
        (LogFilter(search="5_"), []),
        (LogFilter(search="\\"), [5]),
        (LogFilter(block="a", min_level=LogLevel.INFO, search="a"), [2, 3]),
    ],
)
async def test_lines_meet_every_condition(
    world: World, snapshot: Snapshot, condition: LogFilter, expected: list[int]
) -> None:
    run = await world.start(document("two", "a b", ""))
    a, b = await world.claim(await world.worker(), 2)
    await world.log(a, "begun", "half: 50% at last")
    await world.log(a, "a warning", level=30)
    await world.log(b, "begun", "c:\\temp")
    assert (await log_page(snapshot, ALL, run, condition)).keys == expected


async def test_artifacts_are_in_the_order_of_their_creation(
    world: World, snapshot: Snapshot
) -> None:
    run = await world.start(document("chain"))
    worker = await world.worker()
    a = await world.claim_one(worker)
    summary = await world.publish(a, data_set(name="summary.json"))
    await world.succeed(a, data_set())
    await world.succeed(await world.claim_one(worker), data_set(rows=5))
    page = await artifact_page(snapshot, ALL, run)
    found = [(each.block, each.name, each.rows) for each in page.items]
    assert found == [("a", "summary.json", 2), ("a", "output.arrow", 2), ("b", "output.arrow", 5)]
    assert (await artifact_count(snapshot, run)).value == 3
    assert (await artifacts_by_id(snapshot, [summary])).keys() == {summary}
    of_blocks = await artifacts_of_blocks(snapshot, [(run, 0), (run, 1)])
    assert [each.name for each in of_blocks[run, 0]] == ["summary.json", "output.arrow"]
    assert [each.rows for each in of_blocks[run, 1]] == [5]
