"""How often a group goes to the server and back, and what it waits for."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from headrace.store import attempts
from headrace.store.claims import ClaimedBlock, claim_blocks
from headrace.store.database import Store
from headrace.store.hints import Hints
from headrace.store.postgres.server import DIALECT, Server
from headrace.store.runs import create_run
from headrace.store.taking import _TAKE_FREE
from tests.databases import POSTGRESQL, Database
from tests.store.holding import held
from tests.store.postgres.test_beside_others import new_run, register, saved

pytestmark = pytest.mark.parametrize("database", [POSTGRESQL], indirect=True)
_OF_A_TRANSACTION = ("BEGIN", "COMMIT", "SELECT (extract")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements of all connections that are made, transactions' own words left out."""
    found: list[str] = []
    connect = Server.connect

    def note(record: Any) -> None:
        if not record.query.startswith(_OF_A_TRANSACTION):
            found.append(record.query)

    async def listened(self: Server, *, idle_seconds: int = 0) -> Any:
        connection = await connect(self, idle_seconds=idle_seconds)
        connection.add_query_logger(note)
        return connection

    monkeypatch.setattr(Server, "connect", listened)
    return found


@pytest.fixture
async def store(database: Database, asked: list[str]) -> AsyncIterator[Store]:
    opened = await database.open()
    yield opened
    await opened.close()


async def claim(store: Store, worker: str, most: int) -> list[ClaimedBlock]:
    return await store.write(partial(claim_blocks, worker_id=worker, most=most), last=True)


@pytest.mark.parametrize("chained", [False, True])
async def test_a_group_asks_as_often_for_many_blocks_as_for_a_few(
    store: Store, asked: list[str], chained: bool
) -> None:
    """Ends, what they make READY, and the next claim: each kind of statement once."""
    made = await saved(store, ["a", "b"], [("a", "b")] if chained else [])
    worker = await register(store)
    counts = []
    for number in (2, 2, 8):  # the first reads what the process keeps
        for _ in range(number):
            await store.write(partial(create_run, new=new_run(made)))
        first = await claim(store, worker, number)
        assert len(first) == number
        with held(store) as waiting:
            asked.clear()
            ends = [
                store.write(
                    partial(attempts.succeed, claim=block.claim, rows=1, output=None),
                    about=block.claim.place,
                )
                for block in first
            ]
            following = claim(store, worker, number)
            claimed = asyncio.ensure_future(following)
            await asyncio.sleep(0)  # it is queued
        await asyncio.gather(waiting, *ends)
        second = await claimed
        assert len(second) == number
        counts.append(len(asked))
        rest = [
            store.write(partial(attempts.succeed, claim=each.claim, rows=1, output=None))
            for each in second
        ]
        await asyncio.gather(*rest)
    assert counts[1] == counts[2] <= 10


async def test_a_claim_takes_what_is_free_and_hints_that_there_is_more(
    store: Store, database: Database
) -> None:
    """It does not wait for who holds the rest while it holds what it took; the next one does."""
    made = await saved(store, ["a"], [])
    taken, free = sorted(
        [await store.write(partial(create_run, new=new_run(made))) for _ in range(2)]
    )
    worker = await register(store)
    heard: list[Hints] = []
    store.listen(heard.append)
    other = await Server(str(database.where)).connect()
    await other.execute("BEGIN")
    await other.execute("SELECT 1 FROM runs WHERE id = $1 FOR UPDATE", taken)
    async with asyncio.timeout(30):
        first = await claim(store, worker, 2)
        assert [block.claim.run_id for block in first] == [free]
        assert any(hints.again for hints in heard)
        waiting = asyncio.ensure_future(claim(store, worker, 1))
        while not await other.fetchval(_SOMEBODY_WAITS):
            pass
        await other.execute("COMMIT")
        assert [block.claim.run_id for block in await waiting] == [taken]
    heard.clear()
    assert await claim(store, worker, 1) == []
    assert not any(hints.again for hints in heard)
    await other.close()


_SOMEBODY_WAITS = (
    "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock')"
)


async def test_a_claim_goes_by_the_index_of_the_queue_however_long_a_process_lives(
    store: Store, database: Database
) -> None:
    """A plan for any values can use a partial index only where its condition is in the text."""
    connection = await Server(str(database.where)).connect()
    for setting in ("plan_cache_mode = force_generic_plan", "enable_seqscan = off"):
        await connection.execute(f"SET {setting}")
    values = {"worker": "w", "now": 1, "most": 8}
    text, given = _TAKE_FREE.prepared(DIALECT, values)
    plan = await connection.fetchval(f"EXPLAIN (FORMAT JSON) {text}", *given)
    assert "ix_block_runs_ready" in json.dumps(json.loads(plan))
    await connection.close()
