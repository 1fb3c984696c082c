"""/metrics of a server whose blocks run elsewhere: what happened there is told here."""

from itertools import pairwise

import httpx

from tests.databases import Database
from tests.system.client import Api, call
from tests.system.following import follow_run
from tests.system.grounds import Grounds

BLOCKS = 4


async def told(url: str) -> dict[str, float]:
    async with httpx.AsyncClient(base_url=url) as http:
        lines = (await http.get("/metrics")).text.splitlines()
    samples = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in samples}


async def test_claims_of_another_process_and_the_lag_of_events_are_measured(
    own_grounds: Grounds,
) -> None:
    server, worker = own_grounds.serve("--no-worker"), own_grounds.worker()
    await own_grounds.up(server, worker)
    async with Api(server.url) as api:
        names = [f"b{number}" for number in range(BLOCKS)]
        blocks = [call(name, "nothing") for name in names]
        await api.bring_in(blocks, list(pairwise(names)))
        run_id = await api.start()
        events = await follow_run(server.url, run_id).to_the_end()
        assert events[-1]["kind"] == "RUN_SUCCEEDED"
    found = await told(server.url)
    assert found["headrace_claim_latency_seconds_count"] == BLOCKS
    assert found['headrace_claim_latency_seconds_bucket{le="+Inf"}'] == BLOCKS
    assert 0 <= found["headrace_claim_latency_seconds_sum"] < 60
    assert found["headrace_event_lag_seconds_count"] > 0
    assert found['headrace_workers{status="ACTIVE"}'] == 1
    assert found['headrace_queue_blocks{status="READY"}'] == 0


async def test_a_killed_worker_is_a_lost_lease(own_grounds: Grounds, database: Database) -> None:
    lease = database.short_lease
    server, worker = own_grounds.serve("--no-worker", **lease), own_grounds.worker(**lease)
    await own_grounds.up(server, worker)
    own_grounds.excused.add(worker)
    await own_grounds.kill(worker)
    second = own_grounds.worker(**lease)
    await own_grounds.up(second)
    async with Api(server.url) as api:
        # The sweep that frees what the dead worker held comes within a second or two of its lease.
        await api.bring_in([call("a", "nothing")])
        while (await told(server.url))["headrace_lease_losses_total"] == 0:
            assert await api.end(await api.start()) == "SUCCEEDED"
    assert (await told(server.url))['headrace_workers{status="LOST"}'] == 1
