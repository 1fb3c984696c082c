"""How soon the sweep comes again: each second where something may become due, else seldom."""

import asyncio
from pathlib import Path

import pytest

from headrace.domain.lifecycle import RunStatus
from headrace.services import sweeper as sweeping
from headrace.services.firing import Firing
from headrace.services.sweeper import Sweeper, SweepLimits
from tests.databases import Database
from tests.worker.house import PATIENCE, House, call, open_house, settings_for

SECOND = 1.0


def sweeper_of(house: House, *, queue_timeout_seconds: float = 0) -> Sweeper:
    services = house.services
    limits = SweepLimits(
        queue_timeout_seconds=queue_timeout_seconds,
        max_worker_losses=3,
        retention_days=0,
        ledger_retention_days=0,
    )
    firing = Firing(services.store, services.starter)
    return Sweeper(services.store, services.wakeups, services.content, firing, limits)


async def test_the_sweep_rests_where_nothing_but_a_schedule_can_become_due(
    tmp_path: Path, database: Database
) -> None:
    async with open_house(settings_for(tmp_path, database), workers=0) as house:
        sweeper = sweeper_of(house)
        assert await sweeper.run_once() > SECOND
        run_id = await house.start([call("a", "one_row")])
        assert await sweeper.run_once() <= SECOND
        await house.cancel(run_id)
        assert await sweeper.run_once() > SECOND


async def test_a_sweep_that_rests_is_back_at_its_pace_when_a_run_comes(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Breaks when a hint of a new run is not heard: the rest is then slept out."""
    monkeypatch.setattr(sweeping, "_REST_SECONDS", 3600.0)
    settings = settings_for(tmp_path, database, queue_timeout_seconds=0)
    async with open_house(settings, workers=0) as house:
        sweeper = sweeper_of(house, queue_timeout_seconds=0.001)
        resting, sweep = asyncio.Event(), sweeper.run_once

        async def told() -> float:
            wait = await sweep()
            if wait > SECOND:
                resting.set()
            return wait

        sweeper.run_once = told  # type: ignore[method-assign] # the test hears when it rests
        sweeper.start()
        async with asyncio.timeout(PATIENCE):
            await resting.wait()
            run_id = await house.start([call("a", "one_row")])
            events = await house.events(run_id)
        await sweeper.stop()
    assert events[-1].status == RunStatus.FAILED


async def test_another_process_with_a_worker_keeps_the_sweep_at_its_pace(
    tmp_path: Path, database: Database
) -> None:
    """Breaks when it rests all the same: a killed worker is then found out late."""
    settings = settings_for(tmp_path, database)
    async with open_house(settings, workers=0) as house:
        sweeper = sweeper_of(house)
        assert await sweeper.run_once() > SECOND
        async with open_house(settings, workers=1):
            assert await sweeper.run_once() <= SECOND
        assert await sweeper.run_once() > SECOND
