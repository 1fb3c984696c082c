"""Names that are nearly right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.domain.problems import nearest, nearest_many
from headrace.domain.suggestions import Suggester

TYPES = ["CSV_READER", "CSV_WRITER", "LLM_SENTIMENT", "PYTHON"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CSV_REDER", "CSV_READER"),
        ("csv_reader", "CSV_READER"),
        ("CsvReader", "CSV_READER"),
        ("csv-writer", "CSV_WRITER"),
        ("CSV_WRTIER", "CSV_WRITER"),
        ("LLM_SENTIMENTS", "LLM_SENTIMENT"),
        ("PYTON", "PYTHON"),
        ("LLM", "LLM_SENTIMENT"),
        ("SQL", None),
        ("", None),
        ("x" * 5_000, None),
    ],
)
def test_a_name_that_is_nearly_right_gets_a_suggestion(name: str, meant: str | None) -> None:
    assert nearest(name, TYPES) == meant


def test_short_names_are_not_taken_for_one_another() -> None:
    assert nearest("a", ["b", "c"]) is None
    assert nearest("A", ["b", "a"]) == "a"
    assert nearest("cvs", ["csv", "sent"]) == "csv"


def test_the_nearest_come_first() -> None:
    assert nearest_many("demo", ["demo-ui", "demo", "dem", "other"], n=3) == [
        "demo",
        "dem",
        "demo-ui",
    ]


@given(st.text(), st.lists(st.text(max_size=12), max_size=8))
def test_a_suggestion_is_one_of_the_candidates(name: str, candidates: list[str]) -> None:
    assert nearest(name, candidates) in {None, *candidates}
    if name and name in candidates and len(name) <= 100:
        assert nearest_many(name, candidates, n=8).count(name) >= 1


@given(st.text("abc", min_size=4, max_size=12), st.integers(0, 10), st.sampled_from("xyz"))
def test_one_wrong_letter_is_always_forgiven(name: str, at: int, letter: str) -> None:
    place = at % len(name)
    assert nearest(name[:place] + letter + name[place + 1 :], [name]) == name
    assert nearest(name[:place] + letter + name[place:], [name]) == name
    assert nearest(name[:place] + name[place + 1 :], [name]) == name


def test_suggestions_stop_when_they_have_cost_enough() -> None:
    suggester = Suggester(budget=10)
    assert suggester.nearest("PYTON", TYPES) == "PYTHON"
    assert suggester.nearest("PYTHN", TYPES) == "PYTHON"
    assert suggester.nearest("PTHON", TYPES) is None
    assert suggester.nearest("PYTON", TYPES) == "PYTHON"
