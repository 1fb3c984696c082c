"""Trigger rules over every way that a block's upstreams can stand."""

from itertools import product

import pytest

from headrace.domain.lifecycle import BlockStatus, TriggerRule
from headrace.domain.readiness import Decision, Upstreams, counts_as, decide

S, F, K = "succeeded", "failed", "skipped"


def standing(*states: str | None) -> Upstreams:
    """None stands for an upstream that is not terminal."""
    return Upstreams(
        total=len(states),
        waiting_on=states.count(None),
        succeeded=states.count(S),
        failed=states.count(F),
    )


@pytest.mark.parametrize(
    ("rule", "states", "decision"),
    [
        (TriggerRule.ALL_SUCCEEDED, (S, S), Decision.RUN),
        (TriggerRule.ALL_SUCCEEDED, (S, None), Decision.WAIT),
        (TriggerRule.ALL_SUCCEEDED, (F, None), Decision.SKIP),
        (TriggerRule.ALL_SUCCEEDED, (K, None), Decision.SKIP),
        (TriggerRule.NONE_FAILED, (S, K), Decision.RUN),
        (TriggerRule.NONE_FAILED, (K, None), Decision.WAIT),
        (TriggerRule.NONE_FAILED, (F, None), Decision.SKIP),
        (TriggerRule.ANY_FAILED, (F, None), Decision.WAIT),
        (TriggerRule.ANY_FAILED, (F, S), Decision.RUN),
        (TriggerRule.ANY_FAILED, (S, K), Decision.SKIP),
        (TriggerRule.ALL_DONE, (F, K), Decision.RUN),
        (TriggerRule.ALL_DONE, (F, None), Decision.WAIT),
    ],
)
def test_a_rule_decides(
    rule: TriggerRule, states: tuple[str | None, ...], decision: Decision
) -> None:
    assert decide(rule, standing(*states)).decision is decision


@pytest.mark.parametrize("rule", TriggerRule)
def test_once_every_upstream_is_terminal_a_block_runs_or_is_skipped(rule: TriggerRule) -> None:
    for states in product((S, F, K), repeat=3):
        assert decide(rule, standing(*states)).decision is not Decision.WAIT


@pytest.mark.parametrize("rule", TriggerRule)
def test_a_decision_to_skip_never_changes_when_more_is_known(rule: TriggerRule) -> None:
    """Skipping at once is sound: no end of the others could have made the block run."""
    for states in product((S, F, K, None), repeat=3):
        if decide(rule, standing(*states)).decision is Decision.SKIP:
            options = [(S, F, K) if state is None else (state,) for state in states]
            for full in product(*options):
                assert decide(rule, standing(*full)).decision is Decision.SKIP


def test_a_skip_because_of_a_failure_counts_as_a_failure_for_those_after_it() -> None:
    assert counts_as(BlockStatus.SKIPPED, skipped_by_failure=True) == (0, 1)
    assert counts_as(BlockStatus.SKIPPED, skipped_by_failure=False) == (0, 0)
    assert counts_as(BlockStatus.CANCELLED, skipped_by_failure=False) == (0, 0)
    assert counts_as(BlockStatus.FAILED, skipped_by_failure=False) == (0, 1)
    assert counts_as(BlockStatus.SUCCEEDED, skipped_by_failure=False) == (1, 0)
