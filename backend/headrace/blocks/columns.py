"""Python values as Arrow columns; `headrace.blocks.rows` says which type becomes which.

This module imports arro3, so it is imported where rows are made, not with the catalogue.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from arro3.core import Array, DataType, RecordBatch, Schema

from headrace.blocks.outputs import empty_batch, type_name

_INT64 = range(-(2**63), 2**63)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def batch_of_rows(rows: Sequence[Mapping[str, Any]], schema: Schema | None) -> RecordBatch:
    """See `rows_to_batch`."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    if schema is None and not names:
        raise ValueError("rows without a single key have no columns")
    if schema is not None:
        if not rows:
            return empty_batch(schema)
        if unknown := [name for name in names if name not in schema.names]:
            raise ValueError(f"the rows have columns that the first ones had not: {unknown}")
        names = schema.names
    columns: dict[str, Any] = {}
    for name in names:
        values = [row.get(name) for row in rows]
        column = _column(values)
        columns[name] = column if schema is None else _as_type(name, values, column, schema)
    if schema is None:
        return RecordBatch.from_pydict(columns)
    return RecordBatch.from_pydict(columns, schema=schema)


def _column(values: Sequence[Any]) -> Array:
    kinds = frozenset(type(value) for value in values) - {type(None)}
    maker: Callable[[Sequence[Any]], Array] = _json
    if kinds <= {str}:
        maker = _text
    elif kinds == {int, float}:
        maker = _floats
    elif len(kinds) == 1:
        maker = _MAKERS.get(next(iter(kinds)), _json)
    return maker(values)


def _text(values: Sequence[Any]) -> Array:
    return Array([_clean(value) for value in values], DataType.string())


def _json(values: Sequence[Any]) -> Array:
    return _text([_json_text(value) for value in values])


def _bools(values: Sequence[Any]) -> Array:
    return Array(values, DataType.bool())


def _integers(values: Sequence[Any]) -> Array:
    if all(value is None or value in _INT64 for value in values):
        return Array(values, DataType.int64())
    return _json(values)


def _floats(values: Sequence[Any]) -> Array:
    floats = [None if value is None else float(value) for value in values]
    return Array(floats, DataType.float64())


def _binary(values: Sequence[Any]) -> Array:
    return Array(values, DataType.binary())


def _dates(values: Sequence[Any]) -> Array:
    days = [None if value is None else (value - _EPOCH.date()).days for value in values]
    return Array(days, DataType.int32()).cast(DataType.date32())


def _timestamps(values: Sequence[dt.datetime | None]) -> Array:
    aware = [value.tzinfo is not None for value in values if value is not None]
    if any(aware) and not all(aware):
        return _json(values)
    ticks = [None if value is None else _microseconds(value) for value in values]
    return Array(ticks, DataType.int64()).cast(
        DataType.timestamp("us", tz="UTC" if all(aware) else None)
    )


def _microseconds(value: dt.datetime) -> int:
    # A naive time is kept as it reads on the clock, so it is counted as if it were UTC.
    aware = value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)
    return (aware - _EPOCH) // _MICROSECOND


_MAKERS: dict[type, Callable[[Sequence[Any]], Array]] = {
    bool: _bools,
    int: _integers,
    float: _floats,
    bytes: _binary,
    dt.date: _dates,
    dt.datetime: _timestamps,
}


def _as_type(name: str, values: Sequence[Any], column: Array, schema: Schema) -> Array:
    wanted = schema.field(name).type
    if column.type == wanted:
        return column
    if all(value is None for value in values):
        return column.cast(wanted)
    if wanted == DataType.string():
        return _json(values)
    if wanted == DataType.float64() and column.type == DataType.int64():
        return column.cast(wanted)
    before, now = type_name(wanted), type_name(column.type)
    raise ValueError(f"column {name!r} was {before} in the first rows and is {now} now")


def _json_text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return _clean(value)
    return _clean(json.dumps(value, ensure_ascii=False, default=_plain))


def _clean(value: str | None) -> str | None:
    # Lone surrogates (from broken input decoded with surrogateescape) have no UTF-8.
    if value is None or value.isascii():
        return value
    return value.encode("utf-8", "replace").decode("utf-8")


def _plain(value: Any) -> Any:
    convert: Callable[[], Any] | None = getattr(value, "item", None)  # numpy's scalars
    if callable(convert):
        return convert()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)
