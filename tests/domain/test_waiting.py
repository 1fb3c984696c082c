"""Why something does not move: whoever waits is told what for, and who moves is told nothing."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.domain.waiting import MOST_RUNS, BlockKey, Line, in_line, of_run, retry, upstream


def line(
    front: Sequence[BlockKey] = (),
    *,
    whole: bool = True,
    workers: int = 1,
    draining: int = 0,
    capacity: int = 2,
    running: Mapping[str, int] | None = None,
) -> Line:
    return Line(
        front=front,
        whole=whole,
        workers=workers,
        draining=draining,
        capacity=capacity,
        running=running or {},
    )


def told(found: Line, key: BlockKey) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.code.value, each.message, each.runs) for each in in_line(found, key)]


def test_without_a_worker_nothing_else_is_worth_saying() -> None:
    nobody = line([("r", 0), ("s", 0)], workers=0, capacity=0)
    assert told(nobody, ("s", 0)) == [
        ("NO_WORKER", "No worker lives: `headrace worker` is one", ())
    ]
    (leaving,) = told(line([("r", 0)], workers=0, draining=1, capacity=0), ("r", 0))
    assert "Every worker is stopping" in leaving[1]


def test_what_is_about_to_be_taken_up_waits_for_nothing() -> None:
    two_free = line([("r", 0), ("r", 1), ("r", 2)], capacity=3, running={"s": 1})
    assert told(two_free, ("r", 0)) == []
    assert told(two_free, ("r", 1)) == []
    assert [code for code, _, _ in told(two_free, ("r", 2))] == ["QUEUE"]


def test_busy_workers_and_those_who_go_first_are_two_reasons() -> None:
    full = line([("r", 0), ("s", 4), ("t", 1), ("t", 2)], workers=2, running={"u": 1, "r": 1})
    assert told(full, ("r", 0)) == [
        ("WORKERS_BUSY", "Every worker is busy: 2 places of 2 workers taken", ("r", "u"))
    ]
    busy, behind = told(full, ("t", 2))
    assert busy[0] == "WORKERS_BUSY"
    assert behind == ("QUEUE", "3 blocks of 2 other runs and of this one go first", ("r", "s"))
    own = told(line([("r", 0), ("r", 1)], capacity=1, running={"r": 1}), ("r", 1))
    assert own[1] == ("QUEUE", "1 block of this run goes first", ())
    one = told(line([("r", 0), ("s", 1)], capacity=1), ("s", 1))
    assert one == [("QUEUE", "1 block of 1 other run goes first", ("r",))]


def test_beyond_the_front_it_says_no_more_than_it_knows() -> None:
    cut = line([(f"r{n}", 0) for n in range(1_000)], whole=False)
    ((code, words, runs),) = told(cut, ("late", 0))
    assert (code, len(runs)) == ("QUEUE", MOST_RUNS)
    assert words == "More than 1,000 blocks of 1,000 other runs go first"


def test_more_blocks_than_places_is_a_smaller_crew_than_before() -> None:
    """A worker that drains leaves with what it runs; the others may hold more than they should."""
    assert [each[0] for each in told(line([("r", 0)], capacity=1, running={"s": 3}), ("r", 0))] == [
        "WORKERS_BUSY"
    ]


def test_a_run_is_told_what_is_over_first_and_for_which_of_its_blocks() -> None:
    soon, late = retry(1, 5_000), retry(2, 9_000)
    found = of_run(
        line([("x", 0), ("r", 7), ("x", 1), ("r", 3)], capacity=1),
        "r",
        ready={"c": 3, "h": 7},
        retrying={"late": late, "soon": soon},
    )
    assert [(each.code.value, each.blocks, each.until) for each in found] == [
        ("QUEUE", ("c", "h"), None),
        ("RETRY", ("late", "soon"), 5_000),
    ]
    assert found[0].message.startswith("1 block of")


def test_a_run_moves_if_one_of_its_blocks_is_about_to() -> None:
    free = line([("r", 0), ("r", 1), ("r", 2)], capacity=1)
    assert of_run(free, "r", ready={"a": 0, "b": 1}, retrying={"c": retry(1, 1)}) == []


def test_times_and_names_are_in_the_words() -> None:
    assert retry(2, 45_296_789).message == "Attempt 2 failed; it is tried again at 12:34:56 UTC"
    assert upstream(["a", "b"]).message == "It waits for a, b"
    many = upstream([str(n) for n in range(8)])
    assert (many.message, len(many.blocks)) == ("It waits for 0, 1, 2, 3, 4 and 3 more blocks", 8)


KEYS = st.lists(st.tuples(st.sampled_from("rstuvw"), st.integers(0, 9)), unique=True, max_size=12)


@given(KEYS, st.integers(0, 6), st.dictionaries(st.sampled_from("rst"), st.integers(1, 3)))
def test_every_place_in_line_has_a_reason_or_a_free_place(
    front: list[BlockKey], capacity: int, running: dict[str, int]
) -> None:
    found = line(front, capacity=capacity, running=running)
    free = capacity - sum(running.values())
    for place, key in enumerate(front):
        assert bool(in_line(found, key)) == (place >= free)


@pytest.mark.parametrize("until", [None, 0, 2**40])
def test_a_retry_always_has_words(until: int | None) -> None:
    assert "Attempt 1 failed" in retry(1, until).message
