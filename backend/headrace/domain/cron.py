"""Cron expressions in a time zone: what they mean, and when their next ticks are.

Invariant: the ticks after an instant rise strictly and lie after it, whatever the zone's clocks do.
An expression with set minutes and hours follows Debian's cron where clocks change: what the change
leaves out comes right after it, and what would come twice comes the first time. One that has a `*`
for its minutes or hours, or seconds, follows the clock on the wall.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from headrace.domain.json import show
from headrace.domain.problems import Problem, ProblemCode, nearest

_LONGEST: Final = 200
_ZONES_KEPT: Final = 64
_TOLD_APART: Final = 5
_FIELDS: Final = {
    "second": "seconds 0-59",
    "minute": "0-59",
    "hour": "0-23",
    "day-of-month": "1-31, L or LW, of a month that has them",
    "month": "1-12 or JAN-DEC",
    "day-of-week": "0-7 (0 and 7 are Sunday) or SUN-SAT, MON#1, 5L",
}
_NICKNAMES: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


@dataclass(frozen=True)
class Cron:
    """An expression that `read_cron` has taken, and the zone whose clocks it follows."""

    expression: str
    time_zone: str

    @property
    def words(self) -> str:
        """What the expression says, in English."""
        return CronSim(self.expression, _EPOCH).explain()

    def ticks(self, after: int) -> Iterator[int]:
        """The ticks after an instant (both in ms since the epoch), for as long as there are any."""
        start = datetime.fromtimestamp(after // 1000, _zone(self.time_zone))
        last = after
        for tick in CronSim(self.expression, start):
            at = round(tick.timestamp()) * 1000
            # From the second of two equal hours the library looks back at the first.
            if at > last:
                last = at
                yield at

    def next_tick(self, after: int) -> int | None:
        """The first tick after an instant; None when it never comes again."""
        return next(self.ticks(after), None)

    def spell(self, at: int) -> str:
        """An instant as the zone's clocks show it: RFC 3339, with their offset."""
        return datetime.fromtimestamp(at // 1000, _zone(self.time_zone)).isoformat()


def read_cron(expression: str, time_zone: str) -> tuple[Cron | None, list[Problem]]:
    """The expression in its zone, or every problem with the two."""
    plain = _plain(expression)
    fault = _fault(plain)
    problems = [] if fault is None else [_bad_cron(fault)]
    if time_zone not in _zone_names():
        problems.append(_bad_zone(time_zone))
    return (None, problems) if problems else (Cron(plain, time_zone), [])


_EPOCH = datetime.fromtimestamp(0, ZoneInfo("UTC"))


def _plain(expression: str) -> str:
    """The expression without nicknames, and without seconds that say no more than five fields."""
    fields = expression.split()
    if len(fields) == 1:
        return _NICKNAMES.get(fields[0].lower(), fields[0])
    return " ".join(fields[1:] if len(fields) == 6 and fields[0] == "0" else fields)


def _fault(expression: str) -> str | None:
    fields = expression.split()
    if len(expression) > _LONGEST:
        return f"A cron expression has at most {_LONGEST} characters"
    if len(fields) not in {5, 6}:
        return (
            "A cron expression has five fields (minute, hour, day of month, month, day of week), "
            f"or six with the seconds first; {show(expression)} has {len(fields)}"
        )
    try:
        ticks = CronSim(expression, _EPOCH)
        ticks.explain()
    except CronSimError as error:
        name = str(error).removeprefix("Bad ")
        value = fields[list(_FIELDS).index(name) - 6 + len(fields)]
        return (
            f"The {name.replace('-', ' ')} {show(value)} is not one: it takes {_FIELDS[name]}, "
            "`*` for each, lists (1,15), ranges (1-5) and steps (*/10)"
        )
    if next(ticks, None) is None:
        return f"{show(expression)} never comes: no day within fifty years is all that it asks for"
    return None


def _bad_cron(fault: str) -> Problem:
    return Problem(code=ProblemCode.INVALID_CRON, message=fault, path=("cron",))


def _bad_zone(name: str) -> Problem:
    meant = nearest(name, sorted(_zone_names())) or _by_city(name)
    if meant is not None and len(name) < _TOLD_APART and meant.casefold() != name.casefold():
        meant = None  # EST is no typing error for PST
    message = f"There is no time zone {show(name)}"
    message += f'; did you mean "{meant}"?' if meant else "; an example is Europe/Berlin"
    return Problem(
        code=ProblemCode.UNKNOWN_TIME_ZONE, message=message, path=("timeZone",), suggestion=meant
    )


def _by_city(name: str) -> str | None:
    """The zone of a city that was named without its continent."""
    cities = {zone.rpartition("/")[2]: zone for zone in sorted(_zone_names(), reverse=True)}
    city = nearest(name.rpartition("/")[2], cities)
    return None if city is None else cities[city]


@cache
def _zone_names() -> frozenset[str]:
    # Two of them are no places: what they mean differs from machine to machine.
    return frozenset(available_timezones()) - {"localtime", "Factory"}


@lru_cache(maxsize=_ZONES_KEPT)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
