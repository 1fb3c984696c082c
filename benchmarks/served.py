"""`headrace serve` as people run it: a process and a folder of its own, and a free port.

Invariants: it hears nothing of the surrounding settings; it is ended by its own pid, and nothing
of it is left when `serve` returns. Folders stay until the whole benchmark is over: a file system
makes files slowly for a while after thousands were removed.
"""

import asyncio
import json
import os
import re
import sys
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

from benchmarks.shapes import FUNCTIONS

PROJECT = Path(__file__).resolve().parent.parent
HEADRACE = Path(sys.executable).with_name("headrace")
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
_UP = re.compile(r"serve\.up .*url=(\S+)")
_UP_SECONDS = 30.0
_STOP_SECONDS = 20.0
_TAIL = 20
_NONE: Mapping[str, str] = {}


class ServerFailed(Exception):
    """It did not come up; the message ends with what it said."""


class Served:
    """A server that is up. `spawned_at` is of `perf_counter`, just before the process was made."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path, spawned: float) -> None:
        self.process = process
        self.folder = folder
        self.spawned_at = spawned
        self.url = ""
        self._tail: deque[str] = deque(maxlen=_TAIL)
        self._reading: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def database(self) -> Path:
        return self.folder / "data" / "db.sqlite3"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    async def wait_until_up(self) -> None:
        """Returns when it says where it listens. Raises ServerFailed."""
        assert self.process.stderr is not None
        try:
            async with asyncio.timeout(_UP_SECONDS):
                async for line in self.process.stderr:
                    text = line.decode(errors="replace").rstrip()
                    self._tail.append(text)
                    if found := _UP.search(text):
                        self.url = found[1]
                        break
        except TimeoutError:
            self._tail.append(f"(nothing more within {_UP_SECONDS:g} s)")
        if not self.url:
            raise ServerFailed("headrace serve did not come up:\n" + "\n".join(self._tail))
        self._reading = asyncio.create_task(self._read_on(), name="server-stderr")

    async def stop(self) -> None:
        if self.process.returncode is None:
            self.process.terminate()
            try:
                async with asyncio.timeout(_STOP_SECONDS):
                    await self.process.wait()
            except TimeoutError:
                self.process.kill()
                await self.process.wait()
        if self._reading is not None:
            await self._reading

    async def _read_on(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            text = line.decode(errors="replace").rstrip()
            self._tail.append(text)
            if " ERROR " in text or " CRITICAL " in text:
                print(f"server: {text}", file=sys.stderr)


def environment(folder: Path) -> dict[str, str]:
    """Settings of a fresh installation in `folder`; only what blocks may call is said."""
    data = folder / "data"
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "PYTHONPATH": str(PROJECT),
        "PORT": "0",
        "DATA_DIR": str(data),
        "ARTIFACTS_DIR": str(data / "artifacts"),
        "SQLITE_PATH": str(data / "db.sqlite3"),
        "PYTHON_MODULES": json.dumps([FUNCTIONS]),
    }


@asynccontextmanager
async def serve(
    folder: Path, settings: Mapping[str, str] = _NONE, *arguments: str
) -> AsyncIterator[Served]:
    """A server over `folder`, which is made. Raises ServerFailed."""
    folder.mkdir(parents=True)
    spawned = perf_counter()
    process = await asyncio.create_subprocess_exec(
        HEADRACE,
        "serve",
        *arguments,
        cwd=folder,
        env={**environment(folder), **settings},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    served = Served(process, folder, spawned)
    try:
        await served.wait_until_up()
        yield served
    finally:
        await served.stop()
