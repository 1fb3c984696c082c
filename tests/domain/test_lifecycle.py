"""The state machines: every pair of states, and the page that explains them."""

import re
from itertools import product
from pathlib import Path

import pytest

from headrace.domain.errors import IllegalTransition
from headrace.domain.lifecycle import (
    BLOCK_TERMINAL,
    BLOCK_TRANSITIONS,
    RUN_TERMINAL,
    RUN_TRANSITIONS,
    BlockStatus,
    RunStatus,
    check_block,
    check_run,
    outcome_of,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "lifecycle.md"


@pytest.mark.parametrize(
    ("old", "new"), list(product(RunStatus, RunStatus)), ids=lambda state: state.value
)
def test_a_run_goes_where_the_table_says_and_nowhere_else(old: RunStatus, new: RunStatus) -> None:
    if new in RUN_TRANSITIONS[old]:
        check_run(old, new)
    else:
        with pytest.raises(IllegalTransition, match=f"from {old} to {new}"):
            check_run(old, new)


@pytest.mark.parametrize(
    ("old", "new"), list(product(BlockStatus, BlockStatus)), ids=lambda state: state.value
)
def test_a_block_goes_where_the_table_says_and_nowhere_else(
    old: BlockStatus, new: BlockStatus
) -> None:
    if new in BLOCK_TRANSITIONS[old]:
        check_block(old, new)
    else:
        with pytest.raises(IllegalTransition, match=f"from {old} to {new}"):
            check_block(old, new)


def test_terminal_states_are_those_that_lead_nowhere() -> None:
    assert {"SUCCEEDED", "FAILED", "CANCELLED"} == RUN_TERMINAL
    assert {"SUCCEEDED", "FAILED", "SKIPPED", "CANCELLED"} == BLOCK_TERMINAL


@pytest.mark.parametrize(
    ("cancelling", "failed", "end"),
    [
        (False, 0, RunStatus.SUCCEEDED),
        (False, 2, RunStatus.FAILED),
        (True, 0, RunStatus.CANCELLED),
        (True, 2, RunStatus.CANCELLED),
    ],
)
def test_a_run_ends_as_its_blocks_and_its_cancellation_say(
    cancelling: bool, failed: int, end: RunStatus
) -> None:
    assert outcome_of(cancelling=cancelling, failed_blocks=failed) is end


@pytest.mark.parametrize(
    ("heading", "table"), [("## Runs", RUN_TRANSITIONS), ("## Blocks", BLOCK_TRANSITIONS)]
)
def test_the_lifecycle_page_shows_every_arrow_twice(
    heading: str, table: dict[RunStatus | BlockStatus, frozenset[RunStatus | BlockStatus]]
) -> None:
    """In the diagram, and in the table that says who causes it."""
    section = PAGE.read_text().split(heading + "\n", 1)[1].split("\n## ", 1)[0]
    arrows = {(old.value, new.value) for old, onward in table.items() for new in onward}
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", section, re.MULTILINE))
    told = set(re.findall(r"^\| (\w+) \| (\w+) \| \w+", section, re.MULTILINE)) - {("from", "to")}
    assert drawn == arrows
    assert told == arrows
