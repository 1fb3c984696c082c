"""Levels, neighbours and cycles of random and of extreme graphs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.domain.graph import CyclicGraph, Graph, describe_cycle, find_cycle, find_cycles

NAMES = [f"b{number}" for number in range(8)]
edges = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=16)
forward = edges.map(lambda pairs: [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]])


@given(edges)
def test_a_cycle_is_named_in_the_order_of_its_edges_and_none_is_missed(
    pairs: list[tuple[str, str]],
) -> None:
    cycle = find_cycle(NAMES, pairs)
    if cycle is None:
        levels = Graph.of(NAMES, pairs).levels
        assert all(levels[source] < levels[target] for source, target in pairs)
    else:
        assert len(set(cycle)) == len(cycle)
        following = [*cycle[1:], cycle[0]]
        assert set(zip(cycle, following, strict=True)) <= set(pairs)
        with pytest.raises(CyclicGraph):
            Graph.of(NAMES, pairs)


@given(edges)
def test_without_one_edge_of_each_cycle_told_and_so_on_no_cycle_is_left(
    pairs: list[tuple[str, str]],
) -> None:
    while cycles := find_cycles(NAMES, pairs):
        # Cycles told together share no block, so each is a mistake of its own.
        blocks = [name for cycle in cycles for name in cycle]
        assert len(blocks) == len(set(blocks))
        closing = {(cycle[-1], cycle[0]) for cycle in cycles}
        pairs = [pair for pair in pairs if pair not in closing]
    Graph.of(NAMES, pairs)


@given(forward)
def test_a_level_is_the_longest_way_from_a_root(pairs: list[tuple[str, str]]) -> None:
    graph = Graph.of(NAMES, pairs)
    for name in NAMES:
        above = [graph.levels[other] for other in graph.upstream(name)]
        assert graph.levels[name] == (max(above) + 1 if above else 0)
        assert (name in graph.roots) == (not above)


@given(forward)
def test_neighbours_are_listed_once_and_in_definition_order(pairs: list[tuple[str, str]]) -> None:
    graph = Graph.of(NAMES, pairs)
    for name in NAMES:
        assert graph.upstream(name) == tuple(
            other for other in NAMES if (other, name) in set(pairs)
        )
        assert graph.downstream(name) == tuple(
            other for other in NAMES if (name, other) in set(pairs)
        )


def test_a_chain_of_2000_blocks_and_a_ring_of_them_need_no_recursion() -> None:
    names = [f"b{number}" for number in range(2_000)]
    chain = list(pairwise(names))
    assert Graph.of(names, chain).levels["b1999"] == 1_999
    assert Graph.of(names[::-1], chain).levels["b1999"] == 1_999
    ring = [*chain, ("b1999", "b0")]
    assert find_cycle(names, ring) == names
    with pytest.raises(CyclicGraph) as caught:
        Graph.of(names, ring)
    assert len(str(caught.value)) < 400


def test_the_shortest_cycle_through_the_first_block_is_told() -> None:
    pairs = [("a", "b"), ("b", "c"), ("c", "a"), ("b", "a"), ("x", "x"), ("c", "d")]
    assert find_cycles("abcdx", pairs) == [["a", "b"], ["x"]]
    assert find_cycles("cbadx", pairs) == [["c", "a", "b"], ["x"]]


def test_ends_that_are_no_block_are_left_out() -> None:
    graph = Graph.of(["a", "b"], [("a", "b"), ("a", "nowhere"), ("nowhere", "b")])
    assert graph.downstream("a") == ("b",)
    assert graph.upstream("b") == ("a",)


def test_a_long_cycle_is_described_by_its_ends() -> None:
    assert describe_cycle(["a", "b"]) == "a → b → a"
    shown = describe_cycle([f"b{number}" for number in range(100)])
    assert shown.startswith("b0 → b1 → ")
    assert "(89 more)" in shown
    assert shown.endswith("b99 → b0")
