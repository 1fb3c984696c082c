"""What language models were asked, as rows; and the memo, which forgets in the end."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import delete, select

from headrace.blocks.usage import Usage, summed
from headrace.store.attempt_notes import record_memos
from headrace.store.claims import ClaimedBlock, claim_blocks
from headrace.store.forgetting import AT_ONCE, forget_memos
from headrace.store.statements import Statement
from headrace.store.tables import llm_usage, memo, runs
from tests.store.simulation import Simulation, document

ONE = Usage(provider="gemini", model="m", calls=1, input_tokens=7, output_tokens=1)
HITS = Usage(provider="gemini", model="m", ledger_hits=3)
OTHER = Usage(provider="gemini", model="n", calls=1)


def started(sim: Simulation) -> ClaimedBlock:
    sim.start(document(["a"]))
    (block,) = sim(claim_blocks, sim.worker(), 1)
    return block


def rows(sim: Simulation, *columns: str) -> Sequence[Any]:
    found = sim.rows(select(*[llm_usage.c[name] for name in columns]))
    return [tuple(row) for row in found]


def test_usages_of_one_model_are_one_and_of_another_another() -> None:
    assert summed([ONE, HITS, OTHER, ONE]) == [
        Usage(
            provider="gemini", model="m", calls=2, ledger_hits=3, input_tokens=14, output_tokens=2
        ),
        OTHER,
    ]


def test_results_and_what_they_took_are_kept_together(sim: Simulation) -> None:
    claim = started(sim).claim
    sim(record_memos, claim=claim, items={"k": "v"}, usages=[ONE, OTHER], number=1)
    sim(record_memos, claim=claim, items={}, usages=[HITS], number=2)
    assert rows(sim, "run_id", "position", "claim", "number", "model", "calls") == [
        (claim.run_id, 0, claim.number, 1, "m", 1),
        (claim.run_id, 0, claim.number, 1, "n", 1),
        (claim.run_id, 0, claim.number, 2, "m", 0),
    ]


def test_a_record_that_is_written_twice_counts_once(sim: Simulation) -> None:
    """A unit of work may run again, alone, after its group failed."""
    claim = started(sim).claim
    for _ in range(2):
        sim(record_memos, claim=claim, items={"k": "v"}, usages=[ONE], number=1)
    assert rows(sim, "calls") == [(1,)]


def test_answers_outlive_the_run_that_paid_for_them(sim: Simulation) -> None:
    claim = started(sim).claim
    sim(lambda tx: tx.change(Statement(delete(runs)), {}))
    sim(record_memos, claim=claim, items={"k": "v"}, usages=[ONE], number=1)
    assert rows(sim, "calls") == []
    assert [row.key for row in sim.rows(select(memo))] == ["k"]


def test_what_is_old_is_forgotten_a_thousand_at_a_time(sim: Simulation) -> None:
    claim = started(sim).claim
    keep = partial(record_memos, claim=claim, usages=[], number=1)
    sim(keep, items={f"old {number}": 1 for number in range(AT_ONCE + 5)})
    then = sim.now
    sim.wait(1)
    sim(keep, items={"new": 1})
    assert [sim(forget_memos, since=then) for _ in range(3)] == [AT_ONCE, 5, 0]
    assert [row.key for row in sim.rows(select(memo))] == ["new"]
