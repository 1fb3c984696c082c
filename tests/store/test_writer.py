"""The one writer: what shares a commit, what fails alone, what closes."""

import asyncio
from functools import partial

import pytest

from headrace.store.attempt_notes import look_up_memos
from headrace.store.database import Store
from headrace.store.errors import StoreClosed
from headrace.store.hints import Hints
from headrace.store.transaction import Transaction
from tests.databases import Database
from tests.store.remembering import remember


class Refused(Exception):
    """Raised by a unit on purpose."""


def remember_and_fail(tx: Transaction) -> None:
    remember(tx, {"half": 1})
    raise Refused


def hinting(tx: Transaction, run_id: str) -> str:
    tx.hints.runs[run_id] = 1
    return run_id


async def known(store: Store, *keys: str) -> set[str]:
    async with store.snapshot() as snapshot:
        return set(await look_up_memos(snapshot, keys))


async def test_a_unit_that_fails_fails_its_own_caller_and_leaves_nothing(
    database: Database,
) -> None:
    store = await database.open()
    good = [store.write(partial(remember, items={f"k{n}": n})) for n in range(3)]
    bad = store.write(remember_and_fail)
    late = store.write(partial(remember, items={"late": 1}))
    await asyncio.gather(*good, late)
    with pytest.raises(Refused):
        await bad
    assert await known(store, "k0", "k1", "k2", "late", "half") == {"k0", "k1", "k2", "late"}
    await store.close()


async def test_a_caller_goes_on_after_its_commit_and_after_the_hints(database: Database) -> None:
    store = await database.open()
    order: list[str] = []

    def heard(hints: Hints) -> None:
        order.extend(f"hint {run_id}" for run_id in hints.runs)

    store.listen(heard)
    order.append(await store.write(partial(hinting, run_id="r1")))
    assert order == ["hint r1", "r1"]
    assert await store.write(lambda tx: 42) == 42
    await store.close()


async def test_what_was_queued_before_the_close_is_written_and_no_more(database: Database) -> None:
    store = await database.open()
    queued = [store.write(partial(remember, items={f"k{n}": n})) for n in range(50)]
    await store.close()
    assert all(each.done() and each.exception() is None for each in queued)
    with pytest.raises(StoreClosed):
        store.write(partial(remember, items={"k": 1}))
    await store.close()
    again = await database.open()
    assert await known(again, "k0", "k49") == {"k0", "k49"}
    await again.close()


async def test_a_caller_that_was_cancelled_harms_nobody(database: Database) -> None:
    store = await database.open()
    given_up = store.write(partial(remember, items={"a": 1}))
    given_up.cancel()
    await store.write(partial(remember, items={"b": 1}))
    assert await known(store, "a", "b") == {"a", "b"}
    await store.close()


async def test_a_snapshot_is_one_moment_whatever_is_written_meanwhile(database: Database) -> None:
    store = await database.open()
    async with store.snapshot() as snapshot:
        assert await look_up_memos(snapshot, ["a"]) == {}
        await store.write(partial(remember, items={"a": 1}))
        assert await look_up_memos(snapshot, ["a"]) == {}
    assert await known(store, "a") == {"a"}
    await store.close()
