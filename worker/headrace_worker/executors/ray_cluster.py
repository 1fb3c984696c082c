"""All that is asked of Ray itself: connect, have a function run somewhere, take it back, leave.

Ray is imported here, when a cluster is connected to, and nowhere else. Its calls that may block run
in a thread that nobody waits for longer than a bound.
"""

import asyncio
import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from headrace.domain.errors import HeadraceError

T = TypeVar("T")

_log = logging.getLogger(__name__)
CONNECT_SECONDS: Final = 60.0
_LEAVE_SECONDS: Final = 10.0
_KNOCK_SECONDS: Final = 5.0
_NAMESPACE: Final = "headrace"


class RayUnreachable(HeadraceError):
    """The cluster could not be connected to, or none could be started."""


class RayCluster:
    """`address` is that of a cluster's head, as `ray start` told it; empty: start one here.

    This process must run on one of the cluster's nodes.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._thread: _Thread | None = None
        self._ray: Any = None
        self._function: Any = None

    async def connect(self, function: Callable[..., None]) -> str:
        """Makes ready to have `function` run; gives the address at which nodes reach this one.

        Raises RayUnreachable.
        """
        where = f"RAY_ADDRESS {self._address}" if self._address else "a Ray of this worker's own"
        try:
            self._thread = _Thread()
            return await self._thread.run(lambda: self._connect(function), CONNECT_SECONDS)
        except TimeoutError:
            raise RayUnreachable(f"{where} did not answer in {CONNECT_SECONDS:g} s") from None
        except Exception as error:
            # Ray raises whatever its parts do.
            raise RayUnreachable(f"{where} cannot be used: {error}") from error

    def submit(self, name: str, *arguments: Any) -> Any:
        """Has the function run on some node; gives Ray's reference."""
        return self._function.options(name=name).remote(*arguments)

    def cancel(self, reference: Any) -> None:
        """Takes it out of Ray's queue, or kills the worker process that runs it."""
        with contextlib.suppress(Exception):  # it is over, or the cluster is
            self._ray.cancel(reference, force=True)

    async def disconnect(self) -> None:
        """Leaves; a cluster that was started here ends."""
        ray, self._ray = self._ray, None
        if ray is None or self._thread is None:
            return
        try:
            await self._thread.run(ray.shutdown, _LEAVE_SECONDS)
        except TimeoutError:
            _log.warning("ray.not_left: it did not answer in %g s", _LEAVE_SECONDS)

    def _connect(self, function: Callable[..., None]) -> str:
        if self._address:
            _knock(self._address)
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        # Known by name alone: types are checked with and without it installed.
        ray: Any = import_module("ray")
        own = {} if self._address else {"include_dashboard": False}
        ray.init(
            address=self._address or "local",
            namespace=_NAMESPACE,
            log_to_driver=False,
            configure_logging=False,
            **own,
        )
        self._ray = ray
        # What is lost is begun anew by us, who know what it said; Ray would not ask the fence.
        self._function = ray.remote(num_cpus=1, max_retries=0)(function)
        return str(ray.util.get_node_ip_address())


def _knock(address: str) -> None:
    """Raises OSError or ValueError at once for a wrong address, which Ray asks for minutes."""
    host, colon, port = address.rpartition(":")
    if not colon:
        raise ValueError("it is host and port, such as 10.0.0.1:6379")
    with socket.create_connection((host.strip("[]"), int(port)), _KNOCK_SECONDS):
        pass


class _Thread:
    """One thread for all that may block; the process does not wait for it at its end.

    It outlives its calls: a Ray that is started here ends with the thread that started it.
    """

    def __init__(self) -> None:
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        threading.Thread(target=self._work, name="ray", daemon=True).start()

    async def run(self, call: Callable[[], T], seconds: float) -> T:
        """What `call` gives; raises what it raises, and TimeoutError."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            try:
                tell = partial(_resolve, future, call())
            except BaseException as error:
                tell = partial(_fail, future, error)
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(tell)

        self._calls.put(work)
        async with asyncio.timeout(seconds):
            return await future

    def _work(self) -> None:
        while True:
            self._calls.get()()


def _resolve(future: "asyncio.Future[T]", result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[T]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
