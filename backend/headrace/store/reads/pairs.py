"""Rows by keys of two columns, many at once, along an index of the two.

SQLite takes no index for `(a, b) IN (VALUES …)` of more than one pair and reads the whole table. So
each column is asked for by itself as well, which it does along the index, and the pairs are what is
left of that.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, tuple_


def among_pairs(first: ColumnElement[Any], second: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the two columns are one of the pairs that `pairs` gives as parameters."""
    return and_(
        first.in_(bindparam("firsts", expanding=True)),
        second.in_(bindparam("seconds", expanding=True)),
        tuple_(first, second).in_(bindparam("pairs", expanding=True)),
    )


def pairs(keys: Sequence[tuple[Any, Any]]) -> dict[str, Sequence[Any]]:
    """The parameters of `among_pairs`."""
    return {
        "firsts": list({first for first, _ in keys}),
        "seconds": list({second for _, second in keys}),
        "pairs": keys,
    }
