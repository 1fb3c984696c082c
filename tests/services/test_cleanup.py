"""Cleanup: old runs go, what a rerun linked stays, bytes go an hour after their last row."""

import os
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select, update

from headrace.domain.lifecycle import RunStatus
from headrace.live.run_changes import changed_runs
from headrace.services.artifacts import ArtifactRemoved, Located, locate
from headrace.services.cleanup import Cleaned, cleanup
from headrace.services.collecting import collect_content
from headrace.services.reruns import Rerun, rerun
from headrace.services.results import IdempotencyConflict, OutOfRange
from headrace.store.clock import wall_ms
from headrace.store.statements import Statement
from headrace.store.tables import artifacts, events, runs, tombstones
from headrace.store.transaction import Transaction
from tests.databases import Database
from tests.worker.house import House, call, open_house, settings_for

DAY = 86_400_000
HOUR = 3_600_000
_AGE = Statement(
    update(runs).where(runs.c.id == bindparam("run")).values(finished_at=bindparam("finished"))
)


async def age(house: House, run_id: str, days: int) -> None:
    """Makes a run look as if it had finished so many days ago."""
    values = {"run": run_id, "finished": wall_ms() - days * DAY}
    await house.services.store.write(lambda tx: tx.change(_AGE, values))


async def clean(house: House, days: int, *, dry_run: bool = False, key: str | None = None) -> Any:
    return await cleanup(
        house.services,
        older_than_days=days,
        dry_run=dry_run,
        principal="me",
        idempotency_key=key,
    )


async def all_rows(house: House, table: Any) -> list[Any]:
    async with house.services.store.snapshot() as snapshot:
        return list(await snapshot.all(select(table)))


async def old_run(house: House, days: int = 10, count: int = 3) -> str:
    run_id = await house.start([call("make", "numbers", args={"count": count})])
    assert await house.end(run_id) is RunStatus.SUCCEEDED
    await age(house, run_id, days)
    return run_id


async def test_old_finished_runs_go_and_the_rest_stays(tmp_path: Path, database: Database) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        old, young = await old_run(house), await old_run(house, days=2)
        held = await house.start([call("a", "hold", args={"folder": str(tmp_path)})])
        told = await clean(house, 5, dry_run=True)
        assert (told.runs, told.artifacts, told.dry_run) == (1, 1, True)
        assert len(await all_rows(house, runs)) == 3
        done = await clean(house, 5)
        assert done == Cleaned(runs=1, artifacts=1, bytes=told.bytes, dry_run=False)
        assert {row.id for row in await all_rows(house, runs)} == {young, held}
        assert old not in {row.run_id for row in await all_rows(house, events)}
        (tmp_path / "go").touch()
        await house.end(held)


async def test_a_removed_artifact_is_known_as_removed_and_its_bytes_go_after_an_hour(
    tmp_path: Path,
    database: Database,
) -> None:
    async with open_house(settings_for(tmp_path, database, inline_bytes=0)) as house:
        run_id = await old_run(house)
        (artifact,) = await house.artifacts(run_id)
        path = house.services.content.path(artifact.uri)
        assert path is not None
        await clean(house, 5)
        assert isinstance(await locate(house.services, artifact.id), ArtifactRemoved)
        assert await collect_content(house.services.store, house.services.content) == 0
        assert path.exists()
        await an_hour_passes(house, path)
        assert await collect_content(house.services.store, house.services.content) == 1
        assert not path.exists()
        assert await all_rows(house, tombstones) == []


async def test_bytes_that_another_run_made_again_stay(tmp_path: Path, database: Database) -> None:
    async with open_house(settings_for(tmp_path, database, inline_bytes=0)) as house:
        await old_run(house)
        again = await old_run(house, days=0)
        await clean(house, 5)
        (kept,) = await house.artifacts(again)
        path = house.services.content.path(kept.uri)
        assert path is not None
        await an_hour_passes(house, path)
        assert await collect_content(house.services.store, house.services.content) == 0
        assert isinstance(await locate(house.services, kept.id), Located)


async def test_what_a_rerun_linked_outlives_its_first_owner_and_goes_with_the_rerun(
    tmp_path: Path,
    database: Database,
) -> None:
    blocks = [call("make", "numbers", args={"count": 3}), call("check", "fail")]
    async with open_house(settings_for(tmp_path, database)) as house:
        first = await house.start(blocks, [("make", "check")])
        await house.end(first)
        (made,) = await house.artifacts(first)
        second: Any = await rerun(house.services, Rerun(run_id=first), principal="me")
        await house.end(second.run_id)
        await age(house, first, 10)
        assert (await clean(house, 5, dry_run=True)).artifacts == 0
        assert (await clean(house, 5)).artifacts == 0
        (row,) = await all_rows(house, artifacts)
        assert (row.id, row.run_id, row.removed_at) == (made.id, None, None)
        await age(house, second.run_id, 10)
        assert (await clean(house, 5, dry_run=True)).artifacts == 1
        assert (await clean(house, 5)).artifacts == 1


async def test_many_runs_go_in_short_transactions(tmp_path: Path, database: Database) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        for _ in range(23):
            await old_run(house, count=1)
        assert (await clean(house, 5)).runs == 23


async def test_a_deletion_is_told_to_those_who_watch_lists(
    tmp_path: Path, database: Database
) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        run_id = await old_run(house)
        seen = 0
        async for ids in changed_runs(house.services.store, house.services.wakeups):
            seen += ids.count(run_id)
            if seen == 1:
                await clean(house, 5)
            if seen == 2:
                break


async def test_bounds_and_keys(tmp_path: Path, database: Database) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        assert await clean(house, -1) == OutOfRange("olderThanDays", 0, 36_500)
        await old_run(house)
        first = await clean(house, 5, key="k")
        assert first.runs == 1
        assert await clean(house, 5, key="k") == first
        assert isinstance(await clean(house, 6, key="k"), IdempotencyConflict)


async def an_hour_passes(house: House, path: Path) -> None:
    """For the tombstones and for the file."""
    earlier = Statement(update(tombstones).values(since=tombstones.c.since - bindparam("ms")))

    def unit(tx: Transaction) -> None:
        tx.change(earlier, {"ms": HOUR})

    await house.services.store.write(partial(unit))
    stamp = (wall_ms() - HOUR - 1_000) / 1000
    os.utime(path, (stamp, stamp))
