"""The database copied to one of the other kind: watched at a terminal, and told at the end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from headrace.cli.console import as_json as print_json
from headrace.cli.console import err, notice, say, table
from headrace.cli.errors import CommandFailed
from headrace.settings_values import DATABASE_SCHEMES
from headrace.store.copying.copy import Copied, Told, copy_database


async def copy_everything(where: Path | str, to: str, *, as_json: bool) -> None:
    """Copies it, and says what: each table's rows, and what to do next.

    Raises:
        CommandFailed: the two are of one kind, or the target is named in a wrong way.
        StoreError: nothing was copied.
    """
    target = _other_kind(where, _target(to))
    began = time.monotonic()
    with _watched() as told:
        copied = await copy_database(where, target, told)
    seconds = time.monotonic() - began
    if as_json:
        print_json(_in_json(copied, seconds))
    else:
        _tell(copied, seconds)


def _target(text: str) -> Path | str:
    if "://" not in text:
        return Path(text).expanduser()
    parts = urlsplit(text)
    if parts.scheme not in DATABASE_SCHEMES or not parts.path.strip("/"):
        raise CommandFailed(
            "--to wants an address like postgresql+asyncpg://user@host/name, or the name of a file"
        )
    return text


def _other_kind(where: Path | str, target: Path | str) -> Path | str:
    if isinstance(where, Path) and isinstance(target, Path):
        raise CommandFailed(
            f"{where} is a file, and so is {target}: headrace db backup copies files. To copy to "
            "PostgreSQL, say --to postgresql+asyncpg://user@host/name"
        )
    if isinstance(where, str) and isinstance(target, str):
        raise CommandFailed(
            "DATABASE_URL names PostgreSQL already: to copy what is in SQLITE_PATH, leave it empty "
            "(DATABASE_URL= headrace db copy …); between servers, use pg_dump and pg_restore"
        )
    return target


@contextmanager
def _watched() -> Iterator[Told]:
    """A bar for the table that is at work, at a terminal; else nothing."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    words = TextColumn("{task.description}")
    hidden = not err().is_terminal
    with Progress(
        words, BarColumn(), MofNCompleteColumn(), console=err(), transient=True, disable=hidden
    ) as progress:
        task = progress.add_task("looking", total=None)

        def told(doing: str, name: str, rows: int, of: int) -> None:
            progress.update(task, description=f"{doing} {name}", completed=rows, total=of)

        yield told


def _in_json(copied: Copied, seconds: float) -> dict[str, object]:
    return {
        "from": copied.source,
        "to": copied.target,
        "revision": copied.revision,
        "rows": copied.rows,
        "seconds": round(seconds, 3),
        "tables": {
            name: {"rows": each.rows, "digest": each.digest} for name, each in copied.tables.items()
        },
    }


def _tell(copied: Copied, seconds: float) -> None:
    found = [(name, f"{each.rows:,}") for name, each in copied.tables.items() if each.rows]
    if found:
        table(("table", "rows"), found)
    say(
        f"{copied.target}: {copied.rows:,} rows of {len(found)} tables copied from "
        f"{copied.source} and compared, in {seconds:.1f} s; at revision {copied.revision}"
    )
    setting = "DATABASE_URL" if "://" in copied.target else "SQLITE_PATH (and no DATABASE_URL)"
    notice(
        f"Set {setting} to it before you start anything. {copied.source} is as it was: start "
        "nothing on it any more, or runs are done twice."
    )
