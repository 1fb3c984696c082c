"""How runs and attempts move, unit of work by unit of work."""

import pytest

from headrace.domain.errors import ClaimLost
from headrace.domain.events import RunError
from headrace.store import attempts, sweeps
from headrace.store.artifacts import NewArtifact, publish_artifact
from headrace.store.attempt_notes import append_lines, set_progress
from headrace.store.claims import ClaimedBlock, claim_blocks
from headrace.store.logs import NewLine
from headrace.store.runs import cancel_run
from headrace.store.workers import beat, mark_lost
from tests.store.simulation import Simulation, document

CHAIN = document(["a", "b"], [("a", "b")])
OOPS = RunError(kind="BLOCK_ERROR", message="oops", retryable=True)


def claim_one(sim: Simulation, worker: str) -> ClaimedBlock:
    (block,) = sim(claim_blocks, worker, 1)
    return block


def succeed(sim: Simulation, block: ClaimedBlock) -> None:
    sim(attempts.succeed, block.claim, rows=None, output=None)


def data_set(name: str = "output.arrow") -> NewArtifact:
    return NewArtifact(
        name=name,
        uri="inline:",
        media_type="application/vnd.apache.arrow.file",
        size_bytes=3,
        sha256="0" * 64,
        rows=2,
        data=b"abc",
    )


def test_a_chain_runs_to_its_end_and_its_log_tells_it_all(sim: Simulation) -> None:
    run_id = sim.start(CHAIN)
    worker = sim.worker()
    first = claim_one(sim, worker)
    sim(attempts.succeed, first.claim, rows=None, output=data_set())
    second = claim_one(sim, worker)
    assert [(i.name, i.rows, i.data) for i in second.inputs] == [("a", 2, b"abc")]
    succeed(sim, second)
    assert sim.kinds(run_id) == [
        "RUN_QUEUED",
        "BLOCK_READY a",
        "RUN_STARTED",
        "BLOCK_STARTED a",
        "ARTIFACT_CREATED a",
        "BLOCK_SUCCEEDED a",
        "BLOCK_READY b",
        "BLOCK_STARTED b",
        "BLOCK_SUCCEEDED b",
        "RUN_SUCCEEDED",
    ]
    assert [e.seq for e in sim.events(run_id)] == list(range(1, 11))
    assert sim.run(run_id).status == "SUCCEEDED"


def test_higher_priority_is_claimed_first_then_what_was_ready_longest(sim: Simulation) -> None:
    older = sim.start(document(["x"]))
    sim.wait(5)
    younger = sim.start(document(["x"]))
    sim.wait(5)
    urgent = sim.start(document(["x"]), priority=5)
    worker = sim.worker()
    order = [claim_one(sim, worker).claim.run_id for _ in range(3)]
    assert order == [urgent, older, younger]


def test_a_failure_is_retried_with_growing_delays_until_its_attempts_are_spent(
    sim: Simulation,
) -> None:
    retry = {"max_attempts": 3, "delay_seconds": 10, "backoff": 2}
    run_id = sim.start(document([{"name": "a", "retry": retry}]))
    worker = sim.worker()
    for attempt in (1, 2):
        block = claim_one(sim, worker)
        assert block.attempt == attempt
        sim(attempts.fail, block.claim, OOPS, jitter=0.0)
        assert sim.block(run_id, "a").status == "RETRYING"
        assert sim(claim_blocks, worker, 1) == []
        sim.wait(sim.block(run_id, "a").retry_at - sim.now)
        assert sim(sweeps.make_retries_ready) == 1
    sim(attempts.fail, claim_one(sim, worker).claim, OOPS, jitter=0.0)
    assert sim.run(run_id).status == "FAILED"
    assert sim.run(run_id).status_reason == "oops"
    assert sim.kinds(run_id)[-2:] == ["BLOCK_FAILED a", "RUN_FAILED"]


def test_a_permanent_error_is_never_retried(sim: Simulation) -> None:
    run_id = sim.start(document([{"name": "a", "retry": {"max_attempts": 5}}]))
    block = claim_one(sim, sim.worker())
    error = RunError(kind="BAD_INPUT", message="no such column", retryable=False)
    sim(attempts.fail, block.claim, error, jitter=0.5)
    assert sim.block(run_id, "a").status == "FAILED"


def test_those_after_a_failure_are_skipped_at_once_and_cleanup_does_not_absolve(
    sim: Simulation,
) -> None:
    blocks = ["a", "b", "c", {"name": "clean", "when": "any_failed"}]
    run_id = sim.start(document(blocks, [("a", "b"), ("b", "c"), ("c", "clean")]))
    worker = sim.worker()
    sim(attempts.fail, claim_one(sim, worker).claim, OOPS, jitter=0.0)
    assert sim.block(run_id, "b").status == "SKIPPED"
    assert sim.block(run_id, "c").status == "SKIPPED"
    succeed(sim, claim_one(sim, worker))
    assert sim.block(run_id, "clean").status == "SUCCEEDED"
    assert sim.run(run_id).status == "FAILED"


def test_a_lost_worker_gives_its_block_back_and_is_fenced(sim: Simulation) -> None:
    run_id = sim.start(CHAIN)
    dead, alive = sim.worker(lease_ms=1_000), sim.worker(lease_ms=60_000)
    held = claim_one(sim, dead)
    sim.wait(2_000)
    assert sim(sweeps.collect_lost_workers, [], 3) == 1
    assert sim(beat, dead, 1_000, draining=False) is None
    again = claim_one(sim, alive)
    assert (again.name, again.attempt, again.claim.number) == ("a", 2, held.claim.number + 2)
    for unit in (
        lambda: sim(attempts.succeed, held.claim, rows=1, output=None),
        lambda: sim(attempts.fail, held.claim, OOPS, jitter=0.0),
        lambda: sim(attempts.release, held.claim),
        lambda: sim(attempts.cancelled, held.claim),
        lambda: sim(publish_artifact, held.claim, data_set("x.csv")),
        lambda: sim(append_lines, held.claim, [NewLine(at=1, level=20, stream="LOG", message="x")]),
    ):
        with pytest.raises(ClaimLost):
            unit()
    sim(set_progress, held.claim, 99, None)
    assert sim.block(run_id, "a").rows_done == 0
    assert "WORKER_LOST a" in sim.kinds(run_id)


def test_a_worker_whose_lease_is_lost_claims_nothing(sim: Simulation) -> None:
    """It used to: back from a stop, it claimed before its heartbeat told it, and nobody looked."""
    sim.start(CHAIN)
    worker = sim.worker()
    sim(mark_lost, worker)
    assert sim(claim_blocks, worker, 1) == []


def test_what_a_gone_worker_holds_is_found_however_it_went(sim: Simulation) -> None:
    run_id = sim.start(CHAIN)
    worker = sim.worker()
    claim_one(sim, worker)
    sim(mark_lost, worker)
    assert sim(sweeps.collect_lost_workers, [], 3) == 1
    assert sim.block(run_id, "a").status == "READY"


def test_the_fourth_loss_of_a_block_fails_it(sim: Simulation) -> None:
    run_id = sim.start(document(["a"]))
    for _ in range(4):
        worker = sim.worker(lease_ms=1_000)
        claim_one(sim, worker)
        sim.wait(2_000)
        sim(sweeps.collect_lost_workers, [], 3)
    assert sim.block(run_id, "a").status == "FAILED"
    assert '"WORKER_LOST"' in sim.run(run_id).error


def test_another_boot_means_that_every_lease_is_over(sim: Simulation) -> None:
    sim.start(CHAIN)
    claim_one(sim, sim.worker())
    sim.boot, sim.clock = "boot-2", 10
    assert sim(sweeps.collect_lost_workers, [], 3) == 1


def test_a_released_block_keeps_its_attempt_number(sim: Simulation) -> None:
    run_id = sim.start(CHAIN)
    worker = sim.worker()
    sim(attempts.release, claim_one(sim, worker).claim)
    again = claim_one(sim, worker)
    assert (again.attempt, again.claim.number) == (1, 3)
    assert "BLOCK_RELEASED a" in sim.kinds(run_id)


def test_cancelling_a_queued_run_ends_it_at_once(sim: Simulation) -> None:
    run_id = sim.start(CHAIN)
    assert sim(cancel_run, run_id, "changed my mind")
    assert sim.kinds(run_id)[-3:] == ["BLOCK_CANCELLED a", "BLOCK_CANCELLED b", "RUN_CANCELLED"]
    assert sim.run(run_id).status_reason == "changed my mind"
    assert not sim(cancel_run, run_id, None)


def test_a_block_that_finishes_while_its_run_is_cancelled_keeps_its_result(
    sim: Simulation,
) -> None:
    run_id = sim.start(CHAIN)
    held = claim_one(sim, sim.worker())
    assert sim(cancel_run, run_id, None)
    assert sim.run(run_id).status == "CANCELLING"
    succeed(sim, held)
    assert sim.block(run_id, "a").status == "SUCCEEDED"
    assert sim.run(run_id).status == "CANCELLED"


def test_a_cancellation_that_no_worker_answers_is_revoked_after_eight_seconds(
    sim: Simulation,
) -> None:
    run_id = sim.start(CHAIN)
    held = claim_one(sim, sim.worker())
    sim(cancel_run, run_id, None)
    sim.wait(7_999)
    assert sim(sweeps.revoke_overdue_cancellations) == 0
    sim.wait(1)
    assert sim(sweeps.revoke_overdue_cancellations) == 1
    assert sim.run(run_id).status == "CANCELLED"
    with pytest.raises(ClaimLost):
        succeed(sim, held)


def test_a_run_past_its_timeout_fails_whatever_its_blocks_do(sim: Simulation) -> None:
    blocks = ["runs", "ready", "after"]
    run_id = sim.start(document(blocks, [("runs", "after")]), timeout_seconds=60.0)
    worker = sim.worker(lease_ms=600_000)
    held = claim_one(sim, worker)
    sim.wait(60_000)
    assert sim(sweeps.end_late_runs) == 1
    found = {name: sim.block(run_id, name).status for name in blocks}
    assert found == {"runs": "FAILED", "ready": "FAILED", "after": "CANCELLED"}
    assert sim.run(run_id).status == "FAILED"
    with pytest.raises(ClaimLost):
        succeed(sim, held)


def test_a_block_that_no_worker_takes_fails_its_queued_run(sim: Simulation) -> None:
    run_id = sim.start(document(["a", "b", "c"], [("a", "c")]))
    sim.wait(10_000)
    assert sim(sweeps.fail_stale_blocks, sim.now - 5_000, 5.0) == 2
    assert sim.block(run_id, "a").status == "FAILED"
    assert [sim.block(run_id, name).status for name in "bc"] == ["CANCELLED", "CANCELLED"]
    assert sim.run(run_id).status == "FAILED"


def test_a_lost_worker_of_a_cancelling_run_cancels_its_block(sim: Simulation) -> None:
    run_id = sim.start(CHAIN)
    worker = sim.worker()
    claim_one(sim, worker)
    sim(cancel_run, run_id, None)
    sim(sweeps.collect_lost_workers, [worker], 3)
    assert sim.run(run_id).status == "CANCELLED"


def test_log_lines_have_contiguous_seqs_of_their_own(sim: Simulation) -> None:
    run_id = sim.start(document(["a", "b"]))
    worker = sim.worker()
    one, two = sim(claim_blocks, worker, 2)
    line = NewLine(at=1, level=20, stream="LOG", message="hello")
    sim(append_lines, one.claim, [line, line])
    sim(append_lines, two.claim, [line])
    sim(attempts.succeed, one.claim, rows=None, output=None, lines=[line])
    assert sim.run(run_id).last_log_seq == 4
