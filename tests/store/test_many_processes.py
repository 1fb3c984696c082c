"""Several processes on one file: each gets its turn, none sees "locked", hints arrive."""

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path

from headrace.live.wakeups import WakeUps
from headrace.store.database import Store
from headrace.store.hints import Hints
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


async def test_a_commit_in_one_process_pokes_the_others(tmp_path: Path) -> None:
    one, two = await Store.open(tmp_path / "db"), await Store.open(tmp_path / "db")
    first, second = WakeUps(one), WakeUps(two)
    poked = asyncio.get_running_loop().create_future()

    def hinted(hints: Hints) -> None:
        if hints.workers and not poked.done():
            poked.set_result(None)

    second.listen(hinted)
    await one.write(lambda tx: setattr(tx.hints, "workers", True))
    async with asyncio.timeout(10):
        await poked
    for wakeups, store in ((first, one), (second, two)):
        wakeups.close()
        await store.close()


async def test_a_lost_poke_is_made_good_by_a_look_at_the_file(tmp_path: Path) -> None:
    watcher, other = await Store.open(tmp_path / "db"), await Store.open(tmp_path / "db")
    found = asyncio.get_running_loop().create_future()

    def hinted(hints: Hints) -> None:
        if hints.everything and not found.done():
            found.set_result(None)

    watcher.listen(hinted)
    await other.write(partial(remember, items={"a": 1}))
    async with asyncio.timeout(10):
        await found
    await watcher.close()
    await other.close()


async def test_a_socket_of_a_dead_process_is_known_for_dead(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "db")
    wakeups = WakeUps(store)
    assert wakeups.address is not None
    dead = str(tmp_path / "db.sockets" / "dead")
    dying = await asyncio.create_subprocess_exec(sys.executable, "-c", _BIND_AND_DIE, dead)
    assert await dying.wait() == -signal.SIGKILL
    assert wakeups.gone("dead")
    assert not wakeups.gone(wakeups.address)
    assert not wakeups.gone("never-there")
    wakeups.close()
    await store.close()


_BIND_AND_DIE = """
import os, signal, socket, sys
one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
one.bind(sys.argv[1])
os.kill(os.getpid(), signal.SIGKILL)
"""
