"""`headrace db`: upgrade, backup and reset, with and without somebody at the database."""

import asyncio
import json
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from headrace.cli import database
from headrace.store import migrate
from headrace.store.backup import Backup
from headrace.store.migrate import HEAD
from tests.cli.test_run import SENTIMENT, SLOW, WAITING, some_messages
from tests.cli.typing import Home, wait_for
from tests.databases import Database, in_file

FILE = Path("data") / "db.test.sqlite3"


@pytest.fixture(name="database")
def file(tmp_path: Path) -> Database:
    """These tests are about the file."""
    return in_file(tmp_path / "data" / "db.test.sqlite3")


NEXT = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "9001", "{head}", None, None


def upgrade() -> None:
    op.execute("CREATE TABLE of_tomorrow (id INTEGER PRIMARY KEY)")
"""


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows}


class TestUpgrade:
    def test_a_database_is_made_where_there_is_none(self, home: Home) -> None:
        first = home.headrace("db", "upgrade")
        assert (first.returncode, first.stdout) == (0, f"{FILE}: made, at revision {HEAD}\n")
        again = home.headrace("db", "upgrade")
        assert again.stdout == f"{FILE}: at revision {HEAD} already\n"
        told = home.json("db", "upgrade")
        assert told == {"path": str(FILE), "from": HEAD, "to": HEAD}

    def test_migrations_that_are_due_are_applied_and_named(
        self, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        some_messages(home)
        run_id = home.json("run", SENTIMENT)["id"]
        newer = tmp_path / "newer"
        (newer / "versions").mkdir(parents=True)
        versions = [f"versions/{path.name}" for path in migrate.MIGRATIONS.glob("versions/*.py")]
        for part in ("env.py", "script.py.mako", *versions):
            (newer / part).write_text((migrate.MIGRATIONS / part).read_text())
        (newer / "versions" / "9001_tomorrow.py").write_text(NEXT.format(head=HEAD))
        monkeypatch.setattr(migrate, "MIGRATIONS", newer)
        monkeypatch.setattr(migrate, "HEAD", "9001")
        monkeypatch.setattr(database, "HEAD", "9001")
        result = home.headrace("db", "upgrade")
        assert result.stdout == f"{FILE}: upgraded from revision {HEAD} to 9001\n", result.stderr
        assert "of_tomorrow" in tables(home.folder / FILE)
        assert [run["id"] for run in home.json("runs")] == [run_id]

    def test_one_of_a_newer_version_is_left_alone(self, home: Home) -> None:
        home.headrace("db", "upgrade")
        with closing(sqlite3.connect(home.folder / FILE)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        result = home.headrace("db", "upgrade")
        assert (result.returncode, result.stdout) == (2, "")
        assert "a newer version wrote it" in result.stderr

    def test_a_file_that_is_no_database_is_named(self, home: Home) -> None:
        home.write(str(FILE), "not a database at all, and longer than a header" * 10)
        result = home.headrace("db", "upgrade")
        assert result.returncode == 2
        assert str(FILE) in result.stderr


class TestBackup:
    def test_a_backup_of_a_server_at_work_is_a_database_with_its_runs(self, home: Home) -> None:
        home.write("slow.py", SLOW)
        settings = {"PYTHON_MODULES": '["slow"]', "PYTHONPATH": str(home.folder)}
        server = home.serve(**settings)
        running = home.begin("run", home.write("waiting.yaml", WAITING), "--server", server.url)
        wait_for(running.stdout, "block_started")
        copied = home.headrace("db", "backup", "kept.test.sqlite3")
        assert copied.returncode == 0, copied.stderr
        assert copied.stdout.startswith("kept.test.sqlite3: ")
        (of_server,) = home.json("runs", "--server", server.url)
        assert of_server["status"] == "RUNNING"
        server.stop(signal.SIGKILL)
        running.kill()
        (of_copy,) = home.json("runs", SQLITE_PATH="kept.test.sqlite3")
        assert of_copy["id"] == of_server["id"]

    def test_without_a_name_it_is_dated_and_lies_beside_the_database(self, home: Home) -> None:
        home.headrace("db", "upgrade")
        told = home.json("db", "backup")
        path = home.folder / told["path"]
        assert path.parent == home.folder / "data"
        assert path.name.startswith("db.test.sqlite3.")
        assert (told["bytes"], told["revision"]) == (path.stat().st_size, HEAD)

    def test_a_file_that_is_there_is_never_replaced(self, home: Home) -> None:
        home.headrace("db", "upgrade")
        kept = home.write("kept", "mine")
        result = home.headrace("db", "backup", kept)
        assert (result.returncode, result.stdout) == (2, "")
        assert "never replaces a file" in result.stderr
        assert kept.read_text() == "mine"

    def test_without_a_database_there_is_no_backup(self, home: Home) -> None:
        result = home.headrace("db", "backup", "copy")
        assert result.returncode == 2
        assert f"there is no database at {FILE}" in result.stderr
        assert os.listdir(home.folder) == []

    async def test_ctrl_c_waits_until_the_half_copy_is_gone(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Else the process could end in the middle of it and leave the half."""
        begun, cleared = asyncio.Event(), threading.Event()
        loop = asyncio.get_running_loop()

        def back_up(source: Path, target: Path | None, stopped: Callable[[], bool]) -> Backup:
            loop.call_soon_threadsafe(begun.set)
            while not stopped():
                threading.Event().wait(0.001)
            cleared.set()
            raise KeyError

        monkeypatch.setattr(database, "back_up", back_up)
        working = database.back_up_database(tmp_path / "db", None, as_json=False)
        copying = asyncio.create_task(working)
        await begun.wait()
        copying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await copying
        assert cleared.is_set()


class TestReset:
    @pytest.fixture
    def full(self, home: Home) -> Home:
        some_messages(home)
        home.headrace("run", SENTIMENT)
        return home

    def test_nobody_is_asked_where_nobody_is(self, full: Home) -> None:
        result = full.headrace("db", "reset")
        assert (result.returncode, result.stdout) == (2, "")
        assert "say --yes" in result.stderr
        assert len(full.json("runs")) == 1

    def test_yes_deletes_it_and_leaves_an_empty_one(self, full: Home) -> None:
        result = full.headrace("db", "reset", "--yes")
        assert result.returncode == 0, result.stderr
        assert result.stdout == (
            f"{FILE}: deleted 1 pipeline and 1 run; empty now, at revision {HEAD}\n"
        )
        assert full.json("runs") == []
        assert full.json("run", SENTIMENT)["status"] == "SUCCEEDED"
        assert full.json("db", "reset", "--yes") == {
            "path": str(FILE),
            "pipelines": 1,
            "runs": 1,
            "damaged": False,
            "revision": HEAD,
        }

    @pytest.mark.parametrize(("answer", "left"), [(b"y\n", 0), (b"n\n", 1), (b"\n", 1)])
    def test_a_person_is_asked_first(self, full: Home, answer: bytes, left: int) -> None:
        with full.asked("db", "reset") as (process, question, keyboard):
            assert question.startswith(f"Delete {FILE} with 1 pipeline and 1 run?")
            os.write(keyboard, answer)
            process.communicate(timeout=60)
            assert process.returncode == (2 if left else 0)
        assert len(full.json("runs")) == left

    @pytest.mark.parametrize("arguments", [("serve", "--no-worker", "--port", "0"), ("worker",)])
    def test_a_server_or_a_worker_that_has_it_open_is_in_the_way(
        self, full: Home, arguments: tuple[str, ...]
    ) -> None:
        process = full.begin(*arguments)
        wait_for(process.stderr, ".up")
        result = full.headrace("db", "reset", "--yes")
        assert (result.returncode, result.stdout) == (2, "")
        assert "is in use: stop every server, worker" in result.stderr
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert len(full.json("runs")) == 1
        assert full.headrace("db", "reset", "--yes").returncode == 0

    def test_whoever_is_killed_is_in_the_way_no_more(self, full: Home) -> None:
        full.serve().stop(signal.SIGKILL)
        assert full.headrace("db", "reset", "--yes").returncode == 0
        assert full.json("runs") == []

    def test_another_tool_that_has_it_open_is_in_the_way(self, full: Home) -> None:
        with closing(sqlite3.connect(full.folder / FILE)) as shell:
            shell.execute("PRAGMA journal_mode = WAL")
            shell.execute("SELECT count(*) FROM runs").fetchone()
            result = full.headrace("db", "reset", "--yes")
        assert result.returncode == 2
        assert "is in use" in result.stderr
        assert len(full.json("runs")) == 1

    def test_a_damaged_database_can_be_reset(self, full: Home) -> None:
        file = full.folder / FILE
        with file.open("r+b") as bytes_:
            bytes_.seek(100)
            bytes_.write(b"\xff" * 3996)
        assert full.json("db", "reset", "--yes")["damaged"] is True
        assert full.json("runs") == []

    def test_what_is_not_headraces_is_never_deleted(self, home: Home) -> None:
        text = home.write(str(FILE), "not a database at all")
        result = home.headrace("db", "reset", "--yes")
        assert (result.returncode, "is no database" in result.stderr) == (2, True)
        assert text.read_text() == "not a database at all"
        text.unlink()
        with closing(sqlite3.connect(text)) as foreign, foreign:
            foreign.execute("CREATE TABLE recipes (name TEXT)")
        result = home.headrace("db", "reset", "--yes")
        assert (result.returncode, "somebody else's" in result.stderr) == (2, True)
        assert tables(text) == {"recipes"}

    def test_where_nothing_is_there_is_an_empty_one_after(self, home: Home) -> None:
        result = home.headrace("db", "reset")
        assert result.returncode == 0, result.stderr
        assert json.loads(home.headrace("runs", "--json").stdout) == []
