"""`headrace db` where DATABASE_URL names PostgreSQL."""

import asyncio
import contextlib
import os
import pty
import signal
import subprocess
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from headrace.store.migrate import HEAD
from tests.cli.test_database import FILE
from tests.cli.test_run import SENTIMENT, some_messages
from tests.cli.typing import COMMAND, Home
from tests.databases import Database, in_file
from tests.system.postgres import Postgres


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """None yet: `address` is that of a bare one."""
    return in_file(tmp_path / "data" / "db.test.sqlite3")


@pytest.fixture
def address(postgres: Postgres, monkeypatch: pytest.MonkeyPatch, home: Home) -> str:
    """Of a database without tables, which the commands in `home` use."""
    bare = postgres.bare()
    monkeypatch.setenv("TEST_DATABASE_URL", bare.replace("postgres@", "postgres:s3cret@"))
    return bare


@pytest.fixture
def bare(postgres: Postgres) -> str:
    """The address of a database without tables, which no setting names."""
    return postgres.bare()


@pytest.fixture
def full_file(home: Home) -> Home:
    """With one run in its file."""
    some_messages(home)
    home.json("run", SENTIMENT)
    return home


@pytest.fixture
def full(home: Home, address: str) -> Home:
    """With one run in it."""
    some_messages(home)
    home.json("run", SENTIMENT)
    return home


def ask(address: str, text: str) -> Any:
    async def asked() -> Any:
        connection = await asyncpg.connect(address.replace("+asyncpg", ""))
        try:
            return await connection.fetchval(text)
        finally:
            await connection.close()

    return asyncio.run(asked())


def test_a_database_is_made_and_its_password_not_shown(home: Home, address: str) -> None:
    name = address.replace("+asyncpg", "")
    first = home.headrace("db", "upgrade")
    assert (first.returncode, first.stdout) == (0, f"{name}: made, at revision {HEAD}\n")
    assert home.json("db", "upgrade") == {"url": name, "from": HEAD, "to": HEAD}


def test_a_backup_is_left_to_the_tool_of_its_own(home: Home, address: str) -> None:
    result = home.headrace("db", "backup")
    assert (result.returncode, result.stdout) == (2, "")
    name = address.replace("+asyncpg", "")
    assert f"pg_dump --format=custom --file=headrace.dump {name}" in result.stderr
    assert "s3cret" not in result.stderr


def test_a_file_is_copied_to_it_and_back(full_file: Home, bare: str) -> None:
    name = bare.replace("+asyncpg", "")
    (run,) = full_file.json("runs")
    result = full_file.headrace("db", "copy", "--to", bare.replace("postgres@", "postgres:s3cret@"))
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["table", "rows"]
    assert ["runs", "1"] in [line.split() for line in lines]
    assert lines[-1].startswith(f"{name}: ")
    assert f"copied from {FILE} and compared" in lines[-1]
    assert "Set DATABASE_URL to it" in result.stderr
    assert "s3cret" not in result.stdout + result.stderr
    on_server = {"TEST_DATABASE_URL": bare}
    assert full_file.json("runs", **on_server) == [run]
    told = full_file.json("db", "copy", "--to", "back.test.sqlite3", **on_server)
    assert (told["from"], told["to"], told["revision"]) == (name, "back.test.sqlite3", HEAD)
    assert told["tables"]["runs"]["rows"] == 1
    assert len(told["tables"]["runs"]["digest"]) == 32
    assert told["rows"] == sum(table["rows"] for table in told["tables"].values())
    assert told["seconds"] > 0
    assert full_file.json("runs", SQLITE_PATH="back.test.sqlite3") == [run]


def test_a_copy_is_to_the_other_kind_and_the_target_is_named_well(
    full_file: Home, bare: str
) -> None:
    def refusal(to: str, **settings: str) -> str:
        result = full_file.headrace("db", "copy", "--to", to, **settings)
        assert (result.returncode, result.stdout) == (2, "")
        return result.stderr

    assert "headrace db backup copies files" in refusal("copy.sqlite3")
    assert "DATABASE_URL= headrace db copy" in refusal(bare, TEST_DATABASE_URL=bare)
    for wrong in ("mysql://me:s3cret@host/name", "postgresql://me:s3cret@host"):
        told = refusal(wrong)
        assert "--to wants an address like postgresql+asyncpg://user@host/name" in told
        assert "s3cret" not in told
    assert full_file.headrace("db", "copy").returncode == 2


def test_a_server_is_in_the_way_of_a_copy_until_it_is_gone(full_file: Home, bare: str) -> None:
    server = full_file.serve()
    result = full_file.headrace("db", "copy", "--to", bare)
    assert (result.returncode, "is in use: stop every server" in result.stderr) == (2, True)
    server.stop(signal.SIGKILL)
    assert full_file.headrace("db", "copy", "--to", bare).returncode == 0


def test_at_a_terminal_the_copy_is_watched(full_file: Home, bare: str) -> None:
    terminal, side = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "db", "copy", "--to", bare],
        cwd=full_file.folder,
        stdout=subprocess.PIPE,
        stderr=side,
    )
    os.close(side)
    shown = b""
    with contextlib.suppress(OSError):  # the end of a terminal
        while read := os.read(terminal, 4_096):
            shown += read
    os.close(terminal)
    process.communicate(timeout=60)
    assert process.returncode == 0, shown
    assert b"inline_data" in shown


def test_a_reset_says_what_goes_and_leaves_an_empty_one(full: Home, address: str) -> None:
    refused = full.headrace("db", "reset")
    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)
    assert len(full.json("runs")) == 1
    name = address.replace("+asyncpg", "")
    assert full.json("db", "reset", "--yes") == {
        "url": name,
        "pipelines": 1,
        "runs": 1,
        "damaged": False,
        "revision": HEAD,
    }
    assert full.json("runs") == []


def test_a_server_is_in_the_way_of_a_reset_until_it_is_gone(full: Home) -> None:
    server = full.serve()
    result = full.headrace("db", "reset", "--yes")
    assert (result.returncode, "is in use" in result.stderr) == (2, True)
    assert len(full.json("runs")) == 1
    server.stop(signal.SIGKILL)
    assert full.headrace("db", "reset", "--yes").returncode == 0


def test_tables_of_somebody_elses_are_never_dropped(home: Home, address: str) -> None:
    ask(address, "CREATE TABLE runs (kilometres INTEGER)")
    result = home.headrace("db", "reset", "--yes")
    assert (result.returncode, "somebody else's" in result.stderr) == (2, True)
    assert ask(address, "SELECT count(*) FROM runs") == 0
