"""What tests of schedules ask, and a way to fire them at a moment of their choice."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from headrace.domain.cron import read_cron
from headrace.services.firing import Firing
from headrace.store.clock import wall_ms
from headrace.store.database import Store
from headrace.store.transaction import Transaction
from tests.api.graphql.asking import Asking

T = TypeVar("T")

BERLIN = "Europe/Berlin"
FIELDS = """
  id name pipeline { name } cron cronInWords timeZone params tickParam overlap catchUpSeconds
  jitterSeconds priority labels { key value } paused pauseNote pausedAt nextFireTimes(count: 2)
  lastTick { ...T } ticks(first: 200) { nodes { ...T } } activeRuns { id }
"""
TICK = "fragment T on ScheduleTick { at outcome message count run { id status } }"
SAVE = """
mutation ($input: SaveScheduleInput!) { saveSchedule(input: $input) {
  __typename
  ... on SaveScheduleSuccess { created schedule { id name } }
  ... on ScheduleInvalid { problems { code message path suggestion } }
  ... on ScheduleExists { schedule { name } }
  ... on PipelineNotFound { nearest }
  ... on Error { code message }
} }
"""
CHANGED = {
    "pause": "schedule { paused pauseNote pausedAt nextFireTimes }",
    "resume": "schedule { paused pauseNote pausedAt nextFireTimes }",
    "delete": "id name",
}
CHANGE = """
mutation ($input: %(name)sScheduleInput!) { %(what)sSchedule(input: $input) {
  __typename
  ... on %(name)sScheduleSuccess { %(fields)s }
  ... on ScheduleNotFound { nearest }
  ... on Error { code message }
} }
"""
SHOW = f"query ($name: String!) {{ schedule(name: $name) {{ {FIELDS} }} }} {TICK}"
RUNS = """
query ($after: Cursor) { runs(first: 200, after: $after) {
  pageInfo { hasNextPage endCursor }
  nodes {
    id status trigger params priority labels { key value } cancellation { reason }
    schedule { name }
  }
} }
"""


class Scheduling:
    """A client of schedules, and a process that fires them as if it were another time."""

    def __init__(self, api: Asking) -> None:
        self.api = api
        # Half an hour and half a day from now: nobody else fires them while a test runs.
        later = datetime.now(ZoneInfo(BERLIN)) + timedelta(minutes=30)
        self.hourly = f"{later.minute} * * * *"
        # Not in the hours that a clock change may leave out or repeat.
        self.daily = f"{later.minute} {max(4, (later.hour + 12) % 24)} * * *"
        self.firing = Firing(api.services.store, api.services.starter)

    async def save(self, **given: Any) -> Any:
        asked = {"name": "s", "pipeline": "p", "cron": self.hourly, **given}
        return (await self.api(SAVE, input=asked))["saveSchedule"]

    async def change(self, what: str, **given: Any) -> Any:
        words = {"name": what.capitalize(), "what": what, "fields": CHANGED[what]}
        document = CHANGE % words
        return (await self.api(document, input={"name": "s", **given}))[f"{what}Schedule"]

    async def show(self, name: str = "s") -> Any:
        return (await self.api(SHOW, name=name))["schedule"]

    async def ticks(self) -> list[tuple[str, int]]:
        """(outcome, count) of each tick, the oldest first."""
        found = (await self.show())["ticks"]["nodes"]
        return [(tick["outcome"], tick["count"]) for tick in reversed(found)]

    async def runs(self) -> list[Any]:
        """The oldest first."""
        found: list[Any] = []
        after, more = None, True
        while more:
            page = (await self.api(RUNS, after=after))["runs"]
            found += page["nodes"]
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        return found[::-1]

    async def fire(self, at: int) -> None:
        """Does what is due at `at` (wall ms), to the end."""
        while True:
            upcoming = await self.firing.fire_due(at)
            if upcoming is None or upcoming > at:
                return

    def ahead(self, count: int, cron: str | None = None, time_zone: str = "UTC") -> list[int]:
        """The next ticks from now on (wall ms), of the hourly schedule if of no other."""
        found, _ = read_cron(cron or self.hourly, time_zone)
        assert found is not None
        return list(islice(found.ticks(wall_ms()), count))


class HeldStore:
    """A store whose writes wait until they are let go: whoever writes has looked before."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.snapshot = store.snapshot
        self.waits = asyncio.Event()
        self.goes = asyncio.Event()

    async def write(self, unit: Callable[[Transaction], T]) -> T:
        self.waits.set()
        await self.goes.wait()
        return await self._store.write(unit)
