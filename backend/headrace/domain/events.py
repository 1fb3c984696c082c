"""What a run's log says: the kinds of events of record, the words of their messages, and RunError.

Every transition writes exactly one event; the kind of a block's or run's event follows from the
state that it reached, so the log can be folded back into states.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from headrace.domain.lifecycle import BlockStatus, RunStatus


class RunEventKind(StrEnum):
    RUN_QUEUED = "RUN_QUEUED"
    RUN_STARTED = "RUN_STARTED"
    RUN_CANCELLING = "RUN_CANCELLING"
    RUN_SUCCEEDED = "RUN_SUCCEEDED"
    RUN_FAILED = "RUN_FAILED"
    RUN_CANCELLED = "RUN_CANCELLED"
    BLOCK_READY = "BLOCK_READY"
    BLOCK_STARTED = "BLOCK_STARTED"
    BLOCK_RELEASED = "BLOCK_RELEASED"
    BLOCK_RETRYING = "BLOCK_RETRYING"
    BLOCK_SUCCEEDED = "BLOCK_SUCCEEDED"
    BLOCK_FAILED = "BLOCK_FAILED"
    BLOCK_SKIPPED = "BLOCK_SKIPPED"
    BLOCK_CANCELLED = "BLOCK_CANCELLED"
    ARTIFACT_CREATED = "ARTIFACT_CREATED"
    WORKER_LOST = "WORKER_LOST"


K = RunEventKind

RUN_EVENT_OF: dict[RunStatus, RunEventKind] = {
    RunStatus.QUEUED: K.RUN_QUEUED,
    RunStatus.RUNNING: K.RUN_STARTED,
    RunStatus.CANCELLING: K.RUN_CANCELLING,
    RunStatus.SUCCEEDED: K.RUN_SUCCEEDED,
    RunStatus.FAILED: K.RUN_FAILED,
    RunStatus.CANCELLED: K.RUN_CANCELLED,
}
RUN_STATUS_OF: dict[RunEventKind, RunStatus] = {kind: s for s, kind in RUN_EVENT_OF.items()}

BLOCK_EVENT_OF: dict[BlockStatus, RunEventKind] = {
    BlockStatus.READY: K.BLOCK_READY,
    BlockStatus.RUNNING: K.BLOCK_STARTED,
    BlockStatus.RETRYING: K.BLOCK_RETRYING,
    BlockStatus.SUCCEEDED: K.BLOCK_SUCCEEDED,
    BlockStatus.FAILED: K.BLOCK_FAILED,
    BlockStatus.SKIPPED: K.BLOCK_SKIPPED,
    BlockStatus.CANCELLED: K.BLOCK_CANCELLED,
}
BLOCK_EVENT_KINDS = frozenset(BLOCK_EVENT_OF.values()) | {K.BLOCK_RELEASED}
TERMINAL_EVENT_KINDS = frozenset({K.RUN_SUCCEEDED, K.RUN_FAILED, K.RUN_CANCELLED})


class LogLevel(IntEnum):
    """Levels of log lines; the numbers are those of Python's logging."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40


class LogStream(StrEnum):
    LOG = "LOG"
    STDOUT = "STDOUT"
    STDERR = "STDERR"


class ErrorKind(StrEnum):
    """Why a block or run failed; those in PERMANENT are never retried."""

    BLOCK_ERROR = "BLOCK_ERROR"
    BAD_INPUT = "BAD_INPUT"
    PATH_REFUSED = "PATH_REFUSED"
    TIMED_OUT = "TIMED_OUT"
    CRASHED = "CRASHED"
    WORKER_LOST = "WORKER_LOST"
    QUEUE_TIMEOUT = "QUEUE_TIMEOUT"
    RUN_TIMEOUT = "RUN_TIMEOUT"
    BUDGET_EXCEEDED = "BUDGET_EXCEEDED"
    PROVIDER_ERROR = "PROVIDER_ERROR"
    MODEL_NOT_FOUND = "MODEL_NOT_FOUND"


PERMANENT = frozenset(
    {
        ErrorKind.BAD_INPUT,
        ErrorKind.PATH_REFUSED,
        ErrorKind.MODEL_NOT_FOUND,
        ErrorKind.BUDGET_EXCEEDED,
    }
)


@dataclass(frozen=True, kw_only=True)
class RunError:
    """Why a block, an attempt or a run failed, in words for its user."""

    kind: str
    message: str
    block: str | None = None
    retryable: bool = False
    detail: str | None = None
