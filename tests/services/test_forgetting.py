"""LEDGER_RETENTION_DAYS: what the memo kept longer ago goes with the hourly tidying."""

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select, update

from headrace.services.firing import Firing
from headrace.services.sweeper import Sweeper, SweepLimits
from headrace.store.attempt_notes import record_memos
from headrace.store.claims import Claim
from headrace.store.clock import wall_ms
from headrace.store.forgetting import AT_ONCE
from headrace.store.statements import Statement
from headrace.store.tables import memo
from tests.databases import Database
from tests.worker.house import House, open_house, settings_for

DAY = 86_400_000
_AGE = Statement(
    update(memo).where(memo.c.key == bindparam("the_key")).values(created_at=bindparam("at"))
)
NOBODY = Claim(run_id="run_none", position=0, number=1, worker_id="wrk_none")


async def keep(house: House, keys: list[str], days_ago: int) -> None:
    items = dict.fromkeys(keys, 1)
    write = house.services.store.write
    await write(partial(record_memos, claim=NOBODY, items=items, usages=[], number=1))
    at = wall_ms() - days_ago * DAY
    await write(lambda tx: tx.change_many(_AGE, [{"the_key": key, "at": at} for key in keys]))


@pytest.mark.parametrize(("days", "left"), [(365, {"new", "fair"}), (0, None)])
async def test_old_answers_go_and_zero_keeps_them(
    tmp_path: Path, database: Database, days: int, left: set[str] | None
) -> None:
    async with open_house(settings_for(tmp_path, database), workers=0) as house:
        services = house.services
        old = [f"old {number}" for number in range(AT_ONCE + 1)]
        await keep(house, old, days_ago=366)
        await keep(house, ["fair"], days_ago=364)
        await keep(house, ["new"], days_ago=0)
        limits = SweepLimits(
            queue_timeout_seconds=0,
            max_worker_losses=3,
            retention_days=0,
            ledger_retention_days=days,
        )
        firing = Firing(services.store, services.starter)
        sweeper = Sweeper(services.store, services.wakeups, services.content, firing, limits)
        await sweeper.tidy_hourly()
        async with services.store.snapshot() as snapshot:
            found = {row.key for row in await snapshot.all(select(memo.c.key))}
    assert found == (left or {*old, "fair", "new"})
