"""How tasks end where no process ends them: before one has begun, and when their executor stops."""

import asyncio
from collections.abc import Collection
from typing import Final

from headrace_worker.executors.protocol import Listener, Outcome, Task
from headrace_worker.executors.running import RunningTask

_SETTLE_SECONDS: Final = 5.0


def ended(task: Task, listener: Listener, outcome: Outcome) -> RunningTask:
    """A task that is over before it has begun."""
    running = RunningTask(task, listener, None)
    running.end(outcome)
    return running


async def settle(running: Collection[RunningTask]) -> None:
    """Waits for tasks that were told to end; after a while their listeners are given up on."""
    if not running:
        return
    outcomes = [task.outcome for task in running]
    _, late = await asyncio.wait(outcomes, timeout=_SETTLE_SECONDS)
    for task in running:
        task.give_up()
    if late:
        await asyncio.wait(late, timeout=_SETTLE_SECONDS)
