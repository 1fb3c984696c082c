"""What people do with triggers: save, pause, resume, delete, and dismiss what they could not use.

Invariant: each change counts `revision` up, so that a reader of the trigger as it was before writes
nothing more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, null, select, update

from headrace.domain.ids import TRIGGER, new_id
from headrace.domain.triggers import TriggerStart, TriggerStatus
from headrace.store.statements import Statement
from headrace.store.tables import poison_messages, trigger_places, triggers
from headrace.store.transaction import Transaction

_BY_NAME = Statement(select(triggers).where(triggers.c.name == bindparam("the_name")))
_INSERT = Statement(insert(triggers).values({c: bindparam(c.name) for c in triggers.c}))
_DELETE = Statement(delete(triggers).where(triggers.c.id == bindparam("the_id")))
_DEFINE = Statement(
    update(triggers)
    .where(triggers.c.id == bindparam("the_id"))
    .values(
        pipeline=bindparam("pipeline"),
        topic=bindparam("topic"),
        params=bindparam("params"),
        start_at=bindparam("start_at"),
        problem=null(),
        revision=triggers.c.revision + 1,
        changed_at=bindparam("changed_at"),
    )
)
_FORGET_TOPIC = Statement(
    update(triggers)
    .where(triggers.c.id == bindparam("the_id"))
    .values(
        cluster_id=null(),
        topic_id=null(),
        generation=triggers.c.generation + 1,
        start_at=bindparam("start_at"),
    )
)
_FORGET_PLACES = Statement(
    delete(trigger_places).where(trigger_places.c.trigger_id == bindparam("the_id"))
)
_MOVE = Statement(
    update(triggers)
    .where(triggers.c.id == bindparam("the_id"))
    .values(
        status=bindparam("status"),
        status_reason=bindparam("status_reason"),
        problem=null(),
        revision=triggers.c.revision + 1,
        changed_at=bindparam("changed_at"),
    )
)
_DISMISS = Statement(delete(poison_messages).where(poison_messages.c.id == bindparam("the_id")))


@dataclass(frozen=True, kw_only=True)
class TriggerDefinition:
    """What a trigger is, as people say it. `params`: where each value comes from, by name."""

    name: str
    pipeline: str
    topic: str
    params: Mapping[str, str]
    start: TriggerStart


def save_trigger(tx: Transaction, given: TriggerDefinition) -> tuple[str, bool]:
    """(its id, whether it is new). Another topic is begun where `start` says."""
    row = tx.first(_BY_NAME, {"the_name": given.name})
    values = {
        "pipeline": given.pipeline,
        "topic": given.topic,
        "params": json.dumps(dict(given.params), ensure_ascii=False),
        "start_at": given.start.value,
        "changed_at": tx.now,
    }
    tx.hints.workers = True
    if row is None:
        trigger_id = new_id(TRIGGER)
        empty = {c.name: None for c in triggers.c}
        new = {
            "id": trigger_id,
            "name": given.name,
            "status": TriggerStatus.ACTIVE.value,
            "revision": 1,
            "generation": 0,
            "created_at": tx.now,
        }
        tx.change(_INSERT, {**empty, **values, **new})
        return trigger_id, True
    tx.change(_DEFINE, {"the_id": row.id, **values})
    if row.topic != given.topic:
        _begin_anew(tx, row.id, given.start)
    return str(row.id), False


def pause_trigger(tx: Transaction, name: str, reason: str | None) -> str | None:
    """Stops it where it is; its id, or None when there is none of this name."""
    row = tx.first(_BY_NAME, {"the_name": name})
    if row is not None and row.status == TriggerStatus.ACTIVE:
        move_trigger(tx, row.id, TriggerStatus.PAUSED, reason)
    return None if row is None else str(row.id)


def resume_trigger(tx: Transaction, name: str, start: TriggerStart | None) -> str | None:
    """Goes on where it stopped; after a reset, or with `start`, at an end of the topic."""
    row = tx.first(_BY_NAME, {"the_name": name})
    if row is None:
        return None
    if row.status == TriggerStatus.STREAM_RESET or start is not None:
        _begin_anew(tx, row.id, start or TriggerStart.EARLIEST)
    move_trigger(tx, row.id, TriggerStatus.ACTIVE, None)
    return str(row.id)


def delete_trigger(tx: Transaction, name: str) -> str | None:
    """Its id, or None when there was none. Its runs stay."""
    row = tx.first(_BY_NAME, {"the_name": name})
    if row is None:
        return None
    tx.change(_DELETE, {"the_id": row.id})
    tx.hints.workers = True
    return str(row.id)


def dismiss_poison(tx: Transaction, poison_id: str) -> bool:
    """Whether there was such a message."""
    return tx.change(_DISMISS, {"the_id": poison_id}) == 1


def move_trigger(
    tx: Transaction, trigger_id: str, status: TriggerStatus, reason: str | None
) -> None:
    """Gives it another status; whoever knew it as it was is Outdated."""
    values = {"status": status.value, "status_reason": reason, "changed_at": tx.now}
    tx.change(_MOVE, {"the_id": trigger_id, **values})
    tx.hints.workers = True


def _begin_anew(tx: Transaction, trigger_id: str, start: TriggerStart) -> None:
    tx.change(_FORGET_TOPIC, {"the_id": trigger_id, "start_at": start.value})
    tx.change(_FORGET_PLACES, {"the_id": trigger_id})
