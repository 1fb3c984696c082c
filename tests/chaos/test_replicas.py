"""Two servers and three workers on one database; some of them are killed."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.chaos import work
from tests.databases import POSTGRESQL
from tests.system.client import Api
from tests.system.following import follow_log, follow_run
from tests.system.grounds import Grounds
from tests.system.signs import let_go, running

RUNS = 6


@pytest.mark.parametrize("database", [POSTGRESQL], indirect=True)
async def test_whoever_watched_a_killed_replica_goes_on_at_the_other_where_it_left_off(
    grounds: Grounds, tmp_path: Path
) -> None:
    one, two = grounds.serve("--no-worker"), grounds.serve("--no-worker")
    workers = [grounds.worker() for _ in range(3)]
    await grounds.up(one, two, *workers)
    async with Api(one.url) as first, Api(two.url) as second:
        await work.bring_in(first, tmp_path)
        held = [await first.start("held") for _ in range(RUNS // 2)]
        slow = [await second.start("slow") for _ in range(RUNS)]
        urls = [one.url, two.url]
        events = [follow_run(urls, each, drops=random.Random(each)) for each in [*held, *slow]]
        logs = [follow_log(urls, each) for each in [*held, *slow]]
        watching = [asyncio.create_task(each.to_the_end()) for each in [*events, *logs]]
        pids = [await running(tmp_path, run_id, "hold") for run_id in held]
        (doomed, *_) = [each for each in workers if {p.pid for p in each.family()} & set(pids)]
        lost = {p.pid for p in doomed.family()} & set(pids)
        await grounds.kill(one, doomed)
        for run_id, pid in zip(held, pids, strict=True):
            if pid in lost:
                await running(tmp_path, run_id, "hold", attempt=2)
        let_go(tmp_path)
        runs = await work.all_succeed(second, [*held, *slow])
        seen = await asyncio.gather(*watching)
        assert seen[: len(runs)] == [run["timeline"]["nodes"] for run in runs]
        assert all(each.connections > 1 for each in logs[: len(held)])
    names = [each["worker"] for run in runs for b in run["blocks"] for each in b["attempts"]]
    assert len({each["id"] for each in names if each}) > 1
