"""The two state machines, as data: this module alone says which transition is allowed.

The API, the worker and SQL use the sets that are derived here; nothing else lists states.
docs/reference/lifecycle.md says of every arrow who causes it, and a test holds that page to these
tables.
"""

from enum import StrEnum

from headrace.domain.errors import IllegalTransition


class RunStatus(StrEnum):
    """Where a run stands. What a crash of every process leaves behind is said of each state."""

    QUEUED = "QUEUED"  # no block was claimed yet; survives as it is
    RUNNING = "RUNNING"  # a block was claimed or reused; workers go on at the next start
    CANCELLING = "CANCELLING"  # asked to stop; the sweep of the next start finishes it
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class BlockStatus(StrEnum):
    """Where a block of a run stands."""

    WAITING = "WAITING"  # for upstream blocks
    READY = "READY"  # claimable
    RUNNING = "RUNNING"  # claimed; after a crash the sweep makes it READY once the lease is over
    RETRYING = "RETRYING"  # failed, becomes READY at its retry time
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"  # its trigger rule can no longer hold
    CANCELLED = "CANCELLED"


class AttemptStatus(StrEnum):
    """How one attempt at a block stands or ended."""

    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    TIMED_OUT = "TIMED_OUT"
    WORKER_LOST = "WORKER_LOST"  # spends no retry
    RELEASED = "RELEASED"  # given back by a draining worker; the next attempt has the same number


class TriggerRule(StrEnum):
    """What a block asks of its direct upstream blocks, once all of them are terminal."""

    ALL_SUCCEEDED = "ALL_SUCCEEDED"
    NONE_FAILED = "NONE_FAILED"
    ALL_DONE = "ALL_DONE"
    ANY_FAILED = "ANY_FAILED"


class RunTrigger(StrEnum):
    """Who started a run."""

    API = "API"
    CLI = "CLI"
    UI = "UI"
    RERUN = "RERUN"
    SCHEDULE = "SCHEDULE"
    MESSAGE = "MESSAGE"


class CancelStage(StrEnum):
    """How hard a cancellation pushes by now."""

    ASKED = "ASKED"  # the block is told and may tidy up
    TERMINATING = "TERMINATING"  # SIGTERM was due
    KILLING = "KILLING"  # SIGKILL was due
    REVOKED = "REVOKED"  # the claim was taken away from its worker
    DONE = "DONE"


class WorkerStatus(StrEnum):
    """How a worker stands."""

    ACTIVE = "ACTIVE"
    DRAINING = "DRAINING"  # claims nothing more
    LOST = "LOST"  # its lease ran out
    STOPPED = "STOPPED"  # it left in good order


R, B = RunStatus, BlockStatus

RUN_TRANSITIONS: dict[RunStatus, frozenset[RunStatus]] = {
    R.QUEUED: frozenset({R.RUNNING, R.CANCELLED, R.FAILED}),
    R.RUNNING: frozenset({R.SUCCEEDED, R.FAILED, R.CANCELLING}),
    R.CANCELLING: frozenset({R.CANCELLED}),
    R.SUCCEEDED: frozenset(),
    R.FAILED: frozenset(),
    R.CANCELLED: frozenset(),
}

BLOCK_TRANSITIONS: dict[BlockStatus, frozenset[BlockStatus]] = {
    B.WAITING: frozenset({B.READY, B.SKIPPED, B.CANCELLED, B.SUCCEEDED}),
    B.READY: frozenset({B.RUNNING, B.SUCCEEDED, B.FAILED, B.CANCELLED}),
    B.RUNNING: frozenset({B.SUCCEEDED, B.FAILED, B.CANCELLED, B.RETRYING, B.READY}),
    B.RETRYING: frozenset({B.READY, B.FAILED, B.CANCELLED}),
    B.SUCCEEDED: frozenset(),
    B.FAILED: frozenset(),
    B.SKIPPED: frozenset(),
    B.CANCELLED: frozenset(),
}

RUN_TERMINAL = frozenset(state for state, onward in RUN_TRANSITIONS.items() if not onward)
RUN_ACTIVE = frozenset(RunStatus) - RUN_TERMINAL
BLOCK_TERMINAL = frozenset(state for state, onward in BLOCK_TRANSITIONS.items() if not onward)
BLOCK_ACTIVE = frozenset(BlockStatus) - BLOCK_TERMINAL


def check_run(old: RunStatus, new: RunStatus) -> None:
    """Raises IllegalTransition unless a run may go from `old` to `new`."""
    if new not in RUN_TRANSITIONS[old]:
        raise IllegalTransition("run", old, new)


def check_block(old: BlockStatus, new: BlockStatus) -> None:
    """Raises IllegalTransition unless a block may go from `old` to `new`."""
    if new not in BLOCK_TRANSITIONS[old]:
        raise IllegalTransition("block", old, new)


def outcome_of(*, cancelling: bool, failed_blocks: int) -> RunStatus:
    """How a run ends once every block is terminal."""
    if cancelling:
        return RunStatus.CANCELLED
    return RunStatus.FAILED if failed_blocks else RunStatus.SUCCEEDED
