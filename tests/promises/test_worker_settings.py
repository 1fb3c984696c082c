"""What the settings of workers and blocks do, seen from outside."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from headrace.services import sweeper
from headrace.store import workers as store_workers
from headrace.store.clock import lease_ms
from headrace.store.tables import artifacts, memo, workers
from tests.databases import Database
from tests.llm.gemini_server import GeminiServer
from tests.llm.test_runs import gemini_settings, run
from tests.services.test_cleanup import old_run
from tests.services.test_forgetting import keep
from tests.system.client import Api, call
from tests.system.grounds import Grounds
from tests.system.signs import running
from tests.worker.house import PATIENCE, House, open_house, settings_for

WHY = "query Why($run: ID!) { run(id: $run) { waitingReasons { code } } }"


async def test_worker_concurrency_is_how_many_blocks_run_at_once(
    own_grounds: Grounds, tmp_path: Path
) -> None:
    server = own_grounds.serve(WORKER_CONCURRENCY="1")
    async with Api(server.url) as api:
        await api.bring_in([call("a", "hold", args={"folder": str(tmp_path)})])
        first, second = await api.start(), await api.start()
        await running(tmp_path, first, "a")
        (reason,) = (await api.ask(WHY, run=second))["run"]["waitingReasons"]
        assert reason["code"] == "WORKERS_BUSY"
        (worker,) = (await api.ask("{ workers { nodes { capacity } } }"))["workers"]["nodes"]
        assert worker["capacity"] == 1
        (tmp_path / "go").touch()
        assert [await api.end(each) for each in (first, second)] == ["SUCCEEDED"] * 2


async def test_block_timeout_seconds_is_the_limit_of_a_block_that_gives_none(
    own_grounds: Grounds, tmp_path: Path
) -> None:
    server = own_grounds.serve(BLOCK_TIMEOUT_SECONDS="1")
    async with Api(server.url) as api:
        folder = {"folder": str(tmp_path)}
        await api.bring_in([call("a", "hold", args=folder)])
        await api.bring_in([call("a", "hold", args=folder, timeoutSeconds=600)], name="own")
        patient = await api.start("own")
        hasty = await api.start()
        assert await api.end(hasty) == "FAILED"
        (block,) = (await api.state(hasty))["blocks"]
        assert block["error"]["kind"] == "TIMED_OUT"
        (tmp_path / "go").touch()
        assert await api.end(patient) == "SUCCEEDED"


async def test_a_block_fails_when_its_worker_was_lost_more_often_than_max_worker_losses(
    own_grounds: Grounds, tmp_path: Path
) -> None:
    settings = {"MAX_WORKER_LOSSES": "1", "LEASE_SECONDS": "2"}
    server = own_grounds.serve("--no-worker", **settings)
    async with Api(server.url) as api:
        await api.bring_in([call("a", "hold", args={"folder": str(tmp_path)})])
        run_id = await api.start()
        for attempt in (1, 2):
            worker = own_grounds.worker(**settings)
            await running(tmp_path, run_id, "a", attempt=attempt)
            await own_grounds.kill(worker)
        assert await api.end(run_id) == "FAILED"
        (block,) = (await api.state(run_id))["blocks"]
    assert block["error"]["kind"] == "WORKER_LOST"
    assert [each["status"] for each in block["attempts"]] == ["WORKER_LOST"] * 2


async def test_lease_seconds_is_how_long_a_silent_worker_is_believed_and_a_third_its_heartbeat(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats: list[int] = []
    enough = asyncio.Event()
    real = store_workers.beat
    loop = asyncio.get_running_loop()

    def beat(*args: object, **rest: object) -> object:
        beats.append(lease_ms())
        if len(beats) == 3:
            loop.call_soon_threadsafe(enough.set)
        return partial(real, *args, **rest)()  # type: ignore[arg-type] # handed on as it came

    monkeypatch.setattr(store_workers, "beat", beat)
    async with open_house(settings_for(tmp_path, database, lease_seconds=3)) as house:
        async with asyncio.timeout(PATIENCE):
            await enough.wait()
        async with house.services.store.snapshot() as snapshot:
            (row,) = await snapshot.all(select(workers.c.lease_until))
            left = row.lease_until - (await snapshot.moment()).clock
    assert 0 < left <= 3_000
    assert 2_000 - 100 <= beats[2] - beats[0] < 3_000


async def test_retention_days_and_ledger_retention_days_are_kept_by_themselves(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RETENTION_DAYS and LEDGER_RETENTION_DAYS: nobody asks, and what is older goes."""
    monkeypatch.setattr(sweeper, "_FIRST_HOURLY_SECONDS", 0)
    settings = settings_for(tmp_path, database, retention_days=5, ledger_retention_days=7)
    async with open_house(settings_for(tmp_path, database, retention_days=0)) as house:
        old, young = await old_run(house, days=6), await old_run(house, days=4)
        await keep(house, ["old"], days_ago=8)
        await keep(house, ["young"], days_ago=6)
    async with open_house(settings, workers=0) as house, asyncio.timeout(PATIENCE):
        # What goes by itself tells nobody who could be waited for.
        while await house.rows(artifacts, old) or await _kept(house) != {"young"}:  # noqa: ASYNC110 # see above
            await asyncio.sleep(0.01)
        assert await house.rows(artifacts, young)


async def _kept(house: House) -> set[str]:
    async with house.services.store.snapshot() as snapshot:
        return {row.key for row in await snapshot.all(select(memo.c.key))}


async def test_llm_temperature_is_what_the_provider_is_given(
    tmp_path: Path, database: Database
) -> None:
    with GeminiServer() as server:
        settings = gemini_settings(tmp_path, database, server, "a", llm_temperature=0.7)
        async with open_house(settings) as house:
            await house.end(await run(house))
        (asked,) = server.calls
    assert asked.body["generationConfig"]["temperature"] == 0.7
