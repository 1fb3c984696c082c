"""Whatever ends a copy half-way, nothing of it stays, and the next one works."""

import asyncio
import sys
from pathlib import Path

import pytest

from headrace.store.copying.copy import CHECKING, copy_database
from headrace.store.database import Store
from headrace.store.errors import CopyFailed, StoreUnavailable
from tests.store.copying.filling import in_file, on_server, tables_of
from tests.store.copying.looking import as_copied, ask, at, change
from tests.store.postgres.crossing import Crossing
from tests.system.postgres import in_thread

SLOW = """
import asyncio, sys
from pathlib import Path
from headrace.store.copying.copy import copy_database

def told(doing, table, rows, of):
    if (doing, table) == ("checking", "events"):
        print("half-way", flush=True)
        sys.stdin.read()

asyncio.run(copy_database(Path(sys.argv[1]), sys.argv[2], told))
"""


async def test_a_row_that_refers_to_nothing_is_named(file: Path, bare: str) -> None:
    change(file, "INSERT INTO inline_data VALUES ('gone', x'00')")
    with pytest.raises(CopyFailed, match=r"rows of inline_data .*\(artifact_id\)=\(gone\)"):
        await copy_database(file, bare)
    assert await tables_of(bare) == set()
    change(file, "DELETE FROM inline_data WHERE artifact_id = 'gone'")
    await copy_database(file, bare)
    assert await on_server(bare) == as_copied(in_file(file))


async def test_a_value_that_no_server_can_hold_is_named_with_its_row(file: Path, bare: str) -> None:
    change(file, "UPDATE memo SET created_at = 'yesterday' WHERE key = 'key 3'")
    with pytest.raises(CopyFailed, match=r"a row of memo .*\{'key': 'key 3'\}"):
        await copy_database(file, bare)
    assert await tables_of(bare) == set()


async def test_what_does_not_come_back_as_it_went_is_not_kept(file: Path, bare: str) -> None:
    await (await Store.open(bare)).close()
    await ask(
        bare,
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.message := NEW.message || '!'; RETURN NEW; END $$",
    )
    await ask(
        bare,
        "CREATE TRIGGER spoil BEFORE INSERT ON log_lines FOR EACH ROW EXECUTE FUNCTION spoil()",
    )
    with pytest.raises(CopyFailed, match="does not hold what was written: of log_lines 5 rows"):
        await copy_database(file, bare)
    assert not any((await on_server(bare)).values())


@pytest.mark.parametrize("back", [False, True])
async def test_ctrl_c(file: Path, bare: str, tmp_path: Path, back: bool) -> None:
    source: Path | str = file
    target: Path | str = bare
    if back:
        await copy_database(file, bare)
        source, target = bare, tmp_path / "back.sqlite3"
    working = asyncio.create_task(
        copy_database(source, target, at(CHECKING, "events", lambda: working.cancel("Ctrl-C")))
    )
    with pytest.raises(asyncio.CancelledError):
        await working
    assert not list(tmp_path.glob("back*"))
    assert back or await tables_of(bare) == set()
    await copy_database(source, target)


async def test_a_server_that_goes_away(file: Path, bare: str) -> None:
    gone = (
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'headrace'"
    )
    going = at(CHECKING, "events", lambda: in_thread(ask(bare, gone)))
    with pytest.raises(StoreUnavailable, match="nothing is copied"):
        await copy_database(file, bare, going)
    assert await tables_of(bare) == set()
    await copy_database(file, bare)


@pytest.mark.parametrize("place", ["way", "answer"])
async def test_a_server_that_goes_away_at_the_commit(file: Path, bare: str, place: str) -> None:
    """Nobody knows then what became of it, but the next try."""
    crossing = Crossing(bare)
    async with crossing.address() as address:
        crossing.break_at(place)
        with pytest.raises(StoreUnavailable, match=r"lost at the very end .* try again"):
            await copy_database(file, address)
    assert crossing.broken == 1
    if place == "answer":
        with pytest.raises(CopyFailed, match="is not empty"):
            await copy_database(file, bare)
    else:
        await copy_database(file, bare)
    assert await on_server(bare) == as_copied(in_file(file))


async def test_kill_9(file: Path, bare: str) -> None:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SLOW, str(file), bare, stdin=pipe, stdout=pipe
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"half-way\n"
    process.kill()
    await process.communicate()
    assert await tables_of(bare) == set()
    await copy_database(file, bare)
    assert await on_server(bare) == as_copied(in_file(file))
