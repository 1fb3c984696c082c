"""Work that one process does for all: who does it now, until when, and what keeps it from going on.

A lease that is over, of another boot, or of a process that is dead for certain may be taken; the
fence grows then, and whoever held it before changes nothing any more.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, or_, select, update

from headrace.store.statements import Row, Statement
from headrace.store.tables import leases
from headrace.store.transaction import Transaction

NEVER = 0

FIND = select(leases).where(leases.c.name == bindparam("name"))
_FIND = Statement(FIND)
_MAKE = Statement(
    insert(leases).values({c: bindparam(c.name) for c in leases.c if c.name[:7] != "problem"})
)
_TAKE = Statement(
    update(leases)
    .where(leases.c.name == bindparam("the_name"))
    .where(leases.c.fence == bindparam("the_fence"))
    .where(
        or_(
            leases.c.lease_until < bindparam("clock"),
            leases.c.boot_id != bindparam("boot"),
            leases.c.owner == bindparam("dead_owner"),
        )
    )
    .values(
        owner=bindparam("owner"),
        address=bindparam("address"),
        fence=leases.c.fence + 1,
        boot_id=bindparam("boot_id"),
        lease_until=bindparam("lease_until"),
    )
)
_MINE = (leases.c.name == bindparam("the_name")) & (leases.c.fence == bindparam("the_fence"))
_RENEW = Statement(update(leases).where(_MINE).values(lease_until=bindparam("lease_until")))
_TELL = Statement(
    update(leases)
    .where(_MINE)
    .values(problem=bindparam("problem"), problem_since=bindparam("problem_since"))
)


@dataclass(frozen=True)
class Lease:
    """A lease that was taken: its name, and the fence of whoever took it."""

    name: str
    fence: int


def is_free(row: Row | None, clock: int, boot: str) -> bool:
    """Whether a row of `FIND` may be taken by anybody."""
    return row is None or row.lease_until < clock or row.boot_id != boot


def take(
    tx: Transaction,
    name: str,
    *,
    owner: str,
    address: str | None,
    seconds: float,
    dead: str | None = None,
) -> Lease | None:
    """The lease, if it is free or belongs to `dead`, an owner known to be gone."""
    until = tx.clock + round(seconds * 1000)
    row = tx.first(_FIND, {"name": name})
    if row is None:
        values = {"owner": owner, "address": address, "boot_id": tx.boot, "lease_until": until}
        tx.change(_MAKE, {"name": name, "fence": 1, **values})
        return Lease(name, 1)
    taken = tx.change(
        _TAKE,
        {
            "the_name": name,
            "the_fence": row.fence,
            "clock": tx.clock,
            "boot": tx.boot,
            "dead_owner": dead or "",
            "owner": owner,
            "address": address,
            "boot_id": tx.boot,
            "lease_until": until,
        },
    )
    return Lease(name, row.fence + 1) if taken else None


def renew(tx: Transaction, lease: Lease, *, seconds: float) -> bool:
    """Whether it is still held, now for `seconds` more; NEVER more gives it back."""
    until = tx.clock + round(seconds * 1000) if seconds else 0
    values = {"the_name": lease.name, "the_fence": lease.fence, "lease_until": until}
    return tx.change(_RENEW, values) == 1


def tell_problem(tx: Transaction, lease: Lease, problem: str | None) -> None:
    """Writes down what keeps the work from going on; None: nothing does."""
    values = {
        "the_name": lease.name,
        "the_fence": lease.fence,
        "problem": problem,
        "problem_since": None if problem is None else tx.now,
    }
    tx.change(_TELL, values)
    tx.hints.workers = True  # whoever watches the service looks at its checks again
