"""The smallest unit of work that leaves something behind: a key and its value."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, insert

from headrace.store.statements import UNLESS_THERE, Statement
from headrace.store.tables import memo
from headrace.store.transaction import Transaction

_INSERT = insert(memo).values(
    key=bindparam("key"), value=bindparam("value"), created_at=bindparam("created_at")
)
_KEEP = Statement(_INSERT)
_KEEP_UNLESS_THERE = Statement(_INSERT, UNLESS_THERE)


def remember(tx: Transaction, items: Mapping[str, Any], *, unless_there: bool = False) -> None:
    tx.change_many(
        _KEEP_UNLESS_THERE if unless_there else _KEEP,
        (
            {"key": key, "value": json.dumps(value), "created_at": tx.now}
            for key, value in items.items()
        ),
    )
