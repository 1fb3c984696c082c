"""What was at work when the file was left: in the copy it is taken away at the first sweep."""

from pathlib import Path

from headrace.domain.lifecycle import RunStatus
from headrace.store import leases, sweeps
from headrace.store.copying.copy import copy_database
from headrace.store.database import Store
from headrace.store.reads.runs import runs_by_id
from headrace.store.reads.workers import crew_now
from tests.store.reads.world import World, document
from tests.system.postgres import Postgres


async def test_blocks_and_leases_of_the_dead_are_free_at_once(
    tmp_path: Path, postgres: Postgres
) -> None:
    """Although their leases had an hour to go, on the clock of the machine that they are of."""
    world = World(await Store.open(tmp_path / "db.sqlite3"))
    worker = await world.worker()
    held = await world.start(document("held", "a", ""))
    mine = await world.claim_one(worker)
    cancelling = await world.start(document("cancelling", "a", ""))
    await world.claim_one(worker)
    assert await world.cancel(cancelling)
    lease = await world.write(leases.take, "relay", owner="o", address=None, seconds=3_600)
    assert lease is not None
    await world.store.close()

    address = postgres.bare()
    await copy_database(tmp_path / "db.sqlite3", address)
    world = World(await Store.open(address))
    async with world.store.snapshot() as snapshot:
        assert (await crew_now(snapshot)).workers == ()
    again = await world.write(leases.take, "relay", owner="p", address=None, seconds=10)
    assert again == leases.Lease("relay", lease.fence + 1)
    assert not await world.write(leases.renew, lease, seconds=10)
    assert await world.write(sweeps.revoke_overdue_cancellations) == 1
    assert await world.write(sweeps.collect_lost_workers, [], 3) == 1
    taken = await world.claim_one(await world.worker("new"))
    assert (taken.claim.run_id, taken.claim.number > mine.claim.number) == (held, True)
    await world.succeed(taken)
    async with world.store.snapshot() as snapshot:
        found = await runs_by_id(snapshot, [held, cancelling])
    assert found[held].status == RunStatus.SUCCEEDED
    assert found[cancelling].status == RunStatus.CANCELLED
    await world.store.close()
