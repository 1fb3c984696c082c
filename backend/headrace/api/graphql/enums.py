"""The enums of the schema: those of the domain with their words, and the API's own.

Types take the domain's enums from here: Strawberry would make an enum that it meets undescribed a
type of its own.
"""

from enum import Enum

from headrace.api.graphql.described import describe_enum
from headrace.domain.definition import ParamType
from headrace.domain.events import LogLevel, LogStream, RunEventKind
from headrace.domain.lifecycle import (
    AttemptStatus,
    BlockStatus,
    CancelStage,
    RunStatus,
    RunTrigger,
    TriggerRule,
    WorkerStatus,
)
from headrace.domain.reruns import RerunFrom
from headrace.domain.ticks import Overlap as ScheduleOverlap
from headrace.domain.ticks import TickOutcome
from headrace.domain.triggers import TriggerStart, TriggerStatus
from headrace.services.reruns import VersionChoice

__all__ = [
    "AttemptStatus",
    "BlockStatus",
    "CancelStage",
    "ChangeKind",
    "DefinitionFormat",
    "ErrorCode",
    "LogLevel",
    "LogStream",
    "ParamType",
    "RerunFrom",
    "RunEventKind",
    "RunStatus",
    "RunTrigger",
    "ScheduleOverlap",
    "TickOutcome",
    "TriggerRule",
    "TriggerStart",
    "TriggerStatus",
    "VersionChoice",
    "WorkerStatus",
]


class ErrorCode(Enum):
    """Stable codes of expected failures."""

    INVALID = "INVALID"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    FORBIDDEN = "FORBIDDEN"
    UNAVAILABLE = "UNAVAILABLE"
    LIMIT = "LIMIT"
    GONE = "GONE"


class DefinitionFormat(Enum):
    """The formats of documents."""

    JSON = "JSON"
    YAML = "YAML"


class ChangeKind(Enum):
    """What happened to a member of a watched list."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    REMOVED = "REMOVED"


describe_enum(
    ErrorCode,
    "What kind of expected failure a mutation met; stable, for programs.",
    {
        "INVALID": "The input is wrong; its problems are listed.",
        "NOT_FOUND": "What was named is not there.",
        "CONFLICT": "It is there already, or its state does not allow this.",
        "IDEMPOTENCY_CONFLICT": "The idempotency key was used with another input.",
        "FORBIDDEN": "It is not allowed, whoever asks.",
        "UNAVAILABLE": "Something it needs is switched off or not to be reached.",
        "LIMIT": "A limit would be exceeded.",
        "GONE": "It was there once and was removed.",
    },
)
describe_enum(
    DefinitionFormat,
    "The format of a pipeline's document.",
    {"JSON": "JSON, indented.", "YAML": "YAML, as people write it."},
)
describe_enum(
    ChangeKind,
    "What happened to a run of a watched list.",
    {
        "CREATED": "It is new.",
        "UPDATED": "It changed, or matches the filter now.",
        "REMOVED": "It was deleted, or no longer matches the filter.",
    },
)
describe_enum(
    ParamType,
    "The type of a param.",
    {
        "STRING": "Text.",
        "INTEGER": "A whole number.",
        "NUMBER": "A number.",
        "BOOLEAN": "True or false.",
        "DATETIME": "A date and time with its offset, RFC 3339.",
        "PATH": "A path of a file; where it may lead is checked when it is used.",
        "JSON": "Any JSON value.",
    },
)
describe_enum(
    TriggerRule,
    "What a block asks of its direct upstream blocks, once all of them are terminal. A block that "
    "was skipped because of a failure counts as failed for those after it.",
    {
        "ALL_SUCCEEDED": "Every one succeeded.",
        "NONE_FAILED": "None failed.",
        "ALL_DONE": "Nothing more: it runs whatever they came to.",
        "ANY_FAILED": "At least one failed.",
    },
)
describe_enum(
    RunStatus,
    "Where a run stands. SUCCEEDED, FAILED and CANCELLED are terminal.",
    {
        "QUEUED": "No block was taken up yet.",
        "RUNNING": "At least one block was taken up.",
        "CANCELLING": "It was asked to stop, and some blocks still run.",
        "SUCCEEDED": "Every block ended, and none failed.",
        "FAILED": "Every block ended, and at least one failed.",
        "CANCELLED": "It was stopped.",
    },
)
describe_enum(
    BlockStatus,
    "Where a block of a run stands. SUCCEEDED, FAILED, SKIPPED and CANCELLED are terminal.",
    {
        "WAITING": "It waits for upstream blocks.",
        "READY": "It waits for a worker.",
        "RUNNING": "A worker runs it.",
        "RETRYING": "It failed and is tried again at its retry time.",
        "SUCCEEDED": "It ended well.",
        "FAILED": "It failed for good.",
        "SKIPPED": "Its trigger rule can no longer hold.",
        "CANCELLED": "It was stopped, or never started, because its run was cancelled.",
    },
)
describe_enum(
    AttemptStatus,
    "How one attempt at a block stands or ended.",
    {
        "RUNNING": "It runs.",
        "SUCCEEDED": "It ended well.",
        "FAILED": "It failed, crashed, or was killed for its memory.",
        "CANCELLED": "It was stopped because its run was cancelled.",
        "TIMED_OUT": "It went past its time limit.",
        "WORKER_LOST": "Its worker was lost; this spends no retry.",
        "RELEASED": "A stopping worker gave it back; the next attempt has the same number.",
    },
)
describe_enum(
    RunTrigger,
    "Who started a run: UI or CLI where the request's header X-Headrace-Client says `ui` or "
    "`cli`, else API.",
    {
        "API": "A client of the API.",
        "CLI": "The command line.",
        "UI": "The web interface.",
        "RERUN": "A rerun of another run.",
        "SCHEDULE": "A schedule.",
        "MESSAGE": "A message of a stream.",
    },
)
describe_enum(
    RerunFrom,
    "Where a rerun begins. What comes before that, succeeded and means the same is reused.",
    {
        "FAILED": "What did not succeed, and everything after it.",
        "START": "Everything.",
        "BLOCKS": "The named blocks, and everything after them.",
    },
)
describe_enum(
    VersionChoice,
    "Which version of the pipeline a rerun runs.",
    {
        "SAME": "That of the run which it repeats.",
        "LATEST": "The newest; blocks that mean the same in it can still be reused.",
    },
)
describe_enum(
    CancelStage,
    "How hard a cancellation pushes by now.",
    {
        "ASKED": "Running blocks were told, and may tidy up.",
        "TERMINATING": "Their processes are being terminated.",
        "KILLING": "Their processes are being killed.",
        "REVOKED": "Their claims are taken away, whatever their workers do.",
        "DONE": "The run is over.",
    },
)
describe_enum(
    WorkerStatus,
    "How a worker stands.",
    {
        "ACTIVE": "It takes up blocks.",
        "DRAINING": "It is stopping: it takes up nothing more.",
        "LOST": "It fell silent; its blocks were given to others.",
        "STOPPED": "It left in good order.",
    },
)
describe_enum(
    RunEventKind,
    "The kinds of events of record. A run's log opens with RUN_QUEUED (seq 1), and its terminal "
    "event is the last.",
    {
        "RUN_QUEUED": "The run was created.",
        "RUN_STARTED": "Its first block is about to start.",
        "RUN_CANCELLING": "Its cancellation was asked for while blocks ran.",
        "RUN_SUCCEEDED": "The run ended well. Terminal.",
        "RUN_FAILED": "The run failed. Terminal.",
        "RUN_CANCELLED": "The run was cancelled. Terminal.",
        "BLOCK_READY": "A block waits for a worker.",
        "BLOCK_STARTED": "A worker took a block up.",
        "BLOCK_RELEASED": "A stopping worker gave a block back.",
        "BLOCK_RETRYING": "A block failed and will be tried again.",
        "BLOCK_SUCCEEDED": "A block ended well.",
        "BLOCK_FAILED": "A block failed for good.",
        "BLOCK_SKIPPED": "A block's trigger rule can no longer hold.",
        "BLOCK_CANCELLED": "A block was cancelled.",
        "ARTIFACT_CREATED": "A block made an artifact.",
        "WORKER_LOST": "The worker of a block was lost.",
    },
)
describe_enum(
    TriggerStatus,
    "Whether a trigger reads its topic.",
    {
        "ACTIVE": "It reads.",
        "PAUSED": "Somebody stopped it.",
        "STREAM_RESET": "Its topic is another one than it was, or lost messages that were read, or "
        "that were to be read: it waits for somebody to resume it.",
    },
)
describe_enum(
    TriggerStart,
    "Where a trigger begins a topic.",
    {
        "EARLIEST": "At the oldest message that is there.",
        "LATEST": "With what comes from now on.",
    },
)
describe_enum(
    LogLevel,
    "The level of a log line.",
    {
        "DEBUG": "For whoever looks for a fault.",
        "INFO": "What happens.",
        "WARNING": "What may be wrong.",
        "ERROR": "What is wrong.",
    },
)
describe_enum(
    LogStream,
    "Where a log line came from.",
    {
        "LOG": "The block's log.",
        "STDOUT": "What the block printed.",
        "STDERR": "What the block printed to standard error.",
    },
)
describe_enum(
    ScheduleOverlap,
    "What a tick does while a run of its schedule has not ended.",
    {
        "ALLOW": "It starts another run beside it.",
        "SKIP": "It starts none.",
        "REPLACE": "It cancels that run and starts another one.",
    },
    name="ScheduleOverlap",
)
describe_enum(
    TickOutcome,
    "What became of a tick of a schedule.",
    {
        "STARTED": "It started a run.",
        "SKIPPED": "It started none, for a run had not ended.",
        "MISSED": "Nobody was there to fire it until its catch-up window was over.",
        "FAILED": "Its run could not be made; the schedule goes on.",
    },
)
