"""The local executor: warm child processes behind one zygote, all of them gone with their worker.

Invariants: nothing is started here before the first task; a child takes one task at a time and,
unless it was signalled or left something behind, the next one after it; after `idle_seconds`
without a task a child leaves, and the zygote after the last; `stop` returns when no process of ours
is left.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable

from headrace.artifacts.content import ContentStore
from headrace.blocks.registry import Catalogue
from headrace_worker.executors.block_child import BlockChild
from headrace_worker.executors.launcher import Zygote, ZygoteAhead
from headrace_worker.executors.protocol import (
    Crashed,
    ExecutorStopped,
    Failed,
    Handle,
    Listener,
    Task,
)
from headrace_worker.executors.running import RunningTask
from headrace_worker.executors.settling import ended, settle

_log = logging.getLogger(__name__)

IDLE_SECONDS = 300.0
"""How long `stop` waits for the listeners of blocks that it killed."""


class LocalExecutor:
    """See `Executor`. `target_of` finds a type's `module:Class`, by default by entry points.

    A `zygote` that was started ahead is used for the first children.
    """

    def __init__(
        self,
        content: ContentStore,
        idle_seconds: float = IDLE_SECONDS,
        *,
        target_of: Callable[[str], str | None] | None = None,
        zygote: ZygoteAhead | None = None,
    ) -> None:
        self._content = content
        self._idle_seconds = idle_seconds
        self._target_of = target_of
        self._numbers = itertools.count(1)
        self._zygote: Zygote | None = None
        self._zygotes: set[Zygote] = set()
        self._children: set[BlockChild] = set()
        self._idle: dict[BlockChild, float] = {}  # since when, the longest first
        self._leaving: set[BlockChild] = set()
        self._running: set[RunningTask] = set()
        self._idle_timer: asyncio.TimerHandle | None = None
        self._ahead = zygote
        self._started = False
        self._stopping: asyncio.Task[None] | None = None
        self._sweeps: set[asyncio.Future[int]] = set()

    @property
    def zygote_pid(self) -> int | None:
        """None while no zygote runs."""
        return None if self._zygote is None else self._zygote.pid

    async def start(self) -> None:
        """Accept tasks; processes come with the first of them, but for a zygote started ahead."""
        if self._stopping is None:
            self._started = True
        if self._ahead is not None:
            self._take_zygote(self._ahead)
            self._ahead = None
            self._arm(self._idle_seconds)

    def submit(self, task: Task, listener: Listener) -> Handle:
        self._check()
        target = self._target(task.type)
        if target is None:
            message = f"There is no block type {task.type!r} in this installation."
            return ended(task, listener, Failed("BAD_INPUT", message, None, retryable=False))
        try:
            child = self._warm_child() or self._new_child()
        except OSError as error:
            message = f"No process could be started for the block: {error}"
            return ended(task, listener, Crashed(message))
        try:
            running = child.run(task, target, listener)
        except (TypeError, ValueError, OverflowError) as error:
            self._free(child)
            message = f"The config cannot be sent to the block's process: {error}"
            return ended(task, listener, Failed("BAD_INPUT", message, None, retryable=False))
        self._running.add(running)
        running.outcome.add_done_callback(lambda _: self._running.discard(running))
        return running

    async def stop(self) -> None:
        if self._stopping is None:
            self._started = False
            self._stopping = asyncio.create_task(self._stop(), name="stop local executor")
        # Shielded: one impatient caller must not leave the processes of all.
        await asyncio.shield(self._stopping)

    def _check(self) -> None:
        if not self._started:
            raise ExecutorStopped("The executor does not run.")

    def _target(self, block_type: str) -> str | None:
        if self._target_of is None:
            self._target_of = Catalogue.discover().target
        return self._target_of(block_type)

    def _warm_child(self) -> BlockChild | None:
        # The one that worked last: its memory is the warmest, and the others may leave.
        while self._idle:
            child, _ = self._idle.popitem()
            if child.usable:
                return child
        return None

    def _new_child(self) -> BlockChild:
        zygote = self._zygote
        if zygote is None or not zygote.usable:
            zygote = self._take_zygote(None)
        child = BlockChild(
            next(self._numbers), zygote, on_free=self._free, on_gone=self._child_gone
        )
        self._children.add(child)
        child.open()
        return child

    def _take_zygote(self, ahead: ZygoteAhead | None) -> Zygote:
        zygote = self._zygote = Zygote(self._zygote_gone, ahead)
        self._zygotes.add(zygote)
        return zygote

    def _free(self, child: BlockChild) -> None:
        self._idle[child] = asyncio.get_running_loop().time()
        if self._idle_timer is None:
            self._arm(self._idle_seconds)

    def _child_gone(self, child: BlockChild) -> None:
        self._children.discard(child)
        self._leaving.discard(child)
        self._idle.pop(child, None)
        if (child.killed or child.interrupted) and child.pid is not None:
            self._sweep_after(child.pid)
        if not self._children and self._idle_timer is None and self._started:
            # Crashed rather than idle: the zygote shall not wait alone for ever.
            self._arm(self._idle_seconds)

    def _zygote_gone(self, zygote: Zygote) -> None:
        self._zygotes.discard(zygote)
        if self._zygote is zygote:
            self._zygote = None

    def _sweep_after(self, pid: int) -> None:
        sweep = asyncio.get_running_loop().run_in_executor(None, self._sweep, pid)
        self._sweeps.add(sweep)
        sweep.add_done_callback(self._sweeps.discard)

    def _sweep(self, pid: int) -> int:
        try:
            return self._content.sweep_temporaries(older_than_seconds=0, writer=pid)
        except OSError as error:
            _log.warning("executor.sweep_failed", extra={"error": str(error)})
            return 0

    def _leave_idle(self) -> None:
        """Send away who has idled for too long; the zygote too, once nobody is left."""
        self._idle_timer = None
        now = asyncio.get_running_loop().time()
        for child, since in list(self._idle.items()):
            if since + self._idle_seconds > now:
                self._arm(since + self._idle_seconds - now)
                break
            del self._idle[child]
            self._leaving.add(child)
            child.leave()
        if self._zygote is not None and self._children <= self._leaving:
            self._zygote.leave()
            self._zygote = None

    def _arm(self, delay: float) -> None:
        self._idle_timer = asyncio.get_running_loop().call_later(delay, self._leave_idle)

    async def _stop(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        running = list(self._running)
        for task in running:
            task.asked_to_end = True
        for zygote in self._zygotes:
            zygote.leave()
        await asyncio.gather(*[zygote.gone for zygote in self._zygotes])
        await asyncio.gather(*[child.gone for child in self._children])
        await settle(running)
        await asyncio.gather(*self._sweeps)
