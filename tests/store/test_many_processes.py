"""Several processes on one file: each gets its turn, none sees "locked", hints arrive."""

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from headrace.live.wakeups import WakeUps
from headrace.store.database import Store
from headrace.store.hints import Hints
from headrace.store.postgres.server import Server
from tests.databases import POSTGRESQL, Database
from tests.store.remembering import remember

PROCESSES = 5
COMMITS = 150


def start_writer(database: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.writing_process", str(database), str(COMMITS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def test_five_processes_write_in_turns_and_none_is_starved(tmp_path: Path) -> None:
    """Breaks when turns are unfair: the starved one's longest wait is then that of all the
    others.
    """
    database = tmp_path / "db.sqlite3"
    await (await Store.open(database)).close()
    writers = [start_writer(database) for _ in range(PROCESSES)]
    for writer in writers:
        assert writer.stdout is not None
        assert await asyncio.to_thread(writer.stdout.readline) == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    said = [await asyncio.to_thread(writer.communicate) for writer in writers]
    errors = "".join(error for _, error in said)
    assert "locked" not in errors
    assert [writer.returncode for writer in writers] == [0] * PROCESSES, errors
    found = [json.loads(out) for out, _ in said]
    assert [each["commits"] for each in found] == [COMMITS] * PROCESSES
    with sqlite3.connect(database) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM memo").fetchone()
    assert rows == PROCESSES * COMMITS


async def test_a_commit_in_one_process_is_told_to_the_others(database: Database) -> None:
    one, two = await database.open(), await database.open()
    first, second = WakeUps(one), WakeUps(two)
    loop = asyncio.get_running_loop()
    listening, poked = loop.create_future(), loop.create_future()
    if database.is_file:
        listening.set_result(None)

    def hinted(hints: Hints) -> None:
        if hints.everything and not listening.done():
            listening.set_result(None)
        if hints.workers and not poked.done():
            poked.set_result(hints)

    second.listen(hinted)
    async with asyncio.timeout(60):
        await listening
        await one.write(lambda tx: setattr(tx.hints, "workers", True))
        told = await poked
    assert not told.everything
    for wakeups, store in ((first, one), (second, two)):
        await wakeups.close()
        await store.close()


@pytest.mark.parametrize("database", [POSTGRESQL], indirect=True)
async def test_who_lost_the_connection_that_tells_is_told_to_look_at_everything(
    database: Database,
) -> None:
    store = await database.open()
    wakeups = WakeUps(store)
    looks: asyncio.Queue[Hints] = asyncio.Queue()
    wakeups.listen(looks.put_nowait)
    async with asyncio.timeout(60):
        assert (await looks.get()).everything  # it listens
        connection = await Server(str(database.where)).connect()
        await connection.execute(_END_LISTENERS)
        await connection.close()
        assert (await looks.get()).everything
        await store.write(lambda tx: setattr(tx.hints, "workers", True))
        assert (await looks.get()).workers
    await wakeups.close()
    await store.close()


_END_LISTENERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE 'LISTEN%'
"""


async def test_a_lost_poke_is_made_good_by_a_look_at_the_file(tmp_path: Path) -> None:
    watcher, other = await Store.open(tmp_path / "db"), await Store.open(tmp_path / "db")
    found = asyncio.get_running_loop().create_future()

    def hinted(hints: Hints) -> None:
        if hints.everything and not found.done():
            found.set_result(None)

    watcher.listen(hinted)
    await other.write(partial(remember, items={"a": 1}))
    async with asyncio.timeout(60):
        await found
    await watcher.close()
    await other.close()


async def test_a_socket_of_a_dead_process_is_known_for_dead() -> None:
    # Beside a database whose path is too long for a socket the folder would be elsewhere.
    with TemporaryDirectory(prefix="headrace-") as folder:
        await _dead_is_told_from_living(Path(folder))


async def _dead_is_told_from_living(folder: Path) -> None:
    store = await Store.open(folder / "db")
    wakeups = WakeUps(store)
    assert wakeups.address is not None
    dead = str(folder / "db.sockets" / "dead")
    dying = await asyncio.create_subprocess_exec(sys.executable, "-c", _BIND_AND_DIE, dead)
    assert await dying.wait() == -signal.SIGKILL
    assert wakeups.gone("dead")
    assert not wakeups.gone(wakeups.address)
    assert not wakeups.gone("never-there")
    await wakeups.close()
    await store.close()


_BIND_AND_DIE = """
import os, signal, socket, sys
one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
one.bind(sys.argv[1])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("hints_come", [False, True])
async def test_a_commit_that_nobody_tells_of_is_found(tmp_path: Path, hints_come: bool) -> None:
    """A process that is killed between its commit and its hint, or a tool that knows no hints."""
    file = tmp_path / "db.sqlite3"
    store = await Store.open(file)
    found: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def hinted(hints: Hints) -> None:
        if hints.everything and not found.done():
            found.set_result(None)

    store.listen(hinted)
    if hints_come:
        store.hints_come()
        store.stir()
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO memo (key, value, created_at) VALUES ('k', '1', 0)")
    async with asyncio.timeout(60):
        await found
    await store.close()
