"""Cron expressions in time zones: their ticks, their words, and what is said of bad ones."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headrace.domain.cron import Cron, read_cron
from headrace.domain.problems import Problem, ProblemCode

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Africa/Cairo",  # its clocks change at midnight
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Kathmandu",
    "Pacific/Apia",  # it has skipped a day
)
MINUTE_MS = 60_000


def cron(expression: str, time_zone: str = "UTC") -> Cron:
    found, problems = read_cron(expression, time_zone)
    assert found is not None, problems
    return found


def problem(expression: str, time_zone: str = "UTC") -> Problem:
    found, (problem,) = read_cron(expression, time_zone)
    assert found is None
    return problem


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def ticks(expression: str, time_zone: str, after: str, count: int) -> list[str]:
    found = cron(expression, time_zone)
    return [found.spell(tick) for tick in islice(found.ticks(ms(after)), count)]


def field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    ranges = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    return st.one_of(
        st.just("*"),
        number.map(str),
        ranges,
        st.integers(1, 30).map(lambda step: f"*/{step}"),
        st.lists(number.map(str), min_size=1, max_size=3).map(",".join),
    )


expressions = st.tuples(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7)).map(
    " ".join
)
instants = st.integers(ms("2000-01-01T00:00:00Z"), ms("2060-01-01T00:00:00Z"))


@settings(deadline=None)
@given(expressions, st.sampled_from(ZONES), instants)
def test_ticks_rise_strictly_and_lie_after_the_instant(
    expression: str, time_zone: str, after: int
) -> None:
    found = list(islice(cron(expression, time_zone).ticks(after), 30))
    assert all(one < two for one, two in pairwise([after, *found]))
    assert all(tick % 1000 == 0 for tick in found)


@settings(deadline=None)
@given(expressions, st.sampled_from(ZONES), instants)
def test_going_on_from_any_tick_gives_the_ticks_that_followed(
    expression: str, time_zone: str, after: int
) -> None:
    """Every process goes on from the tick that the last one recorded."""
    one = cron(expression, time_zone)
    found = list(islice(one.ticks(after), 12))
    alone = [after]
    while len(alone) <= len(found):
        following = one.next_tick(alone[-1])
        assert following is not None
        alone.append(following)
    assert alone[1:] == found


@settings(deadline=None)
@given(expressions, instants)
def test_without_clock_changes_ticks_are_the_minutes_that_the_fields_name(
    expression: str, after: int
) -> None:
    """Held against a look at each minute of two days, by nothing but the fields themselves."""
    minute, hour, day, month, weekday = expression.split()
    start = datetime.fromtimestamp(after // MINUTE_MS * 60, UTC)
    expected = []
    for at in (start + timedelta(minutes=number) for number in range(1, 2 * 1440)):
        days = (
            named(day, 1, 31, at.day),
            named(weekday, 0, 7, *{at.isoweekday() % 7, at.isoweekday()}),
        )
        both = day.startswith("*") or weekday.startswith("*")
        if (
            named(minute, 0, 59, at.minute)
            and named(hour, 0, 23, at.hour)
            and named(month, 1, 12, at.month)
            and (all(days) if both else any(days))
        ):
            expected.append(round(at.timestamp() * 1000))
    end = round((start + timedelta(minutes=2 * 1440)).timestamp() * 1000)
    found = []
    for tick in cron(expression).ticks(round(start.timestamp() * 1000)):
        if tick >= end:
            break
        found.append(tick)
    assert found == expected


def named(text: str, low: int, high: int, *values: int) -> bool:
    """Whether a field (of those that `field` makes) names one of the values."""
    if text.startswith("*"):
        members = set(range(low, high + 1)[:: int(text[2:] or 1) if "/" in text else 1])
    elif "-" in text:
        first, last = map(int, text.split("-"))
        members = set(range(first, last + 1))
    else:
        members = set(map(int, text.split(",")))
    return not members.isdisjoint(values)


@pytest.mark.parametrize(
    ("expression", "time_zone", "after", "expected"),
    [
        (  # the hour from two to three is left out: right after it
            "30 2 * * *",
            "Europe/Berlin",
            "2026-03-28T12:00+01:00",
            ["2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"],
        ),
        (  # that hour comes twice: the first time, whichever of the two we look from
            "30 2 * * *",
            "Europe/Berlin",
            "2026-10-24T12:00+02:00",
            ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"],
        ),
        (
            "30 2 * * *",
            "Europe/Berlin",
            "2026-10-25T02:10+01:00",
            ["2026-10-26T02:30:00+01:00"],
        ),
        (  # each hour is an hour long, however it is called
            "0 * * * *",
            "Europe/Berlin",
            "2026-10-25T01:30+02:00",
            ["2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00"],
        ),
        (
            "0 * * * *",
            "Europe/Berlin",
            "2026-03-29T01:30+01:00",
            ["2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"],
        ),
        (  # midnight itself is left out
            "0 0 * * *",
            "Africa/Cairo",
            "2026-04-23T12:00+02:00",
            ["2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00"],
        ),
        (  # seconds that say nothing change nothing
            "0 30 2 * * *",
            "Europe/Berlin",
            "2026-03-28T12:00+01:00",
            ["2026-03-29T03:00:00+02:00"],
        ),
        (
            "*/20 * * * * *",
            "UTC",
            "2026-01-01T00:00:05+00:00",
            ["2026-01-01T00:00:20+00:00", "2026-01-01T00:00:40+00:00", "2026-01-01T00:01:00+00:00"],
        ),
        ("@monthly", "UTC", "2026-01-01T00:00:00Z", ["2026-02-01T00:00:00+00:00"]),
        ("0 9 * * MON#1", "UTC", "2026-01-31T00:00:00Z", ["2026-02-02T09:00:00+00:00"]),
    ],
)
def test_ticks_where_clocks_change(
    expression: str, time_zone: str, after: str, expected: list[str]
) -> None:
    assert ticks(expression, time_zone, after, len(expected)) == expected


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("30 2 * * *", "At 02:30 every day"),
        ("*/15 9-17 * * MON-FRI", "Every 15th minute from 09:00 through 17:59"),
    ],
)
def test_an_expression_in_words(expression: str, words: str) -> None:
    assert cron(expression).words.startswith(words)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("", "has five fields"),
        ("* * * *", "has 4"),
        ("* * * * * * *", "has 7"),
        ("61 * * * *", 'The minute "61" is not one: it takes 0-59'),
        ("99 * * * * *", 'The second "99" is not one'),
        ("* 24 * * *", 'The hour "24"'),
        ("* * ? * *", 'The day of month "?"'),
        ("* * 30 FEB *", 'The day of month "30"'),
        ("* * * * FOO", 'The day of week "FOO"'),
        ("*/0 * * * *", 'The minute "*/0"'),
        ("* * */20 * 1L", "never comes"),
        ("@reboot", "has five fields"),
        ("1," * 200 + "1 * * * *", "at most 200 characters"),
    ],
)
def test_what_is_wrong_with_an_expression(expression: str, words: str) -> None:
    found = problem(expression)
    assert (found.code, found.path) == (ProblemCode.INVALID_CRON, ("cron",))
    assert words in found.message


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("utc", "UTC"),
        ("PST", None),
        ("", None),
        ("../etc/passwd", None),
        ("localtime", None),
    ],
)
def test_what_is_wrong_with_a_time_zone(name: str, meant: str | None) -> None:
    found = problem("* * * * *", name)
    assert (found.code, found.path) == (ProblemCode.UNKNOWN_TIME_ZONE, ("timeZone",))
    assert found.suggestion == meant


def test_both_are_told_at_once() -> None:
    _, problems = read_cron("x", "y")
    assert [each.path for each in problems] == [("cron",), ("timeZone",)]


@settings(deadline=None)
@given(
    st.one_of(st.text(max_size=30), st.text(alphabet="0123456789*/-,#LW MONSUNFEB", max_size=30))
)
def test_whatever_is_written_has_ticks_or_a_problem(text: str) -> None:
    found, problems = read_cron(text, "Europe/Berlin")
    assert (found is None) == bool(problems)
    if found is not None:
        assert found.words
        assert found.next_tick(0) is not None


def test_the_zone_of_a_spelled_instant_is_the_schedules() -> None:
    found = cron("0 0 * * *", "Asia/Kathmandu")
    assert found.spell(ms("2026-01-01T00:00:00Z")) == "2026-01-01T05:45:00+05:45"
    assert ZoneInfo(found.time_zone).key == "Asia/Kathmandu"
