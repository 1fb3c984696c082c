"""Canonical JSON: one text for one meaning."""

import json
import math
from typing import Any

import pytest
from hypothesis import given

from headrace.domain.json import canonical_json, digest, scalar_fault, show
from tests.domain.strategies import json_values


@given(json_values)
def test_canonical_text_reads_back_as_the_same_value_and_is_its_own_canon(value: Any) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


def test_keys_are_sorted_and_nothing_is_spaced() -> None:
    assert canonical_json({"b": [1, "é"], "a": {"d": None, "c": True}}) == (
        '{"a":{"c":true,"d":null},"b":[1,"é"]}'
    )


def test_the_digest_is_fixed_for_ever() -> None:
    """Stored versions and the ledger are found again by it."""
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize("value", [math.nan, math.inf, {1: 2}, object(), {"a": {None: 1}}])
def test_what_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        canonical_json(value)


def test_a_value_nested_without_end_is_refused_like_any_other() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="nested too deep"):
        canonical_json(endless)


@pytest.mark.parametrize("value", [0, 2**63 - 1, -(2**63), 1.5, "é😀", None, True])
def test_values_that_every_reader_can_hold_have_no_fault(value: object) -> None:
    assert scalar_fault(value) is None


@pytest.mark.parametrize("value", [2**63, math.nan, -math.inf, "\ud800", "\0", b"x", object()])
def test_values_that_some_reader_cannot_hold_have_a_fault(value: object) -> None:
    assert scalar_fault(value) is not None


@pytest.mark.parametrize(
    ("value", "shown"),
    [("a", '"a"'), (None, "nothing (null)"), ([1], "a list"), ({}, "a mapping"), (1.5, "1.5")],
)
def test_values_are_shown_briefly(value: object, shown: str) -> None:
    assert show(value) == shown
    assert len(show("x" * 1_000_000)) <= 60
