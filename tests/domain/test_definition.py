"""Retries, documents and digests of definitions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.domain.definition import Block, Definition, Edge, RetryPolicy, to_document
from headrace.domain.graph import CyclicGraph
from headrace.domain.lifecycle import TriggerRule


@given(
    st.builds(
        RetryPolicy,
        delay_seconds=st.floats(0, 86_400),
        backoff=st.floats(1, 100),
        max_delay_seconds=st.floats(0, 86_400),
    ),
    st.integers(1, 10_000),
    st.floats(0, 1, exclude_max=True),
)
def test_a_delay_grows_up_to_its_cap_and_jitter_takes_at_most_half_away(
    retry: RetryPolicy, failures: int, jitter: float
) -> None:
    whole = retry.delay_after(failures, 0)
    assert 0 <= whole <= retry.max_delay_seconds
    assert whole <= retry.delay_after(failures + 1, 0)
    assert whole / 2 <= retry.delay_after(failures, jitter) <= whole


def test_the_standard_delays_double_up_to_a_minute() -> None:
    delays = [RetryPolicy().delay_after(failures, 0) for failures in range(1, 9)]
    assert delays == [1, 2, 4, 8, 16, 32, 60, 60]


def test_no_delay_stays_none_however_often_it_is_doubled() -> None:
    assert RetryPolicy(delay_seconds=0).delay_after(100_000, 0.5) == 0


def test_a_document_leaves_defaults_out_and_keeps_the_order_of_reading() -> None:
    definition = Definition(
        name="p",
        blocks=(
            Block(name="a", type="T"),
            Block(
                name="b",
                type="T",
                config={"x": 1.0},
                retry=RetryPolicy(max_attempts=3, delay_seconds=2.0),
                timeout_seconds=1.5,
                when=TriggerRule.ALL_DONE,
                cache=True,
            ),
        ),
        edges=(Edge(source="a", target="b", alias="a"),),
    )
    document = to_document(definition)
    assert document == {
        "name": "p",
        "blocks": [
            {"name": "a", "type": "T"},
            {
                "name": "b",
                "type": "T",
                "config": {"x": 1.0},
                "retry": {"max_attempts": 3, "delay_seconds": 2},
                "timeout_seconds": 1.5,
                "when": "all_done",
                "cache": True,
            },
        ],
        "edges": [{"from": "a", "to": "b"}],
    }
    assert list(document) == ["name", "blocks", "edges"]


def test_a_digest_changes_with_the_meaning_and_never_by_itself() -> None:
    block = Block(name="a", type="T")
    one = Definition(name="p", blocks=(block,))
    assert one.digest == "4da3bcfb8e09d75578b559b80729476eacc14e23c31fbc19f0dd8d7192a6cf31"
    assert one.digest == Definition(name="p", blocks=(block,)).digest
    assert (
        one.digest != Definition(name="p", blocks=(Block(name="a", type="T", cache=True),)).digest
    )


def test_an_input_is_named_after_its_block_or_its_alias() -> None:
    assert Edge(source="a", target="b").input_name == "a"
    assert Edge(source="a", target="b", alias="rows").input_name == "rows"


def test_a_definition_that_was_never_checked_tells_its_cycle() -> None:
    blocks = (Block(name="a", type="T"), Block(name="b", type="T"))
    edges = (Edge(source="a", target="b"), Edge(source="b", target="a"))
    with pytest.raises(CyclicGraph, match="a → b → a"):
        _ = Definition(name="p", blocks=blocks, edges=edges).graph
