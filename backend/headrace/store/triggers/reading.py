"""What the reader of a trigger writes: how far it has come, and what became of each message.

Invariants: the transaction that creates a run writes down its message and moves the place past it,
so a message that is read again starts nothing; the place moves only from where the reader found it,
and only while the trigger is ACTIVE and as the reader knows it (`revision`). Whoever comes too late
gets Outdated and has changed nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, null, select, update

from headrace.domain.errors import HeadraceError
from headrace.domain.ids import POISON, new_id
from headrace.domain.triggers import TriggerStatus
from headrace.store.runs import NewRun, create_run
from headrace.store.statements import Statement
from headrace.store.tables import poison_messages, trigger_messages, trigger_places, triggers
from headrace.store.transaction import Transaction
from headrace.store.triggers.saving import move_trigger

_KEPT_CHARACTERS = 64 * 1024

# What a reader writes: only while the trigger is as it knows it.
_AS_KNOWN = (
    (triggers.c.id == bindparam("the_id"))
    & (triggers.c.revision == bindparam("the_revision"))
    & (triggers.c.status == TriggerStatus.ACTIVE.value)
)
_KNOWN = Statement(select(triggers.c.generation).where(_AS_KNOWN))
_BIND_TOPIC = Statement(
    update(triggers)
    .where(_AS_KNOWN)
    .values(cluster_id=bindparam("cluster_id"), topic_id=bindparam("topic_id"))
)
_TELL = Statement(update(triggers).where(_AS_KNOWN).values(problem=bindparam("problem")))
_LAST = Statement(
    update(triggers)
    .where(_AS_KNOWN)
    .values(
        problem=null(),
        last_message_at=bindparam("last_message_at"),
        last_run_id=bindparam("last_run_id"),
        last_error=bindparam("last_error"),
    )
)
_PLACE = Statement(insert(trigger_places).values({c: bindparam(c.name) for c in trigger_places.c}))
_ADVANCE = Statement(
    update(trigger_places)
    .where(trigger_places.c.trigger_id == bindparam("the_id"))
    .where(trigger_places.c.partition == bindparam("the_partition"))
    .where(trigger_places.c.next_offset == bindparam("found_at"))
    .values(next_offset=bindparam("next_offset"))
)
_END = Statement(
    update(trigger_places)
    .where(trigger_places.c.trigger_id == bindparam("the_id"))
    .where(trigger_places.c.partition == bindparam("the_partition"))
    .values(end_offset=bindparam("end_offset"))
)
_MESSAGE = Statement(
    insert(trigger_messages).values({c: bindparam(c.name) for c in trigger_messages.c})
)
_SEEN = Statement(
    select(trigger_messages.c.run_id).where(
        *(column == bindparam(f"the_{column.name}") for column in trigger_messages.primary_key)
    )
)
_POISON = Statement(
    insert(poison_messages).values({c: bindparam(c.name) for c in poison_messages.c})
)


class Outdated(HeadraceError):
    """The trigger was changed, stopped or moved on by somebody else meanwhile."""


@dataclass(frozen=True, kw_only=True)
class TriggerKey:
    """A trigger as its reader knows it, and the topic that it reads."""

    id: str
    revision: int
    cluster_id: str
    topic_id: str


@dataclass(frozen=True, kw_only=True)
class Handled:
    """A message that was looked at: the run to be made of it, or why there can be none."""

    partition: int
    offset: int
    run: NewRun | None
    error: str | None
    key: str | None
    value: str | None
    size_bytes: int
    sent_at: int | None


def begin_topic(
    tx: Transaction,
    trigger_id: str,
    revision: int,
    *,
    cluster: str,
    topic: str,
    places: Mapping[int, int],
    ends: Mapping[int, int],
) -> None:
    """Writes down which topic is read, and the places of partitions that have none yet.

    Raises Outdated.
    """
    key = {"the_id": trigger_id, "the_revision": revision}
    if not tx.change(_BIND_TOPIC, {**key, "cluster_id": cluster, "topic_id": topic}):
        raise Outdated(trigger_id)
    rows = [
        {
            "trigger_id": trigger_id,
            "partition": partition,
            "next_offset": offset,
            "end_offset": ends[partition],
        }
        for partition, offset in places.items()
    ]
    tx.change_many(_PLACE, rows)


def note_ends(tx: Transaction, trigger_id: str, ends: Mapping[int, int]) -> None:
    """How far the topic goes by now."""
    tx.change_many(
        _END,
        (
            {"the_id": trigger_id, "the_partition": partition, "end_offset": end}
            for partition, end in ends.items()
        ),
    )


def note_problem(tx: Transaction, trigger_id: str, revision: int, problem: str | None) -> None:
    """What it waits for, for people; None: for nothing."""
    tx.change(_TELL, {"the_id": trigger_id, "the_revision": revision, "problem": problem})


def stop_at_reset(tx: Transaction, trigger_id: str, revision: int, reason: str) -> None:
    """Its topic is not the one that it has read; nothing more until somebody resumes it."""
    if tx.first(_KNOWN, {"the_id": trigger_id, "the_revision": revision}) is None:
        raise Outdated(trigger_id)
    move_trigger(tx, trigger_id, TriggerStatus.STREAM_RESET, reason)


def handle_messages(
    tx: Transaction,
    trigger: TriggerKey,
    handled: Sequence[Handled],
    found_at: Mapping[int, int],
) -> list[str]:
    """Starts a run for each message, or keeps it as poison, and moves on; the ids of the runs.

    `found_at` is the place before them. Raises Outdated, and then nothing has happened.
    """
    known = tx.first(_KNOWN, _key_of(trigger))
    if known is None:
        raise Outdated(trigger.id)
    ends = dict(found_at)
    run_ids: list[str] = []
    last: dict[str, Any] = {}
    for each in handled:
        ends[each.partition] = each.offset + 1
        place = {
            "trigger_id": trigger.id,
            "cluster_id": trigger.cluster_id,
            "topic_id": f"{trigger.topic_id}#{known.generation}",
            "partition": each.partition,
            "at_offset": each.offset,
        }
        last = {"last_message_at": tx.now, "last_run_id": None, "last_error": each.error}
        if tx.first(_SEEN, {f"the_{name}": value for name, value in place.items()}) is not None:
            continue
        if each.run is None:
            _keep_poison(tx, each, place)
        else:
            last["last_run_id"] = create_run(tx, each.run)
            tx.change(_MESSAGE, {**place, "run_id": last["last_run_id"]})
            run_ids.append(last["last_run_id"])
    for partition, end in sorted(ends.items()):
        key = {"the_id": trigger.id, "the_partition": partition}
        if not tx.change(_ADVANCE, {**key, "found_at": found_at[partition], "next_offset": end}):
            raise Outdated(trigger.id)
    if last and not tx.change(_LAST, {**_key_of(trigger), **last}):
        raise Outdated(trigger.id)
    return run_ids


def _key_of(trigger: TriggerKey) -> dict[str, Any]:
    """What names it in the statements of readers."""
    return {"the_id": trigger.id, "the_revision": trigger.revision}


def _keep_poison(tx: Transaction, each: Handled, place: Mapping[str, Any]) -> None:
    tx.change(
        _POISON,
        {
            **place,
            "id": new_id(POISON),
            "error": each.error,
            "key": each.key,
            "value": None if each.value is None else each.value[:_KEPT_CHARACTERS],
            "size_bytes": each.size_bytes,
            "sent_at": each.sent_at,
            "created_at": tx.now,
        },
    )
