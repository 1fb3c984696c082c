"""Which changes of runs concern somebody who watches a filtered list of them.

All conditions of a filter but the status hold of a run for ever or never. A run that meets those
and has a status that is not asked for may have been in the list before: its removal is told once,
whether or not this watcher ever told of the run, since a client has runs from its own query too.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from headrace.api.graphql.enums import ChangeKind
from headrace.domain.lifecycle import RUN_TRANSITIONS, RunStatus
from headrace.store.reads.run_filters import RunFilter
from headrace.store.reads.runs import RunRow

_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Change:
    """What is told of one run."""

    kind: ChangeKind
    run_id: str


class Membership:
    """Tells the changes of one filtered list. Runs created since `began` (ms) count as new."""

    def __init__(self, condition: RunFilter, began: int) -> None:
        self.lasting = replace(condition, status=None)
        self._status = condition.status
        self._began = began
        self._inside: OrderedDict[str, bool] = OrderedDict()  # what was told last of a run
        self._before = None if condition.status is None else _later_than(condition.status)

    def changes(
        self, run_ids: Iterable[str], rows: Mapping[str, RunRow], eligible: AbstractSet[str]
    ) -> list[Change]:
        """What to tell of runs that changed.

        `rows` holds those that exist, `eligible` the ids of those that meet `lasting`.
        """
        found = (self._change(run_id, rows.get(run_id), run_id in eligible) for run_id in run_ids)
        return [change for change in found if change is not None]

    def _change(self, run_id: str, row: RunRow | None, eligible: bool) -> Change | None:
        if row is None:
            return self._removed(run_id)
        if not eligible:
            return None
        if self._status is None or row.status in self._status:
            new = run_id not in self._inside and row.created_at >= self._began
            self._note(run_id, inside=True)
            return Change(ChangeKind.CREATED if new else ChangeKind.UPDATED, run_id)
        if self._before is not None and row.status in self._before:
            return self._removed(run_id)
        return None

    def _removed(self, run_id: str) -> Change | None:
        if self._inside.get(run_id) is False:
            return None
        self._note(run_id, inside=False)
        return Change(ChangeKind.REMOVED, run_id)

    def _note(self, run_id: str, *, inside: bool) -> None:
        self._inside[run_id] = inside
        self._inside.move_to_end(run_id)
        if len(self._inside) > _REMEMBERED:
            self._inside.popitem(last=False)


def _later_than(status: AbstractSet[RunStatus]) -> frozenset[RunStatus]:
    """The states that a run can reach from one of these."""
    reached: set[RunStatus] = set()
    front = set(status)
    while front:
        front = {later for state in front for later in RUN_TRANSITIONS[state]} - reached
        reached |= front
    return frozenset(reached)
