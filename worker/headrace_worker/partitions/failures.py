"""The partitions of one attempt that failed, and the one failure that they add up to."""

import time

from headrace.domain.events import LogLevel, LogStream
from headrace_worker.executors.protocol import Failed, Listener, LogRecord

_NAMED = 10


class Failures:
    """Each is told in the block's log as it comes."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._failed: dict[int, Failed] = {}

    def __bool__(self) -> bool:
        return bool(self._failed)

    def add(self, number: int, failed: Failed) -> None:
        """A partition failed."""
        self._failed[number] = failed
        line = LogRecord(
            at=time.time_ns() // 1_000_000,
            level=LogLevel.ERROR,
            stream=LogStream.LOG,
            message=f"partition {number} failed: {failed.message}",
        )
        self._listener.log([line])

    def outcome(self, total: int) -> Failed:
        """What the attempt failed of; it is worth another if all of them are."""
        first = min(self._failed)
        told = self._failed[first]
        message = f"Partition {first} of {total} failed: {told.message}"
        if len(self._failed) > 1:
            numbers = [str(number) for number in sorted(self._failed)]
            more = ", …" if len(numbers) > _NAMED else ""
            message = (
                f"{len(numbers)} of {total} partitions failed "
                f"({', '.join(numbers[:_NAMED])}{more}); {first}: {told.message}"
            )
        retryable = all(failed.retryable for failed in self._failed.values())
        return Failed(told.kind, message, told.detail, retryable)
