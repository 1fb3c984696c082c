"""Digests that nobody needs any more: their bytes go an hour later, if still no row lists them."""

from sqlalchemy import bindparam, insert

from headrace.store.statements import UNLESS_THERE, Statement
from headrace.store.tables import tombstones
from headrace.store.transaction import Transaction

INLINE = "inline:"
"""The URI of bytes that lie in the database and go with their row."""

_BURY = Statement(
    insert(tombstones).values(
        sha256=bindparam("sha256"), uri=bindparam("uri"), since=bindparam("since")
    ),
    UNLESS_THERE,
)


def bury(tx: Transaction, sha256: str, uri: str) -> None:
    """Puts up a tombstone; the collector takes it down again where a row still lists the bytes."""
    if uri != INLINE:
        tx.change(_BURY, {"sha256": sha256, "uri": uri, "since": tx.now})
