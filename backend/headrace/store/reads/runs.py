"""Runs: by id, in pages newest first, and what lists show beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import Label, bindparam, func, literal_column, select

from headrace.store.database import Snapshot
from headrace.store.reads.keyset import AnySelect, Keyset, Window
from headrace.store.reads.rows import Count, Page, columns_of, grouped, made
from headrace.store.reads.run_filters import EVERY_RUN, RunFilter, Shape, values_of
from headrace.store.tables import run_labels, runs

SCOPE: Final = "run"
EXACT_COUNT: Final = 10_000
"""Up to here a list of runs is counted; beyond it is estimated."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A row of `runs`: times in ms since the epoch, `params` and `error` as JSON text."""

    id: str
    pipeline_id: str
    version_id: str
    status: str
    status_reason: str | None
    trigger: str
    params: str
    priority: int
    parent_id: str | None
    created_at: int
    started_at: int | None
    finished_at: int | None
    error: str | None
    last_seq: int
    cancel_requested_at: int | None
    cancel_requested_clock: int | None
    cancel_reason: str | None
    schedule_id: str | None


_COLUMNS = columns_of(RunRow, runs)
_BY_IDS = select(*_COLUMNS).where(runs.c.id.in_(bindparam("ids", expanding=True)))
_LABELS = (
    select(run_labels.c.run_id, run_labels.c.key, run_labels.c.value)
    .where(run_labels.c.run_id.in_(bindparam("ids", expanding=True)))
    .order_by(run_labels.c.run_id, run_labels.c.key)
)
# Runs are inserted in the order of their ids and leave from the oldest end, so the distance between
# two row numbers is about the number of runs between them.
_POSITION: Label[int] = literal_column("runs.rowid").label("position")


async def runs_by_id(snapshot: Snapshot, ids: Sequence[str]) -> dict[str, RunRow]:
    """The runs that exist among `ids`."""
    return {run.id: run for run in made(RunRow, await snapshot.all(_BY_IDS, ids=ids))}


async def labels_of(snapshot: Snapshot, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """(key, value) of each run's labels, by key."""
    by_run = grouped(await snapshot.all(_LABELS, ids=ids), lambda row: str(row.run_id))
    return {run: [(row.key, row.value) for row in labels] for run, labels in by_run.items()}


async def run_page(
    snapshot: Snapshot, wanted: Window, condition: RunFilter = EVERY_RUN
) -> Page[RunRow]:
    """A page of the runs that meet a condition, newest first."""
    rows = await _list(Shape.of(condition)).page(snapshot, wanted, **values_of(condition))
    return Page.of(rows, RunRow, lambda run: run.id)


async def matching_runs(snapshot: Snapshot, ids: Sequence[str], condition: RunFilter) -> set[str]:
    """Those of `ids` that are runs and meet a condition."""
    statement = _among(Shape.of(condition))
    return {row.id for row in await snapshot.all(statement, ids=ids, **values_of(condition))}


async def run_count(snapshot: Snapshot, condition: RunFilter = EVERY_RUN) -> Count:
    """How many runs meet a condition: counted up to EXACT_COUNT, then estimated.

    The estimate is that of the database's planner where it has one; else it takes older matches to
    be as dense among all runs as the newest ones are.
    """
    shape, values = Shape.of(condition), values_of(condition)
    if snapshot.guesses:
        first = await snapshot.first(_up_to_exact(shape), **values)
        assert first is not None
        if first.matches <= EXACT_COUNT:
            return Count(first.matches)
        guess = await snapshot.guess(_matching(shape), **values)
        return Count(max(guess, first.matches), exact=False)
    counted = await snapshot.first(_newest(shape), **values)
    assert counted is not None
    if counted.matches <= EXACT_COUNT:
        return Count(counted.matches)
    bounds = {name: value for name, value in values.items() if name.startswith("id_")}
    oldest = await snapshot.first(_oldest(shape.after, shape.before), **bounds)
    assert oldest is not None
    looked_at = max(counted.newest - counted.reached + 1, counted.matches)
    among = max(counted.newest - oldest.position + 1, looked_at)
    return Count(counted.matches * among // looked_at, exact=False)


async def counts_by_status(snapshot: Snapshot, condition: RunFilter = EVERY_RUN) -> dict[str, int]:
    """How many of the runs that meet a condition have each status; none of those without any."""
    rows = await snapshot.all(_by_status(Shape.of(condition)), **values_of(condition))
    return {row.status: row.matches for row in rows}


@lru_cache(maxsize=256)
def _list(shape: Shape) -> Keyset:
    return Keyset(shape.where(select(*_COLUMNS)), shape.order, descending=True)


@lru_cache(maxsize=256)
def _among(shape: Shape) -> AnySelect:
    return shape.where(select(runs.c.id)).where(runs.c.id.in_(bindparam("ids", expanding=True)))


@lru_cache(maxsize=256)
def _by_status(shape: Shape) -> AnySelect:
    counted: AnySelect = select(runs.c.status, func.count().label("matches"))
    return shape.where(counted).group_by(runs.c.status)


@lru_cache(maxsize=256)
def _matching(shape: Shape) -> AnySelect:
    return shape.where(select(runs.c.id))


@lru_cache(maxsize=256)
def _up_to_exact(shape: Shape) -> AnySelect:
    found = _matching(shape).limit(EXACT_COUNT + 1).subquery()
    return select(func.count().label("matches")).select_from(found)


@lru_cache(maxsize=256)
def _newest(shape: Shape) -> AnySelect:
    matches = shape.where(select(_POSITION)).order_by(shape.order.desc()).limit(EXACT_COUNT + 1)
    found = matches.subquery()
    return select(
        func.count().label("matches"),
        func.min(found.c.position).label("reached"),
        func.max(found.c.position).label("newest"),
    )


@lru_cache(maxsize=4)
def _oldest(after: bool, before: bool) -> AnySelect:
    times = RunFilter(created_after=0 if after else None, created_before=0 if before else None)
    positions: AnySelect = select(_POSITION).select_from(runs)
    return Shape.of(times).within(positions).order_by(runs.c.id).limit(1)
