"""What of the runs' logs has to go to the stream: a cursor on each run's row, and no copies.

The events are there already, in the order of their seqs and written with the state; what is in the
stream is told by `published_seq`. It is null for a run whose events go nowhere, or went all.
"""

from collections.abc import Mapping

from sqlalchemy import Integer, bindparam, case, null, update

from headrace.store.leases import Lease, renew
from headrace.store.statements import Statement
from headrace.store.tables import runs
from headrace.store.transaction import Transaction

_SEQ = bindparam("seq", type_=Integer)
_MARK = Statement(
    update(runs)
    .where(runs.c.id == bindparam("the_run"))
    .where(runs.c.published_seq < _SEQ)
    .values(
        # The terminal event is the last of a log.
        published_seq=case(
            (
                runs.c.finished_at.is_not(None) & (runs.c.last_seq == _SEQ),
                null(),
            ),
            else_=_SEQ,
        )
    )
)


def mark_published(
    tx: Transaction, lease: Lease, published: Mapping[str, int], *, seconds: float
) -> bool:
    """Notes the last seq of each run that is in the stream, and renews the lease.

    False, and nothing is noted, when the lease is another's by now.
    """
    if not renew(tx, lease, seconds=seconds):
        return False
    tx.change_many(_MARK, ({"the_run": run, "seq": published[run]} for run in sorted(published)))
    return True
