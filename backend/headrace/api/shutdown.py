"""Hearing that uvicorn is told to stop, which it tells the application only when all is over.

`headrace serve` tells it itself. Under plain uvicorn nobody does: there its signal handler is
wrapped, for as long as the application runs, and still called.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import uvicorn

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def heard_by(stop: Callable[[], None]) -> Generator[None, None, None]:
    """Calls `stop` on the loop when a signal tells uvicorn to stop. Call it on the loop."""
    if threading.current_thread() is not threading.main_thread():
        yield  # nobody but the main thread hears signals
        return
    loop = asyncio.get_running_loop()
    installed = {}
    for number in _SIGNALS:
        before = signal.getsignal(number)
        if callable(before) and isinstance(getattr(before, "__self__", None), uvicorn.Server):
            wrapped = _wrapped(before, loop, stop)
            signal.signal(number, wrapped)
            installed[number] = (before, wrapped)
    try:
        yield
    finally:
        for number, (before, wrapped) in installed.items():
            if signal.getsignal(number) is wrapped:
                signal.signal(number, before)


def _wrapped(
    before: Callable[[int, FrameType | None], object],
    loop: asyncio.AbstractEventLoop,
    stop: Callable[[], None],
) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)
        before(number, frame)

    return handle
