"""The tasks of one block that run at once, told as one.

Invariant: what the block was told reaches each of its tasks, those too that begin later.
"""

from enum import IntEnum

from headrace_worker.executors.protocol import Executor, Handle, Listener, Outcome, Task


class Told(IntEnum):
    """How urgently the block was told to end."""

    NOTHING = 0
    ASKED = 1
    TERMINATED = 2
    KILLED = 3


class RunningTasks:
    """Submits tasks and waits for them; `told` is the most urgent of what was told so far."""

    def __init__(self, executor: Executor) -> None:
        self.told = Told.NOTHING
        self._executor = executor
        self._paused = False
        self._handles: set[Handle] = set()

    async def outcome_of(self, task: Task, listener: Listener) -> Outcome:
        """Runs a task to its end."""
        handle = self._executor.submit(task, listener)
        self._handles.add(handle)
        if self._paused:
            handle.pause_output()
        _pass_on(self.told, handle)  # it may have been told before the task was submitted
        try:
            return await handle.outcome
        finally:
            self._handles.discard(handle)

    def tell(self, what: Told) -> None:
        """What was told before and is more urgent stands."""
        self.told = max(self.told, what)
        for handle in list(self._handles):
            _pass_on(self.told, handle)

    def pause_output(self) -> None:
        self._paused = True
        for handle in self._handles:
            handle.pause_output()

    def resume_output(self) -> None:
        self._paused = False
        for handle in self._handles:
            handle.resume_output()


def _pass_on(told: Told, handle: Handle) -> None:
    if told is Told.ASKED:
        handle.ask_cancel()
    elif told is Told.TERMINATED:
        handle.terminate()
    elif told is Told.KILLED:
        handle.kill()
