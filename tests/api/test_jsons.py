"""JSON in and out: a value or a fault, whatever the bytes are."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.api import jsons

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_is_read_back_the_same(value: Any) -> None:
    assert jsons.decode(jsons.encode(value)) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_fault(data: bytes) -> None:
    with suppress(jsons.JsonFault):
        jsons.decode(data)


@given(st.text(alphabet='[]{}",:0123456789eE+-.\\ud8ntfalsruINy ', max_size=200))
def test_any_text_that_looks_like_json_is_a_value_or_a_fault(text: str) -> None:
    try:
        value = jsons.decode(text)
    except jsons.JsonFault:
        return
    jsons.encode(value)


def test_depth_is_bounded_where_recursion_is_not() -> None:
    deepest = "[" * jsons.MAX_DEPTH + "]" * jsons.MAX_DEPTH
    assert jsons.decode(deepest) == json.loads(deepest)
    for levels in (jsons.MAX_DEPTH + 1, 900, 100_000):
        with pytest.raises(jsons.JsonFault, match="nested"):
            jsons.decode("[" * levels + "]" * levels)
    wide = "[" + ",".join(["[]"] * 10_000) + "]"
    assert len(jsons.decode(wide)) == 10_000


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}'])
def test_what_javascript_calls_a_number_and_json_does_not_is_refused(text: str) -> None:
    with pytest.raises(jsons.JsonFault, match="is no JSON"):
        jsons.decode(text)


def test_a_surrogate_is_refused_alone_and_read_in_a_pair() -> None:
    assert jsons.decode(r'"\ud83d\ude00"') == "😀"
    assert jsons.decode(r'"\\ud800"') == r"\ud800"
    for text in (r'"\ud83d"', r'{"\udE00": 1}'):
        with pytest.raises(jsons.JsonFault, match="surrogate"):
            jsons.decode(text)
