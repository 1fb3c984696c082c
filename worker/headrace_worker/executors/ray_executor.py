"""The Ray executor: each block, or partition of one, is a task on some node of a Ray cluster.

Invariants: this process is the cluster's driver and keeps every record; Ray only finds a place. A
place is answered if it knows this driver's token and a number that is still waited for.
"""

import asyncio
import hmac
import itertools
import logging
import secrets
from collections.abc import Callable
from typing import Any, Final

from headrace import __version__
from headrace_worker.executors.protocol import (
    ExecutorStopped,
    Failed,
    Handle,
    Listener,
    Task,
)
from headrace_worker.executors.ray_agent import run_task
from headrace_worker.executors.ray_cluster import RayCluster
from headrace_worker.executors.ray_link import Link
from headrace_worker.executors.ray_remote import RemoteTask
from headrace_worker.executors.running import RunningTask
from headrace_worker.executors.settling import ended, settle

PARTITIONS_AT_ONCE: Final = 64
"""Of one worker; Ray queues those for which the cluster has no processor yet."""
_HELLO_SECONDS: Final = 10.0
_HELLO_BYTES: Final = 4_096

_log = logging.getLogger(__name__)


class RayExecutor:
    """See `Executor`. `target_of` finds a type's `module:Class`."""

    def __init__(self, address: str, *, target_of: Callable[[str], str | None]) -> None:
        self._cluster = RayCluster(address)
        self._target_of = target_of
        self._token = secrets.token_hex(32)
        self._numbers = itertools.count(1)
        self._waiting: dict[int, RemoteTask] = {}
        self._running: set[RunningTask] = set()
        self._server: asyncio.Server | None = None
        self._place: tuple[str, int] = ("", 0)
        self._started = False

    @property
    def address(self) -> tuple[str, int]:
        """Where Ray workers connect to, once it is started."""
        return self._place

    async def start(self) -> None:
        """Connects to the cluster; raises RayUnreachable."""
        if self._server is not None:
            return
        host = await self._cluster.connect(run_task)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Visitor(self._meet), host, 0)
        self._place = (host, self._server.sockets[0].getsockname()[1])
        self._started = True
        _log.info("ray.up driver=%s:%d", *self._place)

    def submit(self, task: Task, listener: Listener) -> Handle:
        if not self._started:
            raise ExecutorStopped("The executor does not run.")
        target = self._target_of(task.type)
        if target is None:
            message = f"There is no block type {task.type!r} in this installation."
            return ended(task, listener, Failed("BAD_INPUT", message, None, retryable=False))
        try:
            remote = RemoteTask(task, target, listener, self)
        except (TypeError, ValueError, OverflowError) as error:
            message = f"The config cannot be sent to the block's process: {error}"
            return ended(task, listener, Failed("BAD_INPUT", message, None, retryable=False))
        running = remote.running
        self._running.add(running)
        running.outcome.add_done_callback(lambda _: self._running.discard(running))
        remote.begin()
        return running

    async def stop(self) -> None:
        """Kills whatever runs, and leaves the cluster; safe to call twice."""
        self._started = False
        running = list(self._running)
        for task in running:
            task.kill()
        await settle(running)
        if self._server is not None:
            self._server.close()
        await self._cluster.disconnect()

    # --- what its tasks ask (`Desk`) -------------------------------------------------------------

    def begin(self, remote: RemoteTask) -> tuple[int, Any]:
        """See `Desk`."""
        number = next(self._numbers)
        reference = self._cluster.submit(remote.name, *self._place, number, self._token)
        self._waiting[number] = remote
        return number, reference

    def withdraw(self, reference: Any) -> None:
        """See `Desk`."""
        self._cluster.cancel(reference)

    def forget(self, number: int) -> None:
        """See `Desk`."""
        self._waiting.pop(number, None)

    def _meet(
        self, visitor: "_Visitor", token: str, number: int, version: str, place: str
    ) -> RemoteTask | None:
        """The task that a place may run; None for a stranger, or for who comes too late."""
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            _log.warning("ray.stranger: somebody without this driver's token connected")
            return None
        remote = self._waiting.pop(number, None)
        if remote is None:
            return None
        if version != __version__:
            remote.refuse(
                f"{place} has Headrace {version} and this worker has {__version__}: install the "
                "same on every node of the Ray cluster."
            )
            return None
        remote.welcome(visitor, place)
        return remote


class _Visitor(Link):
    """Who connected: unknown until it has said its first message."""

    def __init__(self, meet: Callable[..., RemoteTask | None]) -> None:
        super().__init__()
        self._meet = meet
        self._remote: RemoteTask | None = None
        self._unheard = 0
        self._late = asyncio.get_running_loop().call_later(_HELLO_SECONDS, self.close)

    def data_received(self, data: bytes) -> None:
        if self._remote is None:
            self._unheard += len(data)
            if self._unheard > _HELLO_BYTES:
                self.close()
                return
        super().data_received(data)

    def hear(self, messages: list[list[Any]]) -> None:
        if self._remote is None:
            hello, *messages = messages
            self._remote = self._known(hello)
        if self._remote is None:
            self.close()
        elif messages:
            self._remote.hear(self, messages)

    def gone(self) -> None:
        self._late.cancel()
        if self._remote is not None:
            self._remote.gone(self)

    def _known(self, hello: list[Any]) -> RemoteTask | None:
        self._late.cancel()
        match hello:
            case ["hello", str(token), int(number), str(version), str(place)]:
                return self._meet(self, token, number, version, place)
        return None
