"""A copy of the database while others write to it: complete under its name, or not there at all.

The copy is made by SQLite's online backup inside one read transaction, so it is of one moment and
no writer makes it begin anew. It grows under another name, is checked and on the disk before it
gets its own, and that by a hard link, which never replaces a file.
"""

import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from headrace.store.errors import BackupFailed
from headrace.store.publishing import publish

PAGES_AT_ONCE: Final = 1_000


@dataclass(frozen=True, kw_only=True)
class Backup:
    """What was made."""

    path: Path
    bytes: int
    revision: str


def name_of_now(database: Path) -> str:
    """The name of a backup where none is given; it begins like the database's own.

    So it is out of the reach of pipelines, as everything is that stands beside the database.
    """
    return f"{database.name}.{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup"


def back_up(
    database: Path, target: Path | None, stopped: Callable[[], bool] = lambda: False
) -> Backup:
    """Copies the database to `target`: a name, a folder, or None for one beside the database.

    Args:
        database: its file.
        target: where to.
        stopped: asked after each thousand pages whether to give up.

    Raises:
        BackupFailed: and then there is no file that was not there before.
    """
    if not database.is_file():
        raise BackupFailed(f"there is no database at {database}")
    target = _place(database, target)
    partial = target.with_name(f"{target.name}.{secrets.token_hex(4)}.partial")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise BackupFailed(f"{target} cannot be written: {error.strerror}") from error
    try:
        revision = _copy(database, partial, stopped)
        publish(partial, target, what="a backup", failed=BackupFailed)
    except sqlite3.Error as error:
        raise BackupFailed(f"{database} cannot be backed up: {error}") from error
    except OSError as error:
        raise BackupFailed(f"{target} cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
        partial.with_name(f"{partial.name}-journal").unlink(missing_ok=True)
    return Backup(path=target, bytes=target.stat().st_size, revision=revision)


def _place(database: Path, target: Path | None) -> Path:
    if target is None:
        target = database.parent
    if target.is_dir():
        target /= name_of_now(database)
    if os.path.lexists(target):
        raise BackupFailed(f"{target} is there already, and a backup never replaces a file")
    if not target.parent.is_dir():
        raise BackupFailed(f"there is no folder {target.parent}")
    return target


def _copy(database: Path, partial: Path, stopped: Callable[[], bool]) -> str:
    """Fills `partial` and checks it; gives the revision of its schema."""

    def go_on(*_: int) -> None:
        if stopped():
            raise BackupFailed("the backup was stopped; nothing is left of it")

    # Not `mode=ro`: the first to open a file in WAL mode must be able to make its companions.
    address = f"file:{quote(str(database.absolute()))}?mode=rw"
    with (
        closing(sqlite3.connect(address, uri=True, isolation_level=None)) as source,
        closing(sqlite3.connect(partial, isolation_level=None)) as copy,
    ):
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here: one moment
        source.backup(copy, pages=PAGES_AT_ONCE, progress=go_on)
        source.execute("ROLLBACK")
        # One file that needs no companion, so that it can be kept anywhere.
        copy.execute("PRAGMA journal_mode = DELETE")
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise BackupFailed(f"{database} is damaged: {verdict}")
        (revision,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(revision)
