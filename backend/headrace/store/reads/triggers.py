"""Triggers by id and by name, their places, and the messages that they could make nothing of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, func, select

from headrace.domain.triggers import TriggerStatus
from headrace.store.database import Snapshot
from headrace.store.reads.keyset import Keyset, Window
from headrace.store.reads.rows import Count, Page, columns_of
from headrace.store.tables import poison_messages, trigger_places, triggers

SCOPE: Final = "trigger"
MOST_WATCHED: Final = 200


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """A row of `triggers`: times in ms since the epoch, `params` as JSON text."""

    id: str
    name: str
    pipeline: str
    topic: str
    params: str
    start_at: str
    status: str
    status_reason: str | None
    problem: str | None
    revision: int
    cluster_id: str | None
    topic_id: str | None
    generation: int
    created_at: int
    changed_at: int
    last_message_at: int | None
    last_run_id: str | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """How far a trigger is in one partition."""

    trigger_id: str
    partition: int
    next_offset: int
    end_offset: int


@dataclass(frozen=True, slots=True)
class PoisonRow:
    """A row of `poison_messages`: times in ms since the epoch."""

    id: str
    trigger_id: str
    partition: int
    at_offset: int
    error: str
    key: str | None
    value: str | None
    size_bytes: int
    sent_at: int | None
    created_at: int


_COLUMNS = columns_of(TriggerRow, triggers)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ACTIVE = select(*_COLUMNS).where(triggers.c.status == TriggerStatus.ACTIVE.value)
_BY_IDS = select(*_COLUMNS).where(triggers.c.id.in_(_IDS))
_BY_NAME = select(*_COLUMNS).where(triggers.c.name == bindparam("name"))
_BY_NAMES = Keyset(select(*_COLUMNS), triggers.c.name)
_ALL = select(func.count()).select_from(triggers)
_PLACES = (
    select(*columns_of(PlaceRow, trigger_places))
    .where(trigger_places.c.trigger_id.in_(_IDS))
    .order_by(trigger_places.c.trigger_id, trigger_places.c.partition)
)
_WATCHED = select(*_COLUMNS).order_by(triggers.c.name).limit(MOST_WATCHED)
_POISON_COLUMNS = columns_of(PoisonRow, poison_messages)
_POISON = Keyset(
    select(*_POISON_COLUMNS).where(poison_messages.c.trigger_id == bindparam("trigger")),
    poison_messages.c.id,
    descending=True,
)
_POISON_BY_IDS = select(*_POISON_COLUMNS).where(poison_messages.c.id.in_(_IDS))
_POISON_COUNTS = (
    select(poison_messages.c.trigger_id, func.count())
    .where(poison_messages.c.trigger_id.in_(_IDS))
    .group_by(poison_messages.c.trigger_id)
)


@dataclass(frozen=True, slots=True)
class TriggerState:
    """All triggers by name, how far they are, and how much poison each has: what can be watched."""

    triggers: tuple[TriggerRow, ...]
    places: tuple[PlaceRow, ...]
    poison: tuple[tuple[str, int], ...]


async def trigger_state(snapshot: Snapshot) -> TriggerState:
    """The first MOST_WATCHED of them."""
    rows = tuple(TriggerRow(*row) for row in await snapshot.all(_WATCHED))
    ids = [row.id for row in rows]
    places = await places_of(snapshot, ids)
    counts = await poison_counts(snapshot, ids)
    return TriggerState(
        rows,
        tuple(place for trigger_id in ids for place in places.get(trigger_id, ())),
        tuple((trigger_id, counts.get(trigger_id, 0)) for trigger_id in ids),
    )


def poison_scope(trigger_id: str) -> str:
    """What the cursors of a trigger's poison messages belong to."""
    return f"poison:{trigger_id}"


async def active_triggers(snapshot: Snapshot) -> list[TriggerRow]:
    """Those that read their topics."""
    return [TriggerRow(*row) for row in await snapshot.all(_ACTIVE)]


async def trigger_named(snapshot: Snapshot, name: str) -> TriggerRow | None:
    """The trigger of this name."""
    row = await snapshot.first(_BY_NAME, name=name)
    return None if row is None else TriggerRow(*row)


async def triggers_by_id(snapshot: Snapshot, ids: Sequence[str]) -> Mapping[str, TriggerRow]:
    """Triggers by id."""
    found = [TriggerRow(*row) for row in await snapshot.all(_BY_IDS, ids=ids)]
    return {row.id: row for row in found}


async def trigger_page(snapshot: Snapshot, wanted: Window) -> Page[TriggerRow]:
    """A page of all triggers, by name."""
    return Page.of(await _BY_NAMES.page(snapshot, wanted), TriggerRow, lambda row: row.name)


async def trigger_count(snapshot: Snapshot) -> Count:
    """How many triggers there are."""
    row = await snapshot.first(_ALL)
    assert row is not None
    return Count(int(row[0]))


async def places_of(snapshot: Snapshot, ids: Sequence[str]) -> Mapping[str, Sequence[PlaceRow]]:
    """The places of triggers, by partition."""
    found: dict[str, list[PlaceRow]] = {}
    for row in await snapshot.all(_PLACES, ids=ids):
        found.setdefault(row.trigger_id, []).append(PlaceRow(*row))
    return found


async def poison_page(snapshot: Snapshot, wanted: Window, trigger_id: str) -> Page[PoisonRow]:
    """A page of a trigger's poison messages, newest first."""
    rows = await _POISON.page(snapshot, wanted, trigger=trigger_id)
    return Page.of(rows, PoisonRow, lambda row: row.id)


async def poison_by_id(snapshot: Snapshot, ids: Sequence[str]) -> Mapping[str, PoisonRow]:
    """Poison messages by id."""
    found = [PoisonRow(*row) for row in await snapshot.all(_POISON_BY_IDS, ids=ids)]
    return {row.id: row for row in found}


async def poison_counts(snapshot: Snapshot, ids: Sequence[str]) -> Mapping[str, int]:
    """How many poison messages triggers have."""
    return {row[0]: int(row[1]) for row in await snapshot.all(_POISON_COUNTS, ids=ids)}
