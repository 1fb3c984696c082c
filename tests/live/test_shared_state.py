"""A state that many watch: nobody is told twice of the same, and nobody misses the last change."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import pytest

from headrace.live import shared_state
from headrace.live.shared_state import Seen, SharedState
from headrace.live.wakeups import WakeUps
from headrace.store.database import Snapshot, Store
from headrace.store.hints import Hints
from tests.databases import Database

HINT = Hints(workers=True)
OTHER = Hints(ready=1)


class House:
    """A state that tests set, and the hints of it; `read` counts the looks at it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.wakeups = WakeUps(store)
        self.value: Any = "a"
        self.looks = 0
        self.looked = asyncio.Event()
        self.before: Callable[[], Any] | None = None

    async def read(self, _: Snapshot) -> Any:
        self.looks += 1
        self.looked.set()
        value = self.value
        if self.before is not None:
            await self.before()
        return value

    def state(self, tick_seconds: float = 60) -> SharedState[Any]:
        return SharedState(
            self.store,
            self.wakeups,
            name="test",
            read=self.read,
            concerns=lambda hints: hints.workers,
            tick_seconds=tick_seconds,
        )

    def become(self, value: Any, hints: Hints = HINT) -> None:
        self.value = value
        self.wakeups._tell(hints)

    async def look(self) -> None:
        """Returns after the next look."""
        self.looked.clear()
        await self.looked.wait()


@pytest.fixture
async def house(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr(shared_state, "PACE_SECONDS", 0.01)
    store = await database.open()
    made = House(store)
    yield made
    await made.wakeups.close()
    await store.close()


async def shown(house: House, state: SharedState[Any], seen: Seen[Any]) -> Any:
    """What a watcher that was told sees."""
    async with house.store.snapshot() as snapshot:
        return await state.show(snapshot, seen)


async def test_it_begins_with_the_state_as_it_is_and_tells_changes(house: House) -> None:
    state = house.state()
    async with aclosing(state.changes()) as told, asyncio.timeout(30):
        assert await shown(house, state, await anext(told)) == "a"
        house.become("b")
        assert await shown(house, state, await anext(told)) == "b"
        house.become("c", Hints(everything=True))
        assert await shown(house, state, await anext(told)) == "c"


async def test_what_did_not_change_is_not_told(house: House) -> None:
    state = house.state()
    async with aclosing(state.changes()) as told, asyncio.timeout(30):
        await shown(house, state, await anext(told))
        waiting = asyncio.ensure_future(anext(told))
        for _ in range(3):
            house.become("a")
            await house.look()
        house.value = "b"
        house.wakeups._tell(OTHER)  # concerns somebody else
        assert not waiting.done()
        house.become("b")
        assert await shown(house, state, await waiting) == "b"


async def test_changes_while_a_watcher_is_busy_come_as_one(house: House) -> None:
    state = house.state()
    async with aclosing(state.changes()) as told, asyncio.timeout(30):
        seen = await anext(told)
        await shown(house, state, seen)
        for value in "bcd":
            house.become(value)
            await house.look()
        assert await shown(house, state, await anext(told)) == "d"
        waiting = asyncio.ensure_future(anext(told))
        house.become("d")
        await house.look()
        house.become("e")
        assert await shown(house, state, await waiting) == "e"


async def test_a_lost_hint_is_found_by_the_tick(house: House) -> None:
    state = house.state(tick_seconds=0.01)
    async with aclosing(state.changes()) as told, asyncio.timeout(30):
        await shown(house, state, await anext(told))
        house.value = "b"
        assert await shown(house, state, await anext(told)) == "b"


async def test_a_read_that_began_before_what_was_seen_is_asked_for_again(house: House) -> None:
    """The pump reads `a`, the watcher sees `b`, and the state is `a` again before the pump's next
    look: that look finds what it knew already, and yet the watcher must be told.
    """
    state = house.state()
    gate, begun = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        house.before = None
        begun.set()
        await gate.wait()

    async with aclosing(state.changes()) as told, asyncio.timeout(30):
        seen = await anext(told)
        await shown(house, state, seen)
        house.before = hold
        waiting = asyncio.ensure_future(anext(told))
        house.become("a")  # the pump begins to read, and has the old value in its hands
        await begun.wait()
        house.value = "b"
        assert await shown(house, state, seen) == "b"
        house.value = "a"
        gate.set()
        assert await shown(house, state, await waiting) == "a"


async def test_many_watchers_cost_as_much_as_one_and_none_cost_nothing(house: House) -> None:
    state = house.state()
    assert house.looks == 0
    watchers = [state.changes() for _ in range(20)]
    async with asyncio.timeout(30):
        for told in watchers:
            await shown(house, state, await anext(told))
        waiting = [asyncio.ensure_future(anext(told)) for told in watchers]
        house.become("a")
        await house.look()
        before = house.looks
        house.become("b")
        for seen in await asyncio.gather(*waiting):
            assert house.looks <= before + 2
            seen.note("b", asyncio.get_running_loop().time())
        for told in watchers:
            await told.aclose()
    after = house.looks
    house.become("c")
    await asyncio.sleep(0)
    await state.close()
    assert house.looks == after
    assert [task for task in asyncio.all_tasks() if task.get_name() == "state-test"] == []


async def test_closing_ends_every_watch_and_may_come_twice(house: House) -> None:
    state = house.state()
    async with aclosing(state.changes()) as told, asyncio.timeout(30):
        await shown(house, state, await anext(told))
        waiting = asyncio.ensure_future(_rest(told))
        await asyncio.sleep(0)
        await state.close()
        assert await waiting == 0
    await state.close()


async def test_an_outage_is_logged_once_and_got_over(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    state = house.state(tick_seconds=0.01)
    failures = 0

    async def fail() -> None:
        nonlocal failures
        failures += 1
        if failures == 3:
            house.before = None
        raise OSError("the disk is away")

    async with aclosing(state.changes()) as told, asyncio.timeout(30):
        await shown(house, state, await anext(told))
        with caplog.at_level(logging.ERROR):
            house.before = fail
            house.value = "b"
            assert await shown(house, state, await anext(told)) == "b"
    assert (failures, len(caplog.records)) == (3, 1)


async def _rest(told: Any) -> int:
    return len([each async for each in told])
