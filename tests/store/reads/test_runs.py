"""Lists of runs: order, filters, counts."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, update

from headrace.domain.ids import IdFactory
from headrace.domain.lifecycle import RunStatus
from headrace.store.database import Snapshot
from headrace.store.postgres.server import Server
from headrace.store.reads.keyset import Window
from headrace.store.reads.run_filters import RunFilter
from headrace.store.reads.runs import (
    EXACT_COUNT,
    labels_of,
    matching_runs,
    run_count,
    run_page,
    runs_by_id,
)
from headrace.store.statements import Statement
from headrace.store.tables import runs
from headrace.store.transaction import Transaction
from tests.databases import Database
from tests.store.reads.world import World, document

ALL = Window(limit=200)
Y2026 = 1_767_225_600_000  # 2026-01-01, in ms
_CREATED = Statement(
    update(runs).where(runs.c.id == bindparam("run")).values(created_at=bindparam("at"))
)


async def ids(snapshot: Snapshot, condition: RunFilter, wanted: Window = ALL) -> list[str]:
    page = await run_page(snapshot, wanted, condition)
    count = await run_count(snapshot, condition)
    assert count.exact
    assert count.value == len(page.items)
    found = [run.id for run in page.items]
    assert await matching_runs(snapshot, found, condition) == set(found)
    return found


@pytest.fixture
async def three(world: World) -> list[str]:
    """`etl` with team=x, `etl` with team=y and tier=1, `web` with team=x and tier=1."""
    etl = await world.save(document("etl"))
    return [
        await world.start(etl, labels={"team": "x"}),
        await world.start(etl, labels={"team": "y", "tier": "1"}),
        await world.start(document("web"), labels={"team": "x", "tier": "1"}),
    ]


async def test_runs_come_newest_first(snapshot: Snapshot, three: list[str]) -> None:
    assert await ids(snapshot, RunFilter()) == three[::-1]


async def test_pages_of_runs_meet(snapshot: Snapshot, three: list[str]) -> None:
    page = await run_page(snapshot, Window(limit=2))
    assert [run.id for run in page.items] == [three[2], three[1]]
    assert page.has_next
    rest = await run_page(snapshot, Window(limit=2, after=page.keys[-1]))
    assert [run.id for run in rest.items] == [three[0]]
    assert not rest.has_next


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (RunFilter(pipeline="etl"), [1, 0]),
        (RunFilter(pipeline="nobody"), []),
        (RunFilter(labels=(("team", "x"),)), [2, 0]),
        (RunFilter(labels=(("tier", "1"), ("team", "x"))), [2]),
        (RunFilter(labels=(("team", "x"), ("team", "y"))), []),
        (RunFilter(pipeline="etl", labels=(("tier", "1"),)), [1]),
        (RunFilter(search="ETL"), [1, 0]),
        (RunFilter(search="nobody"), []),
        (RunFilter(search="e_l"), []),
        (RunFilter(search="etl", labels=(("team", "x"),)), [0]),
        (RunFilter(status=frozenset()), []),
        (RunFilter(status=frozenset({RunStatus.QUEUED}), labels=(("team", "x"),)), [2, 0]),
        (RunFilter(status=frozenset({RunStatus.RUNNING, RunStatus.FAILED})), []),
    ],
)
async def test_every_condition_must_hold(
    snapshot: Snapshot, three: list[str], condition: RunFilter, expected: list[int]
) -> None:
    assert await ids(snapshot, condition) == [three[index] for index in expected]


async def test_a_part_of_an_id_finds_its_run(snapshot: Snapshot, three: list[str]) -> None:
    assert await ids(snapshot, RunFilter(search=three[1][-8:].upper())) == [three[1]]
    assert await ids(snapshot, RunFilter(search="run_")) == three[::-1]


async def test_status_is_that_of_the_moment(
    world: World, snapshot: Snapshot, three: list[str]
) -> None:
    worker = await world.worker()
    await world.claim_one(worker)
    await world.cancel(three[1])
    active = RunFilter(status=frozenset({RunStatus.RUNNING, RunStatus.QUEUED}))
    assert await ids(snapshot, active) == [three[2], three[0]]
    over = RunFilter(status=frozenset({RunStatus.CANCELLED}))
    assert await ids(snapshot, over) == [three[1]]


async def test_creation_is_bounded_on_both_sides(world: World, snapshot: Snapshot) -> None:
    """`createdAfter` includes its moment and `createdBefore` does not, whatever the ids say."""
    saved = await world.save(document("etl"))
    found = [await world.start(saved) for _ in range(3)]
    (row,) = (await runs_by_id(snapshot, found[:1])).values()
    base = row.created_at

    for index, run_id in enumerate(found):
        values = {"run": run_id, "at": base + 1_000 * index}
        await world.write(lambda tx, values=values: tx.change(_CREATED, values))
    async with world.store.snapshot() as fresh:
        after = RunFilter(created_after=base + 1_000)
        assert await ids(fresh, after) == [found[2], found[1]]
        before = RunFilter(created_before=base + 1_000)
        assert await ids(fresh, before) == [found[0]]
        both = RunFilter(created_after=base + 1, created_before=base + 2_000)
        assert await ids(fresh, both) == [found[1]]
        far = RunFilter(created_after=-(10**15), created_before=10**15)
        assert await ids(fresh, far) == found[::-1]


async def test_a_filter_is_never_compiled_anew(world: World, snapshot: Snapshot) -> None:
    """Statements depend on the shape of a filter alone: another value is no other statement."""
    await world.start(document("etl"), labels={"team": "x"})
    statements: set[int] = set()
    plain = snapshot.all

    async def noted(statement: Any, **params: Any) -> Any:
        statements.add(id(statement))
        return await plain(statement, **params)

    snapshot.all = noted  # type: ignore[method-assign] # a spy on this one snapshot
    for value in ("x", "y", "z"):
        await run_page(snapshot, ALL, RunFilter(labels=(("team", value),), pipeline=value))
    assert len(statements) == 1


async def test_labels_come_by_key(snapshot: Snapshot, three: list[str]) -> None:
    found = await labels_of(snapshot, three)
    assert found[three[1]] == [("team", "y"), ("tier", "1")]


def _insert_many(tx: Transaction, like: str, factory: IdFactory, statuses: list[str]) -> None:
    row = tx.first(Statement(select(runs).where(runs.c.id == bindparam("run"))), {"run": like})
    assert row is not None
    add = Statement(insert(runs).values({column: bindparam(column.name) for column in runs.c}))
    ended = {"SUCCEEDED", "FAILED"}
    tx.change_many(
        add,
        (
            {
                **row._asdict(),
                "id": factory.make("run"),
                "status": status,
                "finished_at": row.created_at if status in ended else None,
            }
            for status in statuses
        ),
    )


async def analyzed(address: str) -> None:
    connection = await Server(address).connect()
    await connection.execute("ANALYZE runs")
    await connection.close()


async def test_long_lists_are_estimated(
    world: World, snapshot: Snapshot, database: Database
) -> None:
    """Half of 30,000 runs failed: an estimate says about 15,000, and that it is one."""
    first = await world.start(document("etl"))
    statuses = ["SUCCEEDED", "FAILED"] * 15_000
    await world.write(partial(_insert_many, like=first, factory=IdFactory(), statuses=statuses))
    if not database.is_file:
        await analyzed(str(database.where))  # as it does by itself after a while
    failed = await run_count(snapshot, RunFilter(status=frozenset({RunStatus.FAILED})))
    assert not failed.exact
    assert failed.value == pytest.approx(15_000, rel=0.01)
    everything = await run_count(snapshot)
    assert not everything.exact
    assert everything.value == pytest.approx(30_001, rel=0.01)
    queued = await run_count(snapshot, RunFilter(status=frozenset({RunStatus.QUEUED})))
    assert (queued.value, queued.exact) == (1, True)
    lately = await run_count(snapshot, RunFilter(created_after=Y2026, created_before=10**14))
    assert lately.value == pytest.approx(30_001, rel=0.01)
    assert EXACT_COUNT == 10_000
