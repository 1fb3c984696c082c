"""What the memo kept long ago goes, a few rows at a time."""

from typing import Final

from sqlalchemy import bindparam, delete, select

from headrace.store.statements import Statement
from headrace.store.tables import memo
from headrace.store.transaction import Transaction

AT_ONCE: Final = 1_000
"""More would keep other writers waiting for longer than a block takes."""

_FORGET = Statement(
    delete(memo).where(
        memo.c.key.in_(
            select(memo.c.key)
            .where(memo.c.created_at <= bindparam("since"))
            .order_by(memo.c.created_at)
            .limit(bindparam("most"))
            .scalar_subquery()
        )
    )
)


def forget_memos(tx: Transaction, since: int) -> int:
    """Forgets at most `AT_ONCE` of what was kept up to wall ms `since`; how many."""
    return tx.change(_FORGET, {"since": since, "most": AT_ONCE})
