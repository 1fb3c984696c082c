"""Dict rows become Arrow columns of the narrowest type that holds them."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.blocks.outputs import type_name
from headrace.blocks.rows import batch_to_rows, rows_to_batch

UTC_NOON = dt.datetime(2026, 1, 2, 12, 0, 0, 5, tzinfo=dt.UTC)
NAIVE = dt.datetime(2026, 1, 2, 3)  # noqa: DTZ001 - times without a zone are data too
BERLIN = dt.timezone(dt.timedelta(hours=1))


@pytest.mark.parametrize(
    ("values", "kind", "back"),
    [
        ([True, None], "Boolean", [True, None]),
        ([1, None, -5], "Int64", [1, None, -5]),
        ([1, 2.5], "Float64", [1.0, 2.5]),
        ([1.5, None], "Float64", [1.5, None]),
        (["a", None], "Utf8", ["a", None]),
        ([None, None], "Utf8", [None, None]),
        ([b"\x00\xff"], "Binary", [b"\x00\xff"]),
        ([dt.date(1969, 12, 31)], "Date32", [dt.date(1969, 12, 31)]),
        ([NAIVE], "Timestamp(µs)", [NAIVE]),
        ([UTC_NOON, None], 'Timestamp(µs, "UTC")', [UTC_NOON, None]),
        ([UTC_NOON.astimezone(BERLIN)], 'Timestamp(µs, "UTC")', [UTC_NOON]),
        ([{"a": [1]}, None], "Utf8", ['{"a": [1]}', None]),
        ([1, "a"], "Utf8", ["1", "a"]),
        ([1, True], "Utf8", ["1", "true"]),
        ([2**70], "Utf8", [str(2**70)]),
        (["\ud800"], "Utf8", ["?"]),
        ([UTC_NOON, NAIVE], "Utf8", None),
    ],
)
def test_values_find_their_column_type(values: list[Any], kind: str, back: list[Any]) -> None:
    batch = rows_to_batch([{"v": value} for value in values])
    assert type_name(batch.column("v").type) == kind
    if back is not None:
        assert batch.column("v").to_pylist() == back


def test_columns_are_the_union_of_the_keys_in_order_of_appearance() -> None:
    batch = rows_to_batch([{"b": 1}, {"a": 2, "b": 3}])
    assert batch.column_names == ["b", "a"]
    assert list(batch_to_rows(batch)) == [{"b": 1, "a": None}, {"b": 3, "a": 2}]


def test_later_rows_fit_the_first_ones_schema() -> None:
    first = rows_to_batch([{"n": 1.5, "t": "x", "j": {"a": 1}}])
    later = rows_to_batch([{"n": 2, "t": 7, "j": None}, {}], schema=first.schema)
    assert later.schema == first.schema
    assert next(iter(batch_to_rows(later))) == {"n": 2.0, "t": "7", "j": None}
    assert rows_to_batch([], schema=first.schema).num_rows == 0


@pytest.mark.parametrize("row", [{"n": "text"}, {"n": 1, "new": 2}])
def test_rows_that_do_not_fit_are_refused(row: dict[str, Any]) -> None:
    first = rows_to_batch([{"n": 1}])
    with pytest.raises(ValueError, match=r"'n' was Int64|'new'"):
        rows_to_batch([row], schema=first.schema)


def test_rows_without_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="no columns"):
        rows_to_batch([{}])


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "i": st.none() | st.integers(-(2**63), 2**63 - 1),
                "f": st.none() | st.floats(allow_nan=False),
                "t": st.none() | st.text(st.characters(exclude_categories=["Cs"])),
                "b": st.none() | st.booleans(),
            }
        ),
        min_size=1,
    )
)
def test_rows_survive_the_round_trip(rows: list[dict[str, Any]]) -> None:
    assert list(batch_to_rows(rows_to_batch(rows))) == rows
