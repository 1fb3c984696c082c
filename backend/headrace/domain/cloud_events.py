"""Events of record as other systems get them: CloudEvents 1.0, one JSON object each.

An event says what happened, in the past tense, and its type carries a version: what is added to
`data` keeps the version, what changes meaning takes the next.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

VERSION: Final = "v1"
CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
MOST_BYTES: Final = 512 * 1024
"""Brokers take a megabyte; an error's detail is what goes first."""
_SHORT: Final = 1_000


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """Whose event it is."""

    run_id: str
    pipeline: str
    version: int


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """An event of record: `time` as RFC 3339, `error` as the object of a RunError."""

    seq: int
    time: str
    kind: str
    message: str
    block: str | None
    status: str | None
    attempt: int | None
    error: dict[str, Any] | None
    artifact: str | None
    worker: str | None


def rfc_3339(at: int) -> str:
    """Milliseconds since the epoch as a time in UTC."""
    moment = datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event_id(run_id: str, seq: int) -> str:
    """What tells a repeat: the same for the same event, whenever it is sent."""
    return f"{run_id}/{seq}"


def encoded(run: RunFacts, event: EventFacts) -> bytes:
    """The event as bytes of JSON, of at most about MOST_BYTES."""
    whole = _dump(_cloud_event(run, event, event.message, event.error, truncated=False))
    if len(whole) <= MOST_BYTES:
        return whole
    error = event.error and {
        **event.error,
        "message": str(event.error.get("message", ""))[:_SHORT],
        "detail": None,
    }
    return _dump(_cloud_event(run, event, event.message[:_SHORT], error, truncated=True))


def _cloud_event(
    run: RunFacts,
    event: EventFacts,
    message: str,
    error: dict[str, Any] | None,
    *,
    truncated: bool,
) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": event_id(run.run_id, event.seq),
        "source": "/headrace",
        "type": f"headrace.{event.kind.lower()}.{VERSION}",
        "subject": run.run_id,
        "time": event.time,
        "partitionkey": run.run_id,
        "datacontenttype": "application/json",
        "data": {
            "run": run.run_id,
            "seq": event.seq,
            "pipeline": run.pipeline,
            "pipelineVersion": run.version,
            "kind": event.kind,
            "message": message,
            "block": event.block,
            "status": event.status,
            "attempt": event.attempt,
            "error": error,
            "artifact": event.artifact,
            "worker": event.worker,
            "truncated": truncated,
        },
    }


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "backslashreplace"
    )
