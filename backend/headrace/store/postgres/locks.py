"""Which runs a transaction has locked, and whether it may wait for another one.

Invariant: a transaction waits for a run only if it holds none that comes after it. So all wait in
one order, and none waits for another in a circle. Where a unit of work finds a run held by somebody
and must not wait for it, it begins anew with the runs that it is known to need, locked in order.
"""

from collections.abc import Iterable

from headrace.domain.errors import HeadraceError


class OutOfTurn(HeadraceError):
    """A run is held by another transaction, and to wait for it might be for ever."""

    def __init__(self, needs: Iterable[str]) -> None:
        self.needs = frozenset(needs)
        super().__init__("locked in another order")


class Locks:
    """Those of one transaction."""

    def __init__(self) -> None:
        self._kept: set[str] = set()  # of units that are done
        self._new: set[str] = set()  # of the unit at work

    def __contains__(self, run_id: str) -> bool:
        return run_id in self._new or run_id in self._kept

    def add(self, run_ids: Iterable[str]) -> None:
        self._new.update(run_ids)

    def may_wait(self, run_id: str) -> bool:
        """Whether every run that is held comes before it."""
        return all(held < run_id for held in (*self._kept, *self._new))

    def out_of_turn(self, run_ids: Iterable[str]) -> OutOfTurn:
        """What a unit raises that may not wait for these."""
        return OutOfTurn({*self._new, *run_ids})

    def keep(self) -> None:
        """The unit at work is done. What it locked is held until the COMMIT, even if it failed."""
        self._kept |= self._new
        self._new.clear()
