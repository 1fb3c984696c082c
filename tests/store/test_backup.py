"""A backup is of one moment, whole or not there, and never in another file's place."""

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from headrace.store import backup
from headrace.store.attempt_notes import record_memos
from headrace.store.backup import back_up
from headrace.store.claims import Claim
from headrace.store.database import Store
from headrace.store.errors import BackupFailed
from headrace.store.migrate import HEAD
from headrace.store.transaction import Transaction

ROWS = 200


@pytest.fixture(autouse=True)
def _page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "PAGES_AT_ONCE", 1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A store with a few hundred rows over many pages."""
    opened = await Store.open(tmp_path / "data" / "db.sqlite3")
    await opened.write(answers("early"))
    yield opened
    await opened.close()


def path_of(store: Store) -> Path:
    assert store.path is not None
    return store.path


def answers(word: str) -> Callable[[Transaction], None]:
    def write(tx: Transaction) -> None:
        items = {f"{word}{number}": "x" * 500 for number in range(ROWS)}
        record_memos(tx, Claim("run_none", 0, 1, "wrk_none"), items, [], 1)

    return write


def rows_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (count,) = connection.execute("SELECT count(*) FROM memo").fetchone()
    return int(count)


async def test_writers_go_on_meanwhile_and_the_copy_is_of_the_moment_it_began_at(
    store: Store, tmp_path: Path
) -> None:
    """Without the one read transaction each foreign commit would make the copy begin anew."""
    loop = asyncio.get_running_loop()
    steps = 0

    def write_meanwhile() -> bool:
        nonlocal steps
        steps += 1
        if steps in {2, 5}:
            done = asyncio.run_coroutine_threadsafe(_write(store, f"late{steps}-"), loop)
            done.result(30)
        return False

    target = tmp_path / "copy.sqlite3"
    made = await asyncio.to_thread(back_up, path_of(store), target, write_meanwhile)
    assert steps > 5
    assert (made.path, made.bytes, made.revision) == (target, target.stat().st_size, HEAD)
    assert rows_in(target) == ROWS
    assert rows_in(path_of(store)) == 3 * ROWS
    assert sorted(os.listdir(tmp_path)) == ["copy.sqlite3", "data"]
    assert target.stat().st_mode & 0o077 == 0


async def _write(store: Store, word: str) -> None:
    await store.write(answers(word))


async def test_a_backup_opens_like_any_database(store: Store, tmp_path: Path) -> None:
    made = await asyncio.to_thread(back_up, path_of(store), tmp_path)
    assert made.path.parent == tmp_path
    again = await Store.open(made.path)
    assert again.found_revision == HEAD
    await again.close()


async def test_a_backup_beside_the_database_has_a_name_that_begins_like_it(store: Store) -> None:
    made = await asyncio.to_thread(back_up, path_of(store), None)
    assert made.path.name.startswith("db.sqlite3.")
    assert made.path.parent == path_of(store).parent


async def test_one_that_is_stopped_leaves_nothing(store: Store, tmp_path: Path) -> None:
    asked = threading.Event()

    def stopped() -> bool:
        assert list(tmp_path.glob("copy.*.partial")), "it grows under another name"
        was_asked = asked.is_set()
        asked.set()
        return was_asked

    with pytest.raises(BackupFailed, match="stopped"):
        await asyncio.to_thread(back_up, path_of(store), tmp_path / "copy", stopped)
    assert os.listdir(tmp_path) == ["data"]


async def test_a_file_that_is_there_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_text("mine")
    with pytest.raises(BackupFailed, match="never replaces"):
        back_up(path_of(store), target)
    assert target.read_text() == "mine"
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(BackupFailed, match="never replaces"):
        back_up(path_of(store), dangling)
    assert not (tmp_path / "nowhere").exists()


async def test_a_file_that_appears_meanwhile_stays_too(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "kept"

    def somebody_else_writes() -> bool:
        target.write_text("mine")
        return False

    with pytest.raises(BackupFailed, match="never replaces"):
        await asyncio.to_thread(back_up, path_of(store), target, somebody_else_writes)
    assert target.read_text() == "mine"
    assert sorted(os.listdir(tmp_path)) == ["data", "kept"]


def test_what_cannot_be_backed_up_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="no database at"):
        back_up(tmp_path / "none", tmp_path / "copy")
    foreign = tmp_path / "notes.txt"
    foreign.write_text("not a database at all, and longer than a header" * 10)
    with pytest.raises(BackupFailed, match="not a database"):
        back_up(foreign, tmp_path / "copy")
    with pytest.raises(BackupFailed, match="no folder"):
        back_up(foreign, tmp_path / "away" / "copy")
    assert os.listdir(tmp_path) == ["notes.txt"]
