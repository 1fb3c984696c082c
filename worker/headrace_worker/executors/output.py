"""The pipe that a child's stdout or stderr goes to, on the worker's side."""

import asyncio
import os
import time
from collections.abc import Callable

from headrace.domain.events import LogLevel, LogStream
from headrace_worker.executors.protocol import LogRecord
from headrace_worker.lines import LineSplitter

_READ_BYTES = 65_536
_DRAIN_BYTES = 1 << 20
"""More than a pipe holds: what a block printed before it ended is in here; what somebody else still
prints is no reason to read for ever."""

_LEVELS = {LogStream.STDOUT: LogLevel.INFO, LogStream.STDERR: LogLevel.WARNING}


class OutputPipe:
    """Reads one pipe without ever waiting and hands on its lines."""

    def __init__(self, stream: LogStream, deliver: Callable[[list[LogRecord]], None]) -> None:
        self._stream = stream
        self._deliver = deliver
        self._lines = LineSplitter()
        self._loop = asyncio.get_running_loop()
        self._reading = False
        self._fd, self.write_end = os.pipe()
        os.set_blocking(self._fd, False)

    def resume(self) -> None:
        """Read whenever there is something."""
        if not self._reading and self._fd >= 0:
            self._reading = True
            self._loop.add_reader(self._fd, self._read)

    def pause(self) -> None:
        """Let the writer wait once the pipe is full."""
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._fd)

    def drain(self) -> None:
        """Hand on what is in the pipe now, and the line that was begun."""
        left = _DRAIN_BYTES
        while left > 0 and (read := self._read()):
            left -= read
        self._hand_on(self._lines.flush())

    def close(self) -> None:
        """Harmless when closed already."""
        self.pause()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def close_write_end(self) -> None:
        """The child has its own copy."""
        if self.write_end >= 0:
            os.close(self.write_end)
            self.write_end = -1

    def _read(self) -> int:
        if self._fd < 0:
            return 0
        try:
            data = os.read(self._fd, _READ_BYTES)
        except BlockingIOError:
            return 0
        if not data:
            self.close()
            return 0
        self._hand_on(self._lines.feed(data))
        return len(data)

    def _hand_on(self, lines: list[str]) -> None:
        if lines:
            at = time.time_ns() // 1_000_000
            level = _LEVELS[self._stream]
            self._deliver(
                [LogRecord(at=at, level=level, stream=self._stream, message=m) for m in lines]
            )
