"""How many calls at once: up while they are answered, down when they are refused."""

import asyncio
import time

import pytest

from headrace_worker.llm.pacing import FIRST_AT_ONCE, MOST_AT_ONCE, Pacing


async def answered(pacing: Pacing, times: int = 1) -> None:
    for _ in range(times):
        since = await pacing.enter()
        pacing.answered(since)
        pacing.leave()


async def refused(pacing: Pacing, seconds: float | None = None) -> None:
    since = await pacing.enter()
    pacing.refused(since, seconds)
    pacing.leave()


async def test_until_the_first_refusal_each_answer_makes_room_for_one_more() -> None:
    pacing = Pacing()
    await answered(pacing, 5)
    assert pacing.limit == FIRST_AT_ONCE + 5
    await answered(pacing, 100)
    assert pacing.limit == MOST_AT_ONCE


async def test_a_refusal_halves_it_and_then_it_grows_by_one_a_round() -> None:
    pacing = Pacing()
    await answered(pacing, 12)
    await refused(pacing)
    assert pacing.limit == 8
    await answered(pacing, 8)
    assert pacing.limit in {8, 9}
    await answered(pacing, 2)
    assert pacing.limit == 9


async def test_it_never_falls_below_one() -> None:
    pacing = Pacing()
    for _ in range(10):
        await refused(pacing)
    assert pacing.limit == 1


async def test_calls_that_were_under_way_at_a_refusal_tell_nothing_new() -> None:
    pacing = Pacing()
    since = [await pacing.enter() for _ in range(FIRST_AT_ONCE)]
    for each in since:
        pacing.refused(each, None)
    assert pacing.limit == FIRST_AT_ONCE // 2
    pacing.answered(since[0])
    assert pacing.limit == FIRST_AT_ONCE // 2


async def test_no_more_than_the_limit_are_let_in_and_whoever_waits_comes_next() -> None:
    pacing = Pacing()
    for _ in range(FIRST_AT_ONCE):
        await pacing.enter()
    waiting = [asyncio.create_task(pacing.enter()) for _ in range(2)]
    await asyncio.wait(waiting, timeout=0.01)
    assert not any(task.done() for task in waiting)
    pacing.leave()
    assert await asyncio.wait_for(waiting[0], 60)
    assert not waiting[1].done()
    pacing.leave()
    assert await asyncio.wait_for(waiting[1], 60)


async def test_one_who_gives_up_waiting_takes_nobodys_turn() -> None:
    pacing = Pacing(most=1)
    await pacing.enter()
    gone, stays = (asyncio.create_task(pacing.enter()) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    pacing.leave()
    assert await asyncio.wait_for(stays, 60)
    assert gone.cancelled()


@pytest.mark.parametrize("shared", [False, True])
async def test_while_the_provider_wants_quiet_nobody_is_let_in(shared: bool) -> None:
    class Common:
        until = 0.0

    quiet = Common() if shared else None
    one = Pacing(quiet)
    other = Pacing(quiet) if shared else one
    began = time.monotonic()
    await refused(one, 0.2)
    await other.enter()
    assert time.monotonic() - began >= 0.2
