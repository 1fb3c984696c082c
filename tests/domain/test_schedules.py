"""Which ticks are due, which were missed, and when they fire."""

from itertools import islice, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from headrace.domain.cron import read_cron
from headrace.domain.schedules import (
    MOST_AT_ONCE,
    MOST_COUNTED,
    PUNCTUAL_MS,
    Due,
    Missed,
    Timing,
    due_ticks,
)

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
START = 1_760_000_400_000  # a full hour


def timing(cron: str = "0 * * * *", *, catch_up: int = HOUR, jitter: int = 0) -> Timing:
    found, _ = read_cron(cron, "UTC")
    assert found is not None
    return Timing(schedule_id="sch_1", cron=found, catch_up_ms=catch_up, jitter_ms=jitter)


@settings(deadline=None)
@given(st.integers(0, 2**45), st.integers(0, DAY), st.text(max_size=10))
def test_jitter_keeps_its_bounds_and_is_the_same_wherever_it_is_worked_out(
    tick: int, jitter: int, name: str
) -> None:
    cron = timing().cron
    found = [
        Timing(schedule_id=name, cron=cron, catch_up_ms=0, jitter_ms=jitter).fires_at(tick)
        for _ in range(2)
    ]
    assert found[0] == found[1]
    assert tick <= found[0] <= tick + jitter


def test_jitter_spreads_schedules_and_their_ticks() -> None:
    cron = timing().cron
    ids = [
        Timing(schedule_id=f"sch_{n}", cron=cron, catch_up_ms=0, jitter_ms=MINUTE).fires_at(START)
        for n in range(50)
    ]
    ticks = [timing(jitter=MINUTE).fires_at(START + n * HOUR) - n * HOUR for n in range(50)]
    assert len(set(ids)) > 40
    assert len(set(ticks)) > 40


def test_nothing_is_due_before_its_time() -> None:
    assert due_ticks(timing(), START, START - 1) == Due(None, (), START)


def test_a_tick_is_due_from_its_very_moment() -> None:
    assert due_ticks(timing(), START, START) == Due(None, (START,), START + HOUR)


def test_a_tick_with_jitter_is_due_when_it_fires() -> None:
    late = timing(jitter=HOUR // 2)
    fires = late.fires_at(START)
    assert due_ticks(late, START, fires - 1).ticks == ()
    assert due_ticks(late, START, fires).ticks == (START,)


def test_ticks_within_the_window_are_made_good_and_those_before_it_are_missed() -> None:
    found = due_ticks(timing(catch_up=2 * HOUR), START, START + 5 * HOUR)
    assert found.missed == Missed(3, START, START + 2 * HOUR)
    assert found.ticks == tuple(START + n * HOUR for n in (3, 4, 5))
    assert found.next_tick == START + 6 * HOUR


def test_without_a_window_a_tick_that_is_only_as_late_as_a_busy_machine_still_fires() -> None:
    now = START + PUNCTUAL_MS
    assert due_ticks(timing(catch_up=0), START, now).ticks == (START,)
    assert due_ticks(timing(catch_up=0), START, now + 1).missed == Missed(1, START, START)


def test_many_due_ticks_come_in_parts() -> None:
    each_minute = timing("* * * * *")
    first = due_ticks(each_minute, START, START + HOUR - 1)
    assert len(first.ticks) == MOST_AT_ONCE
    assert first.next_tick == START + MOST_AT_ONCE * MINUTE
    second = due_ticks(each_minute, first.next_tick, START + HOUR - 1)
    assert second.ticks[0] == first.next_tick


def test_years_of_missed_ticks_are_one_entry_and_cost_no_more_than_a_day_of_them() -> None:
    now = START + 3_000 * DAY
    found = due_ticks(timing("* * * * * *", catch_up=0), START, now)
    assert found.missed == Missed(MOST_COUNTED, START, START + MOST_COUNTED * 1000, more=True)
    assert found.ticks == tuple(now - PUNCTUAL_MS + n * 1000 for n in range(11))


@settings(deadline=None)
@given(
    st.sampled_from(["* * * * *", "*/7 * * * *", "0 * * * *", "30 2 * * 1-5", "*/10 * * * * *"]),
    st.integers(0, 2 * HOUR),
    st.integers(0, HOUR),
    st.integers(0, 3 * DAY),
)
def test_no_tick_is_left_out_and_none_comes_twice(
    cron: str, catch_up: int, jitter: int, late: int
) -> None:
    """However the sweeps fall, each tick is due or missed once, in order, and never early."""
    schedule = timing(cron, catch_up=catch_up, jitter=jitter)
    first = schedule.cron.next_tick(START)
    assert first is not None
    now = first + late
    told: list[int] = []
    missed, upcoming = 0, first
    while True:
        found = due_ticks(schedule, upcoming, now)
        if found.missed:
            assert not told, "what is missed comes before what is due"
            if found.missed.more:
                return
            missed += found.missed.count
        told += found.ticks
        assert found.next_tick is not None
        assert found.next_tick > upcoming or not (found.ticks or found.missed)
        if not (found.ticks or found.missed):
            break
        upcoming = found.next_tick
    assert all(schedule.fires_at(tick) <= now for tick in told)
    assert schedule.fires_at(upcoming) > now
    everything = [first, *islice(schedule.cron.ticks(first), missed + len(told))]
    assert told == everything[missed : missed + len(told)]
    assert everything[missed + len(told)] == upcoming
    assert all(one < two for one, two in pairwise(everything))
