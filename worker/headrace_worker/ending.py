"""The unit of work that ends an attempt.

Invariant: an executor's outcome alone never decides what becomes of the block: why the attempt was
stopped does, where it was.
"""

import random
from collections.abc import Callable
from enum import StrEnum
from functools import partial

from headrace.domain.events import ErrorKind, LogLevel, LogStream, RunError
from headrace.store import attempts
from headrace.store.artifacts import NewArtifact
from headrace.store.claims import Claim, ClaimedBlock
from headrace.store.clock import wall_ms
from headrace.store.logs import NewLine
from headrace.store.transaction import Transaction
from headrace_worker.executors.protocol import Crashed, Failed, Outcome, Succeeded


class Stop(StrEnum):
    """Why an attempt is stopped from outside."""

    CANCEL = "CANCEL"
    TIMEOUT = "TIMEOUT"
    RELEASE = "RELEASE"
    LOST = "LOST"


def unit_ending(
    block: ClaimedBlock,
    outcome: Outcome,
    *,
    why: Stop | None,
    timeout_seconds: float | None,
    lines: list[NewLine],
    output: NewArtifact | None,
    progress: tuple[int, int | None] | None,
) -> Callable[[Transaction], None]:
    """What to write: `lines` and `progress` are what the attempt told and nobody wrote yet."""
    claim = block.claim
    match outcome:
        case Succeeded(rows):
            return partial(
                attempts.succeed,
                claim=claim,
                rows=rows,
                output=output,
                lines=lines,
                progress=progress,
            )
        case Failed():
            return _failing(claim, run_error(block.name, outcome), lines)
        case Crashed(message) if why is None:
            return _failing(claim, _error(block, ErrorKind.CRASHED, message), lines)
    if why is Stop.CANCEL:
        return partial(attempts.cancelled, claim=claim, lines=lines)
    if why is Stop.TIMEOUT:
        late = _error(block, ErrorKind.TIMED_OUT, f"it ran longer than {timeout_seconds:g} s")
        return _failing(claim, late, lines)
    return partial(attempts.release, claim=claim, lines=lines)


def run_error(block: str, failed: Failed) -> RunError:
    """The error of a block that failed."""
    return RunError(
        kind=failed.kind,
        message=failed.message,
        block=block,
        retryable=failed.retryable,
        detail=failed.detail,
    )


def _error(block: ClaimedBlock, kind: ErrorKind, message: str) -> RunError:
    return run_error(block.name, Failed(kind.value, message, None, retryable=True))


def _failing(claim: Claim, error: RunError, lines: list[NewLine]) -> Callable[[Transaction], None]:
    # Whoever reads the log alone finds there why it ended.
    last_word = NewLine(
        at=wall_ms(),
        level=int(LogLevel.ERROR),
        stream=LogStream.LOG.value,
        message="\n".join(filter(None, (error.message, error.detail))),
    )
    return partial(
        attempts.fail,
        claim=claim,
        error=error,
        jitter=random.random(),
        lines=[*lines, last_word],
    )
