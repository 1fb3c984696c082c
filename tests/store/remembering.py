"""The smallest unit of work that leaves something behind: a key and its value."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, insert

from headrace.store.statements import Statement
from headrace.store.tables import memo
from headrace.store.transaction import Transaction

_KEEP = Statement(
    insert(memo).values(
        key=bindparam("key"), value=bindparam("value"), created_at=bindparam("created_at")
    )
)


def remember(tx: Transaction, items: Mapping[str, Any]) -> None:
    tx.change_many(
        _KEEP,
        (
            {"key": key, "value": json.dumps(value), "created_at": tx.now}
            for key, value in items.items()
        ),
    )
