"""Random graphs through random interleavings, crashes and cancels, against the invariants of a
run.
"""

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headrace.domain.errors import ClaimLost
from headrace.domain.events import BLOCK_EVENT_OF, RUN_STATUS_OF, RunError, RunEventKind
from headrace.domain.lifecycle import (
    BLOCK_TERMINAL,
    BLOCK_TRANSITIONS,
    RUN_TERMINAL,
    RUN_TRANSITIONS,
    BlockStatus,
    RunStatus,
    TriggerRule,
)
from headrace.store import attempts, sweeps
from headrace.store.claims import Claim, ClaimedBlock, claim_blocks
from headrace.store.runs import cancel_run
from tests.store.simulation import InMemory, RolledBack, Simulation

OOPS = RunError(kind="BLOCK_ERROR", message="oops", retryable=True)
STEPS = ("claim", "succeed", "fail", "release", "crash", "wait", "cancel", "stale")


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A graph of 1..7 blocks with any trigger rules, some retries."""
    size = draw(st.integers(1, 7))
    pairs = [(i, j) for j in range(size) for i in range(j)]
    edges = [pair for pair in pairs if draw(st.booleans())]
    rules = st.sampled_from([rule.value.lower() for rule in TriggerRule])
    blocks = [
        {
            "name": f"b{i}",
            "type": "NOOP",
            "when": draw(rules),
            "retry": {"max_attempts": draw(st.integers(1, 2))},
        }
        for i in range(size)
    ]
    return {
        "name": "p",
        "blocks": blocks,
        "edges": [{"from": f"b{i}", "to": f"b{j}"} for i, j in edges],
    }


class History:
    """Drives one run; `stale` are claims that were given up or lost and must do no harm."""

    def __init__(self, sim: Simulation, document: dict[str, Any], timeout: float | None) -> None:
        self.sim = sim
        self.run_id = self.sim.start(document, timeout_seconds=timeout)
        self.held: list[ClaimedBlock] = []
        self.stale: list[Claim] = []
        self.worker = self.sim.worker(lease_ms=30_000)

    def over(self) -> bool:
        return RunStatus(self.sim.run(self.run_id).status) in RUN_TERMINAL

    def step(self, name: str, pick: int) -> None:
        getattr(self, name)(pick)

    def claim(self, pick: int) -> None:
        self.held += self.sim(claim_blocks, self.worker, 1 + pick % 2)

    def succeed(self, pick: int) -> None:
        if block := self._take(pick):
            self._fenced(attempts.succeed, block.claim, rows=pick, output=None)

    def fail(self, pick: int) -> None:
        if block := self._take(pick):
            self._fenced(attempts.fail, block.claim, OOPS, jitter=0.5)

    def release(self, pick: int) -> None:
        if block := self._take(pick):
            self._fenced(attempts.release, block.claim)
            self.stale.append(block.claim)

    def crash(self, pick: int) -> None:
        self.stale += [block.claim for block in self.held]
        self.held = []
        self.sim(sweeps.collect_lost_workers, [self.worker], 3)
        self.worker = self.sim.worker(lease_ms=30_000)

    def wait(self, pick: int) -> None:
        self.sim.wait(1 + pick * 700)
        self.sweep()

    def cancel(self, pick: int) -> None:
        if pick % 4 == 0:
            self.sim(cancel_run, self.run_id, None)

    def stale_write(self, pick: int) -> None:
        if self.stale:
            with pytest.raises(ClaimLost):
                self.sim(attempts.succeed, self.stale[pick % len(self.stale)], rows=1, output=None)

    def sweep(self) -> None:
        self.sim(sweeps.collect_lost_workers, [], 3)
        self.sim(sweeps.revoke_overdue_cancellations)
        self.sim(sweeps.end_late_runs)
        self.sim(sweeps.make_retries_ready)

    def finish(self) -> None:
        """A healthy worker and time end every run."""
        for _ in range(200):
            if self.over():
                return
            self.sim.wait(5_000)
            self.sweep()
            self.crash(0)
            for block in self.sim(claim_blocks, self.worker, 9):
                self._fenced(attempts.succeed, block.claim, rows=1, output=None)
        raise AssertionError("the run does not end")

    def _take(self, pick: int) -> ClaimedBlock | None:
        return self.held.pop(pick % len(self.held)) if self.held else None

    def _fenced(self, unit: Any, claim: Claim, *args: Any, **values: Any) -> None:
        try:
            self.sim(unit, claim, *args, **values)
        except ClaimLost:
            self.stale.append(claim)


def check(history: History) -> None:
    events = history.sim.events(history.run_id)
    assert [e.seq for e in events] == list(range(1, len(events) + 1)), "seqs are contiguous"
    run = RunStatus.QUEUED
    seen: dict[str, BlockStatus] = defaultdict(lambda: BlockStatus.WAITING)
    ends: dict[str, int] = defaultdict(int)
    states = {kind: status for status, kind in BLOCK_EVENT_OF.items()}
    states[RunEventKind.BLOCK_RELEASED] = BlockStatus.READY
    for event in events:
        kind = RunEventKind(event.kind)
        assert run not in RUN_TERMINAL, f"{kind} after the end"
        if kind in RUN_STATUS_OF and kind is not RunEventKind.RUN_QUEUED:
            assert RUN_STATUS_OF[kind] in RUN_TRANSITIONS[run]
            run = RUN_STATUS_OF[kind]
        if kind in states:
            new = states[kind]
            assert new in BLOCK_TRANSITIONS[seen[event.block]], f"{seen[event.block]} to {new}"
            seen[event.block] = new
            ends[event.block] += new in BLOCK_TERMINAL
    assert run == history.sim.run(history.run_id).status, "the log folds into the state"
    for block, state in seen.items():
        assert history.sim.block(history.run_id, block).status == state
    assert set(ends.values()) == {1}, "each block has exactly one terminal event"
    assert len(ends) == history.sim.run(history.run_id).blocks_total


HISTORIES = {
    "document": documents(),
    "timeout": st.one_of(st.none(), st.just(20.0)),
    "steps": st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 9)), max_size=40),
}


def play(
    sim: Simulation, document: dict[str, Any], timeout: float | None, steps: list[tuple[str, int]]
) -> None:
    try:
        history = History(sim, document, timeout)
        for name, pick in steps:
            if history.over():
                break
            history.step("stale_write" if name == "stale" else name, pick)
        history.finish()
        check(history)
    finally:
        sim.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(**HISTORIES)
def test_every_history_ends_with_a_legal_and_complete_log(**history: Any) -> None:
    """Breaks when a transition skips its event, an end is told twice, or a run can hang."""
    play(Simulation(InMemory()), **history)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(**HISTORIES)
def test_it_does_so_on_postgresql(rolled_back: str, **history: Any) -> None:
    play(Simulation(RolledBack(rolled_back)), **history)
