"""When a block may run: trigger rules over the counts of its direct upstreams.

The counts stand on the block's own row and are moved in the transaction that ends an upstream
(completion drives scheduling), so the decision needs nothing else.
"""

from dataclasses import dataclass
from enum import StrEnum

from headrace.domain.lifecycle import BlockStatus, TriggerRule


class Decision(StrEnum):
    WAIT = "WAIT"
    RUN = "RUN"
    SKIP = "SKIP"


@dataclass(frozen=True, kw_only=True)
class Upstreams:
    """How the direct upstreams of a block stand.

    `failed` counts FAILED ones and those skipped because of a failure; any other skipped or
    cancelled one is terminal but in neither `succeeded` nor `failed`.
    """

    total: int
    waiting_on: int
    succeeded: int
    failed: int


@dataclass(frozen=True)
class Verdict:
    decision: Decision
    reason: str = ""
    because_of_failure: bool = False


def decide(rule: TriggerRule, ups: Upstreams) -> Verdict:
    """Whether a block with this rule waits on, runs, or is skipped, and why it is skipped."""
    lost = ups.total - ups.waiting_on - ups.succeeded
    if rule is TriggerRule.ALL_SUCCEEDED and lost:
        return _skip(f"{rule}: {_did_not_succeed(lost, ups.failed)}", ups.failed > 0)
    if rule is TriggerRule.NONE_FAILED and ups.failed:
        return _skip(f"{rule}: {_count(ups.failed)} failed", True)
    if ups.waiting_on:
        return Verdict(Decision.WAIT)
    if rule is TriggerRule.ANY_FAILED and not ups.failed:
        return _skip(f"{rule}: no upstream block failed", False)
    return Verdict(Decision.RUN)


def counts_as(status: BlockStatus, *, skipped_by_failure: bool) -> tuple[int, int]:
    """(succeeded, failed) that a terminal block adds to the counts of those after it."""
    failed = status is BlockStatus.FAILED or (status is BlockStatus.SKIPPED and skipped_by_failure)
    return int(status is BlockStatus.SUCCEEDED), int(failed)


def _skip(reason: str, because_of_failure: bool) -> Verdict:
    return Verdict(Decision.SKIP, reason, because_of_failure)


def _count(number: int) -> str:
    return f"{number} upstream block{'' if number == 1 else 's'}"


def _did_not_succeed(lost: int, failed: int) -> str:
    return f"{_count(failed)} failed" if failed else f"{_count(lost)} did not succeed"
