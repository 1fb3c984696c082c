"""Use cases of streams: this version has none.

Settings refuse any STREAM_BACKEND but none, so nothing is published and nothing can be read; what
is wrong with a request all the same is told first.
"""

from dataclasses import dataclass
from typing import Final

from headrace.services.results import OutOfRange

MOST_MESSAGES: Final = 500
MOST_WAIT_MS: Final = 30_000


@dataclass(frozen=True)
class StreamsOff:
    """No stream can be reached, and why."""

    message: str = "Streaming is off: STREAM_BACKEND is none"


def topics() -> list[str]:
    """The topics that can be read and written."""
    return []


def consume(*, max_messages: int, timeout_ms: int) -> OutOfRange | StreamsOff:
    """The newest messages of a topic; waits up to `timeout_ms` if there are none."""
    if not 1 <= max_messages <= MOST_MESSAGES:
        return OutOfRange("maxMessages", 1, MOST_MESSAGES)
    if not 0 <= timeout_ms <= MOST_WAIT_MS:
        return OutOfRange("timeoutMs", 0, MOST_WAIT_MS)
    return StreamsOff()
