import json
from typing import Any

import pytest
from arro3.core import Array, DataType, Field, struct_array
from hypothesis import given
from hypothesis import strategies as st

from headrace.artifacts.cells import texts, type_name, values

MOMENT = 1_700_000_000_123_456_789


def whole_numbers(*numbers: int | None) -> Array:
    return Array(list(numbers), type=DataType.int64())


CASES: list[tuple[Array, str, list[Any], list[Any]]] = [
    (Array(["a", None, ""], type=DataType.string()), "string", ["a", None, ""], ["a", None, ""]),
    (whole_numbers(1, None), "int64", ["1", None], [1, None]),
    (whole_numbers(2**53), "int64", [str(2**53)], [str(2**53)]),
    (
        Array([True, False, None], type=DataType.bool()),
        "bool",
        ["true", "false", None],
        [True, False, None],
    ),
    (Array([0.1, None], type=DataType.float64()), "float64", ["0.1", None], [0.1, None]),
    (
        Array([float("nan"), float("-inf")], type=DataType.float64()),
        "float64",
        ["NaN", "-inf"],
        ["NaN", "-inf"],
    ),
    (Array([b"\x00x"], type=DataType.binary()), "binary", ["AHg="], ["AHg="]),
    (
        whole_numbers(MOMENT).cast(DataType.timestamp("ns", tz="UTC")),
        "timestamp(ns, UTC)",
        ["2023-11-14T22:13:20.123456789Z"],
        ["2023-11-14T22:13:20.123456789Z"],
    ),
    (whole_numbers(5).cast(DataType.decimal128(10, 2)), "decimal128(10, 2)", ["5.00"], ["5.00"]),
    (
        Array([19_000], type=DataType.int32()).cast(DataType.date32()),
        "date32",
        ["2022-01-08"],
        ["2022-01-08"],
    ),
    (
        struct_array([whole_numbers(1, None)], fields=[Field("x", DataType.int64())]),
        "struct(x: int64)",
        ['{"x": 1}', '{"x": null}'],
        [{"x": 1}, {"x": None}],
    ),
]


@pytest.mark.parametrize(("column", "kind", "as_text", "as_json"), CASES)
def test_cells_lose_nothing_on_their_way_to_people(
    column: Array, kind: str, as_text: list[Any], as_json: list[Any]
) -> None:
    assert type_name(column.type) == kind
    assert texts(column) == as_text
    assert values(column) == as_json


@given(st.lists(st.none() | st.floats() | st.integers(-(2**63), 2**63 - 1).map(float)))
def test_floats_come_back_from_their_text_as_they_were(numbers: list[float | None]) -> None:
    column = Array(numbers, type=DataType.float64())
    for number, text in zip(numbers, texts(column), strict=True):
        assert repr(None if text is None else float(text)) == repr(number)


@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)))
def test_values_are_json_that_javascript_reads_exactly(numbers: list[int | None]) -> None:
    shown = json.loads(json.dumps(values(Array(numbers, type=DataType.int64()))))
    assert [None if one is None else int(one) for one in shown] == numbers
    assert all(abs(one) < 2**53 for one in shown if isinstance(one, int))
