"""Reruns through the whole engine: what is linked, what runs again, what the log says."""

import json
from pathlib import Path
from typing import Any

from headrace.domain.lifecycle import RunStatus
from headrace.domain.reruns import RerunFrom
from headrace.services.reruns import Impossible, Rerun, VersionChoice, plan, rerun
from headrace.services.results import IdempotencyConflict
from headrace.services.runs import RunMissing, Started
from tests.databases import Database
from tests.worker.house import House, call, open_house, settings_for

EDGES = [("make", "twice"), ("twice", "check")]


def blocks(fails: bool = True) -> list[dict[str, Any]]:
    last = call("check", "fail") if fails else call("check", "nothing")
    return [call("make", "numbers", args={"count": 3}), call("twice", "double"), last]


async def again(house: House, asked: Rerun, key: str | None = None) -> Any:
    return await rerun(house.services, asked, principal="me", idempotency_key=key)


async def test_a_rerun_from_failed_links_what_succeeded_and_its_log_says_so(
    tmp_path: Path, database: Database
) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        first = await house.start(blocks(), EDGES)
        assert await house.end(first) is RunStatus.FAILED
        started = await again(house, Rerun(run_id=first))
        assert isinstance(started, Started)
        events = await house.events(started.run_id)
        assert [f"{e.kind} {e.block or ''}".strip() for e in events] == [
            "RUN_QUEUED",
            "RUN_STARTED",
            "BLOCK_SUCCEEDED make",
            "BLOCK_SUCCEEDED twice",
            "BLOCK_READY check",
            "BLOCK_STARTED check",
            "BLOCK_FAILED check",
            "RUN_FAILED",
        ]
        made, linked = await house.block(first, "twice"), await house.block(started.run_id, "twice")
        assert linked.output_id == made.output_id
        assert linked.rows_done == 3
        assert await house.artifacts(started.run_id) == []


async def test_the_latest_version_reuses_what_did_not_change(
    tmp_path: Path, database: Database
) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        first = await house.start(blocks(), EDGES)
        await house.end(first)
        mended = await house.start(blocks(fails=False), EDGES)  # imports the next version
        await house.end(mended)
        started = await again(house, Rerun(run_id=first, version=VersionChoice.LATEST))
        assert await house.end(started.run_id) is RunStatus.SUCCEEDED
        assert await house.attempts(started.run_id) == [(1, "SUCCEEDED")]


async def test_a_plan_says_before_what_a_rerun_does(tmp_path: Path, database: Database) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        first = await house.start(blocks(), EDGES)
        await house.end(first)
        async with house.services.store.snapshot() as snapshot:
            asked = Rerun(run_id=first, start=RerunFrom.BLOCKS, blocks=["twice"])
            found = await plan(snapshot, asked)
            assert await plan(snapshot, Rerun(run_id="run_none")) is None
    assert found is not None
    assert (found.reuse, found.run, found.skip) == (("make",), ("twice", "check"), ())


async def test_what_cannot_be_rerun_says_why_and_leaves_nothing(
    tmp_path: Path, database: Database
) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        assert isinstance(await again(house, Rerun(run_id="run_none")), RunMissing)
        well = await house.start([call("a", "nothing")])
        await house.end(well)
        assert isinstance(await again(house, Rerun(run_id=well)), Impossible)
        held = await house.start([call("a", "hold", args={"folder": str(tmp_path)})])
        refused = await again(house, Rerun(run_id=held, start=RerunFrom.START))
        assert isinstance(refused, Impossible)
        assert "wait for its end" in refused.reasons[0].message
        await house.cancel(held)


async def test_a_key_gives_the_same_rerun_again(tmp_path: Path, database: Database) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        first = await house.start(blocks(), EDGES)
        await house.end(first)
        one = await again(house, Rerun(run_id=first), "k")
        assert await again(house, Rerun(run_id=first), "k") == one
        other = await again(house, Rerun(run_id=first, start=RerunFrom.START), "k")
        assert isinstance(other, IdempotencyConflict)


async def test_a_failing_reused_chain_keeps_the_error_of_its_own_run(
    tmp_path: Path, database: Database
) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        first = await house.start(blocks(), EDGES)
        await house.end(first)
        started = await again(house, Rerun(run_id=first))
        last = (await house.events(started.run_id))[-1]
        assert json.loads(str(last.error))["block"] == "check"
