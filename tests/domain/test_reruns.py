"""What a rerun reuses, runs and skips."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.domain.definition import Definition, definition_from_document
from headrace.domain.lifecycle import BlockStatus
from headrace.domain.reruns import Earlier, RerunFrom, filled, plan_rerun

S, F, K = BlockStatus.SUCCEEDED, BlockStatus.FAILED, BlockStatus.SKIPPED


def defined(
    blocks: str | list[dict[str, Any]], edges: str = "", config: Mapping[str, Any] | None = None
) -> Definition:
    """`defined("abc", "ab bc")`: three blocks, two edges; `config` is that of the block a."""
    found = [{"name": b} for b in blocks] if isinstance(blocks, str) else blocks
    return definition_from_document(
        {
            "name": "p",
            "blocks": [
                {"type": "NOOP", "config": dict(config or {}) if b["name"] == "a" else {}, **b}
                for b in found
            ],
            "edges": [{"from": pair[0], "to": pair[1]} for pair in edges.split()],
        }
    )


def ended(states: Mapping[str, BlockStatus], gone: str = "") -> dict[str, Earlier]:
    return {
        name: Earlier(status=state, output_kept=name not in gone) for name, state in states.items()
    }


CHAIN = defined("abc", "ab bc")
HALF_FAILED = ended({"a": S, "b": F, "c": K})
ALL_WELL = ended({"a": S, "b": S, "c": S})


def test_from_failed_reuses_what_succeeded_before_the_failure() -> None:
    plan = plan_rerun(CHAIN, CHAIN, HALF_FAILED)
    assert (plan.reuse, plan.run, plan.skip) == (("a",), ("b", "c"), ())
    assert [reason.message for reason in plan.reasons] == [
        "it succeeded, and nothing before it changes",
        "it was FAILED in the earlier run",
        "b, before it, runs",
    ]


def test_from_the_start_reuses_nothing() -> None:
    assert plan_rerun(CHAIN, CHAIN, ALL_WELL, start=RerunFrom.START).run == ("a", "b", "c")


def test_chosen_blocks_run_with_everything_after_them() -> None:
    plan = plan_rerun(CHAIN, CHAIN, ALL_WELL, start=RerunFrom.BLOCKS, blocks=["b"])
    assert (plan.reuse, plan.run) == (("a",), ("b", "c"))


def test_a_run_in_which_nothing_failed_cannot_be_rerun_from_failed() -> None:
    (reason,) = plan_rerun(CHAIN, CHAIN, ALL_WELL).impossible
    assert "every block succeeded" in reason.message


def test_an_unknown_block_is_named_with_the_one_that_was_meant() -> None:
    named = defined([{"name": "reader"}])
    plan = plan_rerun(named, named, {}, start=RerunFrom.BLOCKS, blocks=["raeder"])
    assert [(r.block, r.message) for r in plan.impossible] == [
        ("raeder", "there is no block raeder; did you mean reader?")
    ]


def test_a_block_that_changed_in_the_new_version_runs_and_so_do_those_after_it() -> None:
    changed = defined("abc", "ab bc", config={"x": 1})
    plan = plan_rerun(changed, CHAIN, HALF_FAILED)
    assert plan.run == ("a", "b", "c")
    assert plan.reasons[0].message == "its config or inputs are not the same"


def test_an_output_that_cleanup_removed_is_made_again() -> None:
    plan = plan_rerun(CHAIN, CHAIN, ended({"a": S, "b": F, "c": K}, gone="a"))
    assert plan.run == ("a", "b", "c")


def test_another_param_matters_only_to_the_blocks_that_use_it() -> None:
    graph = defined("ab", config={"limit": "{{ params.limit }}"})
    before, now = filled(graph, {"limit": 1}), filled(graph, {"limit": 2})
    assert now.blocks[0].config == {"limit": 2}
    plan = plan_rerun(now, before, ended({"a": S, "b": S}))
    assert (plan.reuse, plan.run) == (("b",), ("a",))


def test_a_clean_up_block_whose_upstreams_are_all_reused_is_skipped() -> None:
    graph = defined([{"name": "a"}, {"name": "b"}, {"name": "c", "when": "any_failed"}], "ac")
    plan = plan_rerun(graph, graph, ended({"a": S, "b": F, "c": K}))
    assert (plan.reuse, plan.run, plan.skip) == (("a",), ("b",), ("c",))


@given(st.data())
def test_a_plan_places_every_block_once_and_never_reuses_after_a_block_that_runs(
    data: st.DataObject,
) -> None:
    size = data.draw(st.integers(1, 8))
    names = "abcdefgh"[:size]
    pairs = [f"{names[i]}{names[j]}" for j in range(size) for i in range(j)]
    graph = defined(names, " ".join(pair for pair in pairs if data.draw(st.booleans())))
    states = {name: data.draw(st.sampled_from([S, F, K])) for name in names}
    start = data.draw(st.sampled_from(RerunFrom))
    blocks = [data.draw(st.sampled_from(names))] if start is RerunFrom.BLOCKS else []
    plan = plan_rerun(graph, graph, ended(states), start=start, blocks=blocks)
    if plan.impossible:
        assert start is RerunFrom.FAILED
        assert set(states.values()) == {S}
        return
    assert sorted([*plan.reuse, *plan.run, *plan.skip]) == sorted(names)
    for name in plan.reuse:
        assert states[name] is S
        assert not set(graph.graph.upstream(name)) & set(plan.run)


@pytest.mark.parametrize("start", [RerunFrom.FAILED, RerunFrom.START])
def test_blocks_are_only_for_a_rerun_from_blocks(start: RerunFrom) -> None:
    assert plan_rerun(CHAIN, CHAIN, ALL_WELL, start=start, blocks=["a"]).impossible
