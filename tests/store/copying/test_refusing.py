"""What is no fit source or target is left alone, and told why."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from headrace.store.copying.copy import COPYING, copy_database
from headrace.store.database import Store
from headrace.store.errors import CopyFailed, DatabaseInUse, SchemaTooNew, StoreUnavailable
from headrace.store.postgres import copy_target
from headrace.store.postgres.server import Server
from tests.store.copying.filling import in_file, on_server, tables_of
from tests.store.copying.looking import ask, at, change
from tests.store.test_migrations import migrate


async def test_a_target_that_is_not_empty_is_told_with_what_it_holds(file: Path, bare: str) -> None:
    await copy_database(file, bare)
    before = await on_server(bare)
    with pytest.raises(CopyFailed, match=r"not empty, but holds .*\(5\).* and \d+ more"):
        await copy_database(file, bare)
    assert await on_server(bare) == before


async def test_tables_of_somebody_elses_are_left_alone(file: Path, bare: str) -> None:
    await ask(bare, "CREATE TABLE runs (kilometres INTEGER)")
    with pytest.raises(CopyFailed, match=r"somebody else's with our names \(runs\)"):
        await copy_database(file, bare)
    assert await tables_of(bare) == {"runs"}


async def test_a_target_of_a_newer_headrace_is_refused(file: Path, bare: str) -> None:
    await (await Store.open(bare)).close()
    await ask(bare, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew, match="9999"):
        await copy_database(file, bare)


async def test_whoever_has_the_target_open_is_in_the_way(file: Path, bare: str) -> None:
    store = await Store.open(bare)
    async with store.snapshot() as snapshot:
        await snapshot.moment()
        with pytest.raises(DatabaseInUse, match="is in use: stop every server and worker"):
            await copy_database(file, bare)
    await store.close()
    await copy_database(file, bare)


async def test_a_tool_that_holds_a_lock_on_the_target_is_in_the_way(
    file: Path, bare: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await Store.open(bare)).close()
    monkeypatch.setattr(copy_target, "_PATIENCE", "SET LOCAL lock_timeout = '20ms'")
    tool = await asyncpg.connect(bare.replace("+asyncpg", ""))
    async with tool.transaction():
        await tool.execute("LOCK TABLE events IN ROW EXCLUSIVE MODE")
        with pytest.raises(DatabaseInUse, match="in use by another tool"):
            await copy_database(file, bare)
    await tool.close()
    await copy_database(file, bare)


async def test_whoever_has_the_file_open_is_in_the_way(file: Path, bare: str) -> None:
    store = await Store.open(file)
    with pytest.raises(DatabaseInUse, match="is in use: stop every server and worker"):
        await copy_database(file, bare)
    await store.close()
    assert await tables_of(bare) == set()
    await copy_database(file, bare)


async def test_nobody_can_open_the_file_meanwhile(file: Path, bare: str) -> None:
    """What they wrote would be lost: they wait, and find the file as it was."""
    opened: list[asyncio.Task[Store]] = []
    seen: list[bool] = []

    def told(*_: object) -> None:
        if not opened:
            opened.append(asyncio.create_task(Store.open(file)))
        seen.append(opened[0].done())

    await copy_database(file, bare, told)
    assert not any(seen)
    await (await opened[0]).close()


async def test_whoever_comes_to_a_server_that_is_copied_undoes_the_copy(
    bare: str, tmp_path: Path
) -> None:
    await (await Store.open(bare)).close()
    back = tmp_path / "back.sqlite3"
    await ask(bare, "INSERT INTO memo VALUES ('k', 'v', 1)")
    there, over = threading.Event(), threading.Event()

    async def come() -> None:
        connection = await Server(bare).connect()
        there.set()
        await asyncio.to_thread(over.wait, 60)
        await connection.close()

    comer = threading.Thread(target=lambda: asyncio.run(come()))

    def comes() -> None:
        comer.start()
        there.wait(60)

    with pytest.raises(DatabaseInUse, match="is in use"):
        await copy_database(bare, back, at(COPYING, "memo", comes))
    over.set()
    await asyncio.to_thread(comer.join)
    assert not list(tmp_path.glob("back*"))


async def test_a_worker_of_a_server_that_may_live_is_waited_for(bare: str, tmp_path: Path) -> None:
    await (await Store.open(bare)).close()
    lease = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint + 600000"
    await ask(
        bare,
        "INSERT INTO workers VALUES ('w', 'moss', 'h', 1, '0', 'ACTIVE', 1, NULL,"
        f" 'postgresql', {lease}, 1, 1, NULL)",
    )
    with pytest.raises(DatabaseInUse, match=r"worker moss may still .* \d+ s more"):
        await copy_database(bare, tmp_path / "back.sqlite3")
    await ask(bare, "UPDATE workers SET lease_until = 1")
    await copy_database(bare, tmp_path / "back.sqlite3")
    assert in_file(tmp_path / "back.sqlite3")["workers"][0][5] == "LOST"


async def test_an_older_source_is_told_how_to_come_up_to_date(tmp_path: Path, bare: str) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, "0003")
    with pytest.raises(CopyFailed, match=r"at revision 0003 .*headrace db upgrade"):
        await copy_database(path, bare)
    await (await Store.open(path)).close()
    await copy_database(path, bare)


async def test_what_is_no_database_of_ours_is_no_source(tmp_path: Path, bare: str) -> None:
    path = tmp_path / "notes.txt"
    with pytest.raises(CopyFailed, match="there is no database at"):
        await copy_database(path, bare)
    path.write_text("not a database at all, and longer than a header" * 10)
    with pytest.raises(StoreUnavailable, match=r"notes\.txt: file is not a database"):
        await copy_database(path, bare)
    path.unlink()
    change(path, "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(CopyFailed, match="no database of Headrace's"):
        await copy_database(path, bare)
    with pytest.raises(CopyFailed, match="no database of Headrace's"):
        await copy_database(bare, tmp_path / "new.sqlite3")
    assert not list(tmp_path.glob("new*"))


async def test_a_damaged_file_is_named(file: Path, bare: str) -> None:
    size = file.stat().st_size
    with file.open("r+b") as bytes_:
        bytes_.seek(size - 8192)
        bytes_.write(b"\xff" * 8192)
    with pytest.raises((CopyFailed, StoreUnavailable), match=r"db\.sqlite3"):
        await copy_database(file, bare)
    assert await tables_of(bare) == set()


async def test_a_server_that_cannot_be_reached_is_named_without_the_password(file: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"me@127\.0\.0\.1:9/nowhere: .*Connect") as told:
        await copy_database(file, "postgresql+asyncpg://me:s3cret@127.0.0.1:9/nowhere")
    assert "s3cret" not in str(told.value)


async def test_a_user_without_the_right_to_make_tables_is_told_so(
    file: Path, bare: str, poor: str
) -> None:
    words = r"permission denied for schema public \(its user must be allowed to create tables"
    with pytest.raises(StoreUnavailable, match=words):
        await copy_database(file, poor)
    with pytest.raises(StoreUnavailable, match=words):
        await Store.open(poor)


@pytest.mark.parametrize("ending", ["", "-wal"])
async def test_a_file_that_is_there_is_never_replaced(
    bare: str, tmp_path: Path, ending: str
) -> None:
    await (await Store.open(bare)).close()
    (tmp_path / f"kept{ending}").write_text("mine")
    with pytest.raises(CopyFailed, match=f"kept{ending} is there already"):
        await copy_database(bare, tmp_path / "kept")
    assert (tmp_path / f"kept{ending}").read_text() == "mine"
    with pytest.raises(CopyFailed, match="there is no folder"):
        await copy_database(bare, tmp_path / "nowhere" / "new")


@pytest.fixture
async def poor(bare: str) -> Any:
    """Its address for a user who may connect and no more."""
    name = bare.rpartition("/")[2]
    await ask(bare, f"CREATE ROLE {name} LOGIN")
    await ask(bare, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    yield bare.replace("postgres@", f"{name}@")
    await ask(bare, f"DROP ROLE {name}")
