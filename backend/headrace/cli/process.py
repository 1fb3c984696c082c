"""One event loop for one command: errors become words and exit codes, signals a tidy end."""

import asyncio
import gc
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Final, NoReturn

import typer

from headrace.cli.console import failure
from headrace.cli.errors import NOT_STARTED, CommandFailed
from headrace.domain.errors import HeadraceError

SIGNAL_EXIT: Final = 128  # as shells count: this and the signal's number
Hearer = Callable[[signal.Signals], None]


class Signals:
    """Who hears Ctrl-C and SIGTERM: the innermost `heard_by`, else the command is cancelled.

    Cancelling closes whatever the command opened: a worker drains, a server says goodbye to its
    sockets.
    """

    def __init__(self, task: asyncio.Task[Any]) -> None:
        self._hearers: list[Hearer] = [self._cancel]
        self._task = task
        self.ended_by: signal.Signals | None = None
        loop = task.get_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._hear, number)

    @contextmanager
    def heard_by(self, hearer: Hearer) -> Iterator[None]:
        """Both signals come to `hearer` while this is open."""
        self._hearers.append(hearer)
        try:
            yield
        finally:
            self._hearers.remove(hearer)

    def hear_from_now_on(self, hearer: Hearer) -> None:
        """Both signals come to `hearer` to the command's end."""
        self._hearers.append(hearer)

    def end(self, number: signal.Signals) -> None:
        """Cancels the command, whoever listens."""
        self._cancel(number)

    def _hear(self, number: signal.Signals) -> None:
        self._hearers[-1](number)

    def _cancel(self, number: signal.Signals) -> None:
        self.ended_by = number
        self._task.cancel()


def run_async(command: Callable[[Signals], Coroutine[Any, Any, int | None]]) -> NoReturn:
    """Runs a command to its end and leaves with its exit code (None is 0)."""
    import uvloop

    # What is imported stays: no collection need look at it again.
    gc.freeze()
    gc.enable()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            code = runner.run(_until_ended(command))
    except KeyboardInterrupt:
        code = SIGNAL_EXIT + signal.SIGINT
    except CommandFailed as error:
        failure(str(error))
        code = error.exit_code
    except HeadraceError as error:
        failure(str(error))
        code = NOT_STARTED
    raise typer.Exit(code or 0)


async def _until_ended(command: Callable[[Signals], Coroutine[Any, Any, int | None]]) -> int | None:
    task = asyncio.current_task()
    assert task is not None
    signals = Signals(task)
    try:
        return await command(signals)
    except asyncio.CancelledError:
        if signals.ended_by is None:
            raise
        return SIGNAL_EXIT + signals.ended_by
