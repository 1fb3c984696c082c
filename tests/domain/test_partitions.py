"""How an input is split, and what a definition may ask of it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.domain.partitions import MAX_PARTITIONS, Split
from headrace.domain.problems import ProblemCode
from tests.domain.fakes import checked, only, place, problems

splits = st.builds(Split, partitions=st.integers(2, MAX_PARTITIONS)) | st.builds(
    Split, rows_per_partition=st.integers(1, 10**9)
)
EDGES = "edges: [{from: csv, to: b}]\n"


@given(splits, st.integers(0, 10**9))
def test_bounds_are_the_whole_input_in_order_and_even(split: Split, rows: int) -> None:
    bounds = split.bounds(rows)
    assert (bounds[0].start, bounds[-1].stop) == (0, rows)
    assert all(one.stop == other.start for one, other in pairwise(bounds))
    sizes = [len(each) for each in bounds]
    assert max(sizes) - min(sizes) <= 1
    assert min(sizes) > 0 or len(bounds) == 1
    assert 1 <= len(bounds) <= MAX_PARTITIONS
    assert bounds == split.bounds(rows)
    if split.partitions is not None:
        assert len(bounds) == max(1, min(split.partitions, rows))
    elif len(bounds) < MAX_PARTITIONS:
        assert split.rows_per_partition is not None
        assert max(sizes) <= split.rows_per_partition


def document(lines: str, type_: str = "LLM_SENTIMENT", edges: str = EDGES) -> str:
    return (
        "name: p\nblocks:\n  - {name: csv, type: CSV_READER, config: {input_path: a.csv}}\n"
        f"  - name: b\n    type: {type_}\n    {lines}\n{edges}"
    )


@pytest.mark.parametrize(("key", "value"), [("partitions", 4), ("rows_per_partition", 1)])
def test_a_block_that_maps_may_be_split(key: str, value: int) -> None:
    definition = checked(document(f"{key}: {value}")).definition
    assert definition is not None
    split = definition.blocks_by_name["b"].split
    assert split is not None
    assert getattr(split, key) == value


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("partitions: 1", "`partitions` should be a whole number from 2 to 1000, but is 1"),
        ("partitions: 1001", "from 2 to 1000, but is 1001"),
        ("partitions: many", "from 2 to 1000"),
        ("rows_per_partition: 0", "`rows_per_partition` should be a whole number from 1 to"),
    ],
)
def test_numbers_out_of_range_are_told(line: str, words: str) -> None:
    problem = only(document(line))
    assert problem.code is ProblemCode.WRONG_TYPE
    assert words in problem.message


def test_the_two_keys_contradict_each_other() -> None:
    problem = only(document("partitions: 2\n    rows_per_partition: 5"))
    assert (problem.code, place(problem)) == (ProblemCode.INVALID_CONFIG, (7, 5))
    assert "contradict each other: remove one of them" in problem.message


def test_a_type_that_does_not_map_cannot_be_split() -> None:
    problem = only(document("partitions: 2", "ANY"))
    assert (problem.code, place(problem)) == (ProblemCode.INVALID_CONFIG, (6, 5))
    assert problem.message == (
        'Block "b": ANY cannot be split into partitions, for a row of its result may depend on '
        "more than one row: remove `partitions`"
    )


def test_a_block_without_an_input_has_nothing_to_split() -> None:
    problem = only(document("partitions: 2", "MAPS", edges=""))
    assert (problem.code, place(problem)) == (ProblemCode.INPUT_COUNT, (6, 5))
    assert "splits an input, but it has none: add an edge to it" in problem.message
    # One mistake is told once, where the type needs inputs anyway.
    assert [each.code for each in problems(document("partitions: 2", edges=""))] == [
        ProblemCode.INPUT_COUNT
    ]
