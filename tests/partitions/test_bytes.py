"""What partitions leave in the content store: kept while their block needs it, then let go."""

from pathlib import Path

from headrace.domain.lifecycle import RunStatus
from headrace.services.collecting import collect_content
from headrace.store.burying import bury
from headrace.store.tables import partition_contents, tombstones
from headrace.store.transaction import Transaction
from tests.databases import Database
from tests.partitions.ground import held, house_of, rows_of, split, start
from tests.services.test_cleanup import all_rows, an_hour_passes
from tests.worker.house import House


def files(house: House) -> set[Path]:
    return set((house.services.content.root / "sha256").glob("*/*"))


async def collected_after_an_hour(house: House, paths: set[Path]) -> int:
    for path in paths:
        await an_hour_passes(house, path)
    return await collect_content(house.services.store, house.services.content)


async def test_bytes_of_partitions_go_an_hour_after_their_block(
    tmp_path: Path, database: Database
) -> None:
    args = {"folder": str(tmp_path)}
    async with house_of(tmp_path, database, inline_bytes=0) as house:
        store, content = house.services.store, house.services.content
        run_id = await start(house, split("noted", args=args))
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        parts = files(house) - {content.path(a.uri) for a in await house.artifacts(run_id)}
        assert len(parts) == 4
        assert await collect_content(store, content) == 0
        assert await collected_after_an_hour(house, parts) == 4
        assert files(house).isdisjoint(parts)
        assert await all_rows(house, tombstones) == []
        assert await rows_of(house, run_id) == [{"n": n * 2} for n in range(10)]


async def test_bytes_that_an_unfinished_block_needs_are_not_collected(
    tmp_path: Path, database: Database
) -> None:
    """A run that made the same bytes, and is cleaned up, has left a tombstone for them."""
    args = {"folder": str(tmp_path), "at": 5}
    async with house_of(tmp_path, database, inline_bytes=0) as house:
        run_id = await start(house, split("hold_from", args=args))
        await held(tmp_path, 5, 7)
        needed = await house.rows(partition_contents, run_id)
        assert len(needed) == 2

        def bury_them(tx: Transaction) -> None:
            for row in needed:
                bury(tx, row.sha256, row.uri)

        await house.services.store.write(bury_them)
        found = {house.services.content.path(row.uri) for row in needed}
        paths = {path for path in found if path is not None}
        assert len(paths) == len(needed)
        assert await collected_after_an_hour(house, paths) == 0
        (tmp_path / "go").touch()
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        assert await rows_of(house, run_id) == [{"n": n * 2} for n in range(10)]
