"""The database upgraded, backed up and reset: the commands that need no API."""

import asyncio
import threading
from pathlib import Path

from headrace.cli.asking import agreed
from headrace.cli.console import as_json as print_json
from headrace.cli.console import say
from headrace.cli.errors import CommandFailed
from headrace.store.addresses import without_password
from headrace.store.backup import Backup, back_up
from headrace.store.database import Store
from headrace.store.migrate import HEAD
from headrace.store.reset import Contents
from headrace.store.resetting import empty, look_into


async def upgrade_database(where: Path | str, *, as_json: bool) -> None:
    """Makes it or migrates it, and says from which revision to which.

    Raises:
        StoreError: it cannot be opened, or a newer version wrote it.
    """
    before, name = await _brought_up_to_date(where)
    if as_json:
        print_json({_kind(where): name, "from": before, "to": HEAD})
    elif before is None:
        say(f"{name}: made, at revision {HEAD}")
    elif before == HEAD:
        say(f"{name}: at revision {HEAD} already")
    else:
        say(f"{name}: upgraded from revision {before} to {HEAD}")


async def back_up_database(where: Path | str, target: Path | None, *, as_json: bool) -> None:
    """Copies the file, and says where to.

    Raises:
        BackupFailed: nothing was copied.
        CommandFailed: it is no file.
    """
    if isinstance(where, str):
        raise CommandFailed(
            "DATABASE_URL names PostgreSQL, which has its own tool for that: "
            f"pg_dump --format=custom --file=headrace.dump {without_password(where)} (then copy "
            "ARTIFACTS_DIR)"
        )
    made = await _backed_up(where, target)
    if as_json:
        print_json({"path": str(made.path), "bytes": made.bytes, "revision": made.revision})
    else:
        say(f"{made.path}: {made.bytes:,} bytes, at revision {made.revision}")


async def reset_database(where: Path | str, *, sure: bool, as_json: bool) -> None:
    """Deletes what is in it and makes an empty one; asks before, at a terminal, unless `sure`.

    Raises:
        CommandFailed: nobody agreed.
        StoreError: somebody has it open, or it is not Headrace's.
    """
    name, found = await look_into(where)
    question = f"Delete {name} with {_in_words(found)}?"
    if found and not (sure or await agreed(question, otherwise="--yes")):
        raise CommandFailed("nothing was deleted")
    gone = await empty(where)
    await _brought_up_to_date(where)
    if as_json:
        counts = {"pipelines": gone.pipelines, "runs": gone.runs, "damaged": gone.damaged}
        print_json({_kind(where): name, **counts, "revision": HEAD})
    else:
        say(f"{name}: deleted {_in_words(gone)}; empty now, at revision {HEAD}")


def _kind(where: Path | str) -> str:
    return "path" if isinstance(where, Path) else "url"


async def _brought_up_to_date(where: Path | str) -> tuple[str | None, str]:
    """The revision that it had, and its name."""
    store = await Store.open(where)
    await store.close()
    name = str(where) if isinstance(where, Path) else store.name
    return store.found_revision, name


async def _backed_up(path: Path, target: Path | None) -> Backup:
    """Ctrl-C stops the copy between two of its steps, and waits until its half is cleared away."""
    stop = threading.Event()
    copying = asyncio.create_task(asyncio.to_thread(back_up, path, target, stop.is_set))
    try:
        return await asyncio.shield(copying)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait({copying})
        copying.exception()
        raise


def _in_words(found: Contents) -> str:
    if found.damaged:
        return "whatever it holds, for it is damaged"
    counted = (("pipeline", found.pipelines), ("run", found.runs))
    return " and ".join(f"{number:,} {name}{'s' * (number != 1)}" for name, number in counted)
