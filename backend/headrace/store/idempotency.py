"""Idempotency keys: kept a day, written in the same transaction as the effect.

A repeat with the same input gives what was kept; the same key with another input is a conflict.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from headrace.domain.errors import HeadraceError
from headrace.domain.json import digest
from headrace.store.statements import Statement
from headrace.store.tables import idempotency_keys as table
from headrace.store.transaction import Transaction

KEPT_MS = 24 * 3600 * 1000

_FIND = Statement(
    select(table.c.input_digest, table.c.result)
    .where(table.c.principal == bindparam("the_principal"))
    .where(table.c.mutation == bindparam("the_mutation"))
    .where(table.c.key == bindparam("the_key"))
    .where(table.c.created_at > bindparam("since"))
)
_FORGET = Statement(
    delete(table)
    .where(table.c.principal == bindparam("the_principal"))
    .where(table.c.mutation == bindparam("the_mutation"))
    .where(table.c.key == bindparam("the_key"))
    .where(table.c.created_at <= bindparam("since"))
)
_FORGET_OLD = Statement(delete(table).where(table.c.created_at <= bindparam("since")))
_KEEP = Statement(insert(table).values({c: bindparam(c.name) for c in table.c}))


class KeyReused(HeadraceError):
    """An idempotency key came with another input than the first time."""


@dataclass(frozen=True)
class Key:
    """One use of a key. `given` is the mutation's input without the key, as JSON."""

    principal: str
    mutation: str
    key: str
    given: Any


def key_of(principal: str, mutation: str, key: str | None, given: Any) -> Key | None:
    """The use of the key that came with a mutation; None where none came."""
    return None if key is None else Key(principal, mutation, key, given)


def recall(tx: Transaction, key: Key | None) -> Any | None:
    """What the first use of the key gave (JSON), or None. Raises KeyReused for another input."""
    if key is None:
        return None
    row = tx.first(_FIND, {**_where(key), "since": tx.now - KEPT_MS})
    if row is None:
        return None
    if row.input_digest != digest(key.given):
        raise KeyReused(f"idempotencyKey {key.key!r} was used with another input before")
    return json.loads(row.result)


def keep(tx: Transaction, key: Key | None, result: Any) -> None:
    """Remembers a success under its key; nothing without a key."""
    if key is None:
        return
    # One that is not old was kept by somebody else at this moment: the INSERT finds it in its way.
    tx.change(_FORGET, {**_where(key), "since": tx.now - KEPT_MS})
    row = {
        "principal": key.principal,
        "mutation": key.mutation,
        "key": key.key,
        "input_digest": digest(key.given),
        "result": json.dumps(result),
        "created_at": tx.now,
    }
    tx.change(_KEEP, row)


def forget_old(tx: Transaction) -> int:
    """Forgets keys that are older than a day; how many."""
    return tx.change(_FORGET_OLD, {"since": tx.now - KEPT_MS})


def _where(key: Key) -> dict[str, str]:
    return {"the_principal": key.principal, "the_mutation": key.mutation, "the_key": key.key}
