"""Deciding about ticks: one unit of work moves the schedule on, notes what became of its ticks, and
starts their runs.

Invariant: a tick starts one run, whoever looks and however often. Of all that decided about the
same tick one finds the schedule as it saw it; the others change nothing. A tick about which there
is a row is never decided about again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update

from headrace.domain.ticks import Overlap, TickOutcome
from headrace.store.runs import NewRun, cancel_run, create_run
from headrace.store.statements import Statement
from headrace.store.tables import runs, schedule_ticks, schedules
from headrace.store.transaction import Transaction

KEPT_TICKS = 100

_S, _T = schedules.c, schedule_ticks.c
_MOVE_ON = Statement(
    update(schedules)
    .where(_S.id == bindparam("the_schedule"))
    .where(_S.revision == bindparam("the_revision"))
    .where(_S.next_tick_at == bindparam("seen_tick"))
    .where(_S.paused_at.is_(None))
    .values(next_tick_at=bindparam("next_tick_at"), next_fire_at=bindparam("next_fire_at"))
)
_DECIDED = Statement(
    select(_T.tick_at)
    .where(_T.schedule_id == bindparam("the_schedule"))
    .where(_T.tick_at == bindparam("the_tick"))
)
_NOTE = Statement(insert(schedule_ticks).values({c: bindparam(c.name) for c in _T}))
_ACTIVE = Statement(
    select(runs.c.id)
    .where(runs.c.schedule_id == bindparam("the_schedule"))
    .where(runs.c.schedule_id.is_not(None))
    .where(runs.c.finished_at.is_(None))
    .order_by(runs.c.id)
)
_OLDEST_KEPT = Statement(
    select(_T.tick_at)
    .where(_T.schedule_id == bindparam("the_schedule"))
    .order_by(_T.tick_at.desc())
    .limit(1)
    .offset(KEPT_TICKS - 1)
)
_FORGET = Statement(
    delete(schedule_ticks)
    .where(_T.schedule_id == bindparam("the_schedule"))
    .where(_T.tick_at < bindparam("oldest_kept"))
)


@dataclass(frozen=True)
class Tick:
    """A tick that is due: the run that it starts, or why it starts none."""

    at: int
    run: NewRun | str


@dataclass(frozen=True)
class Late:
    """Ticks that came too late, told as one."""

    at: int
    count: int
    message: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What to do about the ticks of a schedule, on what was seen of it."""

    schedule_id: str
    revision: int
    seen_tick: int
    overlap: Overlap
    late: Late | None
    ticks: Sequence[Tick]
    next_tick: int | None
    next_fire: int | None


def decide(tx: Transaction, decision: Decision) -> bool:
    """Does what was decided; False when the schedule has moved on or was changed since."""
    moved = tx.change(
        _MOVE_ON,
        {
            "the_schedule": decision.schedule_id,
            "the_revision": decision.revision,
            "seen_tick": decision.seen_tick,
            "next_tick_at": decision.next_tick,
            "next_fire_at": decision.next_fire,
        },
    )
    if not moved:
        return False
    if (late := decision.late) is not None:
        _note(tx, decision, late.at, TickOutcome.MISSED, late.message, count=late.count)
    for tick in decision.ticks:
        _take(tx, decision, tick)
    _forget_old(tx, decision.schedule_id)
    tx.hints.schedules = True
    return True


def _take(tx: Transaction, decision: Decision, tick: Tick) -> None:
    if _decided(tx, decision, tick.at):
        return  # wall time was set back, and the schedule saved or resumed since
    if isinstance(tick.run, str):
        _note(tx, decision, tick.at, TickOutcome.FAILED, tick.run)
        return
    if decision.overlap is Overlap.REPLACE and tick is not decision.ticks[-1]:
        _note(tx, decision, tick.at, TickOutcome.SKIPPED, "A later tick was due as well")
        return
    active = [str(row.id) for row in tx.rows(_ACTIVE, {"the_schedule": decision.schedule_id})]
    if active and decision.overlap is Overlap.SKIP:
        words = f"Run {active[-1]} had not ended"
        _note(tx, decision, tick.at, TickOutcome.SKIPPED, words, run_id=active[-1])
        return
    replaced = active if decision.overlap is Overlap.REPLACE else []
    for run_id in replaced:
        cancel_run(tx, run_id, "replaced by the next tick of its schedule")
    why = f"Run {', '.join(replaced)} was cancelled for it" if replaced else None
    _note(tx, decision, tick.at, TickOutcome.STARTED, why, run_id=create_run(tx, tick.run))


def _decided(tx: Transaction, decision: Decision, tick: int) -> bool:
    key = {"the_schedule": decision.schedule_id, "the_tick": tick}
    return tx.first(_DECIDED, key) is not None


def _note(
    tx: Transaction,
    decision: Decision,
    tick: int,
    outcome: TickOutcome,
    message: str | None,
    *,
    run_id: str | None = None,
    count: int = 1,
) -> None:
    if outcome is TickOutcome.MISSED and _decided(tx, decision, tick):
        return
    row = {
        "schedule_id": decision.schedule_id,
        "tick_at": tick,
        "decided_at": tx.now,
        "outcome": outcome.value,
        "message": message,
        "count": count,
        "run_id": run_id,
    }
    tx.change(_NOTE, row)


def _forget_old(tx: Transaction, schedule_id: str) -> None:
    oldest = tx.first(_OLDEST_KEPT, {"the_schedule": schedule_id})
    if oldest is not None:
        tx.change(_FORGET, {"the_schedule": schedule_id, "oldest_kept": oldest.tick_at})
