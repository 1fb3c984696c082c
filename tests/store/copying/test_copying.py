"""A file copied to a server's database and back: every row of every table."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Column, Table

from headrace.store.copying.copy import CHECKING, COPYING, Copied, copy_database
from headrace.store.database import Store
from headrace.store.migrate import HEAD
from headrace.store.postgres import copy_source
from headrace.store.tables import metadata
from headrace.store.types import Text
from tests.store.copying.filling import ROWS, filled, in_file, on_server
from tests.store.copying.looking import as_copied, ask


def as_told(copied: Copied) -> dict[str, int]:
    return {name: table.rows for name, table in copied.tables.items()}


async def test_every_row_of_every_table_arrives_with_its_values(file: Path, bare: str) -> None:
    before = in_file(file)
    copied = await copy_database(file, bare)
    assert await on_server(bare) == as_copied(before)
    assert as_told(copied) == {table.name: ROWS for table in metadata.sorted_tables}
    assert copied.revision == HEAD
    assert in_file(file) == before
    store = await Store.open(bare)
    assert store.found_revision == HEAD
    await store.close()


async def test_and_from_there_into_a_file(file: Path, bare: str, tmp_path: Path) -> None:
    there = await copy_database(file, bare)
    back = tmp_path / "back.sqlite3"
    again = await copy_database(bare, back)
    assert in_file(back) == as_copied(in_file(file))
    assert again.tables == there.tables
    assert [path.name for path in tmp_path.glob("back*")] == ["back.sqlite3"]
    assert back.stat().st_mode & 0o777 == 0o600
    store = await Store.open(back)
    assert store.found_revision == HEAD
    await store.close()


@pytest.fixture
def of_tomorrow() -> Iterator[Table]:
    """A table that this version does not have, with numbers that the server counts by itself."""
    table = Table(
        "of_tomorrow", metadata, Column("id", BigInteger, primary_key=True), Column("what", Text)
    )
    yield table
    metadata.remove(table)


async def test_a_table_of_tomorrow_is_copied_and_counts_on_from_its_highest_number(
    of_tomorrow: Table, tmp_path: Path, bare: str
) -> None:
    path = tmp_path / "db.sqlite3"
    await filled(path)
    copied = await copy_database(path, bare)
    assert copied.tables["of_tomorrow"].rows == ROWS
    new = await ask(bare, "INSERT INTO of_tomorrow (what) VALUES ('next') RETURNING id")
    assert new == ROWS + 1


async def test_a_target_that_has_its_tables_already_is_filled(file: Path, bare: str) -> None:
    await (await Store.open(bare)).close()
    await copy_database(file, bare)
    assert await on_server(bare) == as_copied(in_file(file))


async def test_what_is_done_is_told_row_by_row(file: Path, bare: str) -> None:
    told: list[tuple[str, str, int, int]] = []
    await copy_database(file, bare, lambda *now: told.append(now))
    for table in metadata.sorted_tables:
        for doing in (COPYING, CHECKING):
            assert (doing, table.name, ROWS, ROWS) in told


async def test_what_a_server_that_is_just_stopping_writes_is_in_the_copy(
    bare: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moment of the copy is after everybody has gone, not when they were first looked for."""
    await (await Store.open(bare)).close()
    left: list[str] = []

    async def leaving(_: object) -> bool:
        if not left:
            left.append(await ask(bare, "INSERT INTO memo VALUES ('last', 'w', 1) RETURNING key"))
        return False

    monkeypatch.setattr(copy_source, "others_stay", leaving)
    await copy_database(bare, tmp_path / "back.sqlite3")
    assert [row[0] for row in in_file(tmp_path / "back.sqlite3")["memo"]] == left
