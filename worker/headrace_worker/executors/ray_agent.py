"""What a Ray worker does: run one task in a block process of its own, and pass on what it says.

Invariants: the block runs in a child, as on one machine, so it may crash, hang or be killed, and
this Ray worker reports it; when the driver's socket ends, the child is killed; when this process is
killed, its children go with it (their control sockets end).

One event loop and the executors of this process outlive a task: Ray gives the next one to a process
that is there, and warm children take it at once.
"""

import asyncio
import itertools
import os
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any, Final

from headrace import __version__
from headrace.artifacts.content import ContentPlace, content_store
from headrace.blocks.environment import Environment
from headrace.blocks.usage import Usage
from headrace.domain.json import JSONValue
from headrace_worker.executors.local import LocalExecutor
from headrace_worker.executors.messages import task_of
from headrace_worker.executors.protocol import (
    Cancelled,
    Crashed,
    Failed,
    Handle,
    LogRecord,
    Outcome,
    ProducedArtifact,
    Succeeded,
    Task,
)
from headrace_worker.executors.ray_link import Link

_CONNECT_SECONDS: Final = 10.0
_IDLE_SECONDS: Final = 60.0


class RequestRefused(Exception):
    """The driver answered a request with an error; its text is the driver's."""


def run_task(host: str, port: int, number: int, token: str) -> None:
    """The task that Ray runs: get what is to be done from the driver, do it, say how it went."""
    done = asyncio.run_coroutine_threadsafe(_run(host, port, number, token), _loop())
    try:
        done.result()
    except BaseException:
        # Ray interrupts this thread where the task is cancelled.
        done.cancel()
        raise


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="headrace-agent", daemon=True).start()
    return loop


@cache
def _executor(place: ContentPlace) -> LocalExecutor:
    # The driver has looked the type up: a task of ours names its class already.
    return LocalExecutor(content_store(place), _IDLE_SECONDS, target_of=lambda target: target)


async def _run(host: str, port: int, number: int, token: str) -> None:
    link = _Driver(number)
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(_CONNECT_SECONDS):
        await loop.create_connection(lambda: link, host, port)
        link.send("hello", token, number, __version__, f"{socket.gethostname()}, {os.getpid()}")
        task = await link.task
    if task is not None:
        await _perform(link, task)
    link.close()
    await link.ended


async def _perform(link: "_Driver", task: Task) -> None:
    executor = _executor(Environment.from_json(task.environment).artifacts_place)
    await executor.start()
    relay = _Relay(link)
    handle = executor.submit(task, relay)
    link.take(handle)
    try:
        outcome = await asyncio.shield(handle.outcome)
    except asyncio.CancelledError:
        handle.kill()
        raise
    link.send(*_ending(outcome, relay.made))


def _ending(outcome: Outcome, output: ProducedArtifact | None) -> tuple[Any, ...]:
    match outcome:
        case Succeeded(rows):
            return ("succeeded", rows, None if output is None else asdict(output), True)
        case Failed(kind, message, detail, retryable):
            return ("failed", kind, message, detail, retryable, True)
        case Crashed(message):
            return ("crashed", message)
        case Cancelled():
            return ("cancelled", True)


class _Driver(Link):
    """The socket to the driver; `task` is None where the driver wants nothing of this number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        loop = asyncio.get_running_loop()
        self.task: asyncio.Future[Task | None] = loop.create_future()
        self.ended: asyncio.Future[None] = loop.create_future()
        # No two places of one task use the same numbers.
        self._numbers = itertools.count(number << 32)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._told: list[str] = []
        self._handle: Handle | None = None

    def take(self, handle: Handle) -> None:
        """The block that runs now; it is told what came before it."""
        self._handle = handle
        for verb in self._told:
            self._obey(handle, verb)
        if self.ended.done():
            handle.kill()

    async def request(self, verb: str, *arguments: Any) -> Any:
        """Asks the driver; raises RequestRefused with its reason."""
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            if self.transport is None:
                raise RequestRefused("the driver is gone")
            self.send(verb, number, *arguments)
            ok, value = await answer
        finally:
            del self._waiting[number]
        if not ok:
            raise RequestRefused(value)
        return value

    def hear(self, messages: list[list[Any]]) -> None:
        for verb, *rest in messages:
            if verb == "task":
                self.task.set_result(task_of(rest[0]))
            elif verb == "reply":
                number, ok, value = rest
                answer = self._waiting.get(number)
                if answer is not None and not answer.done():
                    answer.set_result((ok, value))
            elif self._handle is None:
                self._told.append(verb)
            else:
                self._obey(self._handle, verb)

    def gone(self) -> None:
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_result((False, "the driver is gone"))
        if not self.task.done():
            self.task.set_result(None)
        if self._handle is not None:
            self._handle.kill()
        if not self.ended.done():
            self.ended.set_result(None)

    def pause_writing(self) -> None:
        if self._handle is not None:
            self._handle.pause_output()

    def resume_writing(self) -> None:
        if self._handle is not None:
            self._handle.resume_output()

    def _obey(self, handle: Handle, verb: str) -> None:
        acts = {
            "cancel": handle.ask_cancel,
            "terminate": handle.terminate,
            "kill": handle.kill,
            "pause": handle.pause_output,
            "resume": handle.resume_output,
        }
        acts[verb]()


class _Relay:
    """A `Listener` that passes everything on; the block's data set goes with its end."""

    def __init__(self, link: _Driver) -> None:
        self.made: ProducedArtifact | None = None
        self._link = link

    def log(self, lines: list[LogRecord]) -> None:
        told = [[line.at, int(line.level), line.stream.value, line.message] for line in lines]
        self._link.send("lines", told)

    def progress(self, done: int, total: int | None) -> None:
        self._link.send("progress", done, total)

    def output(self, artifact: ProducedArtifact) -> None:
        self.made = artifact

    async def artifact(self, artifact: ProducedArtifact) -> None:
        await self._link.request("artifact", asdict(artifact))

    async def memo_lookup(self, keys: Sequence[str]) -> Mapping[str, JSONValue]:
        found: Mapping[str, JSONValue] = await self._link.request("lookup", list(keys))
        return found

    async def memo_record(self, items: Mapping[str, JSONValue], usages: Sequence[Usage]) -> None:
        await self._link.request("record", dict(items), [asdict(usage) for usage in usages])

    async def written_by_headrace(self, path: str, sha256: str) -> bool:
        return bool(await self._link.request("written", path, sha256))

    async def record_written(self, path: str, sha256: str) -> None:
        await self._link.request("wrote", path, sha256)
