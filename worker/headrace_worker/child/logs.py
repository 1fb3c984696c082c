"""Everything a block says becomes log lines: `ctx.log`, `logging`, and what is printed.

Lines of `ctx.log` and `logging` go over the control socket, one message each, at once: the lines
right before a crash are those that matter. stdout and stderr are pipes that the worker reads.
"""

import io
import logging
import os
import sys
import time

from headrace.domain.events import LogLevel
from headrace_worker.child.channel import Session
from headrace_worker.lines import clean


class ChildLogger:
    """`ctx.log` of one task; silent after it, for threads that the block left behind."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def debug(self, message: str) -> None:
        self.write(LogLevel.DEBUG, message)

    def info(self, message: str) -> None:
        self.write(LogLevel.INFO, message)

    def warning(self, message: str) -> None:
        self.write(LogLevel.WARNING, message)

    def error(self, message: str) -> None:
        self.write(LogLevel.ERROR, message)

    def write(self, level: LogLevel, message: str) -> None:
        self._session.tell("log", time.time_ns() // 1_000_000, int(level), clean(str(message)))


class CaptureHandler(logging.Handler):
    """The root handler: records of any library become lines of the task that runs."""

    def __init__(self) -> None:
        super().__init__()
        self.logger: ChildLogger | None = None

    def emit(self, record: logging.LogRecord) -> None:
        logger = self.logger
        if logger is None:
            return
        try:
            text = self.format(record)
        except Exception as error:
            # A broken format string of the block's must not fail it.
            text = f"{record.msg} [not formatted: {error}]"
        name = "" if record.name == "root" else f"{record.name}: "
        logger.write(_level(record.levelno), name + text)


def capture(handler: CaptureHandler) -> None:
    """(Re)install what is captured; a block before may have replaced it."""
    root = logging.getLogger()
    if root.handlers != [handler]:
        root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    sys.stdout, sys.stderr = _STDOUT, _STDERR


def open_streams() -> None:
    """Make `sys.stdout` and `sys.stderr` anew for descriptors 1 and 2: text, a line at a time."""
    global _STDOUT, _STDERR, _PIPES  # noqa: PLW0603 - one set a process, like the descriptors
    _STDOUT, _STDERR = _stream(1), _stream(2)
    _PIPES = _pipes()
    sys.__stdout__, sys.__stderr__ = _STDOUT, _STDERR  # type: ignore[misc] # Final for all but the process's own start


def streams_intact() -> bool:
    """Whether descriptors 1 and 2 are still the pipes; a block may have closed them."""
    return _pipes() == _PIPES


def flush_streams() -> None:
    """Hand what was printed to the pipes; a block may have closed the streams."""
    for stream in (sys.stdout, sys.stderr, _STDOUT, _STDERR):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            continue


def _stream(descriptor: int) -> io.TextIOWrapper:
    raw = io.FileIO(descriptor, "w", closefd=False)
    # Text that has no UTF-8 is printed as escapes rather than failing the block.
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", line_buffering=True
    )


def _pipes() -> tuple[int, int] | None:
    try:
        return os.fstat(1).st_ino, os.fstat(2).st_ino
    except OSError:
        return None


def _level(number: int) -> LogLevel:
    if number >= logging.ERROR:
        return LogLevel.ERROR
    if number >= logging.WARNING:
        return LogLevel.WARNING
    return LogLevel.INFO if number >= logging.INFO else LogLevel.DEBUG


_STDOUT = _STDERR = sys.stdout
_PIPES: tuple[int, int] | None = None
