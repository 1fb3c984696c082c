"""Work that one process at a time does for all: held by a lease in the database, taken over by
whoever finds it free.
"""

import asyncio
from functools import partial

from headrace.domain.ids import new_id
from headrace.live.wakeups import WakeUps
from headrace.store import leases
from headrace.store.clock import boot_id, lease_ms
from headrace.store.database import Store
from headrace.store.leases import FIND, Lease

_BEATS = 3
_AGAIN_SECONDS = 5.0


async def ended(task: "asyncio.Task[None]") -> None:
    """Cancels a task until it has ended; its error counts no more."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_AGAIN_SECONDS)
    if not task.cancelled():
        task.exception()


class Duty:
    """One duty as one process sees it. `lease` is None while another process has it."""

    def __init__(self, name: str, store: Store, wakeups: WakeUps, *, seconds: float) -> None:
        self.name = name
        self.seconds = seconds
        self.lease: Lease | None = None
        self._store = store
        self._wakeups = wakeups
        self._owner = new_id("own")
        self._renew_at = 0.0
        self._problem: str | None = None

    async def hold(self) -> Lease | None:
        """The lease, taken if it is free, renewed if it is time."""
        now = asyncio.get_running_loop().time()
        if self.lease is None:
            await self._take()
        elif now >= self._renew_at:
            renew = partial(leases.renew, lease=self.lease, seconds=self.seconds)
            if not await self._store.write(renew, urgent=True):
                self.lease = None
        if self.lease is not None and now >= self._renew_at:
            self.renewed(now)
        return self.lease

    def renewed(self, began: float) -> None:
        """A transaction that began at this time of the loop has renewed it as well."""
        self._renew_at = began + self.seconds / _BEATS

    def lost(self) -> None:
        """Another process has it."""
        self.lease = None

    async def tell(self, problem: str | None) -> bool:
        """Keeps what holds the work up where every process can see it; whether that is news."""
        if self.lease is None or problem == self._problem:
            return False
        await self._store.write(partial(leases.tell_problem, lease=self.lease, problem=problem))
        self._problem = problem
        return True

    async def give_back(self) -> None:
        """Lets another process have it at once."""
        lease, self.lease = self.lease, None
        if lease is not None:
            await self._store.write(partial(leases.renew, lease=lease, seconds=leases.NEVER))

    async def _take(self) -> None:
        async with self._store.snapshot() as snapshot:
            row = await snapshot.first(FIND, name=self.name)
        dead = None
        if row is not None and row.address and self._wakeups.gone(row.address):
            dead = row.owner
        if dead is None and not leases.is_free(row, lease_ms(), boot_id()):
            return
        self.lease = await self._store.write(
            partial(
                leases.take,
                name=self.name,
                owner=self._owner,
                address=self._wakeups.address,
                seconds=self.seconds,
                dead=dead,
            )
        )
        # What the last one said is found to be so again, or not.
        self._problem = None if row is None else row.problem
