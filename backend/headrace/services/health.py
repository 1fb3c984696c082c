"""How what Headrace needs is, by now."""

import os
from dataclasses import dataclass
from pathlib import Path

from headrace.settings import Settings
from headrace.store.database import Snapshot
from headrace.store.reads.workers import living_workers


@dataclass(frozen=True)
class Check:
    """One thing that must be well, and how it is in words."""

    name: str
    ok: bool
    message: str


async def checks_of(settings: Settings, snapshot: Snapshot) -> tuple[Check, ...]:
    """Every check, made now. Whoever has a snapshot knows that the database answers."""
    workers = (await living_workers(snapshot)).value
    return (
        Check("database", ok=True, message="It answers"),
        _artifacts(settings.artifacts_dir),
        _workers(workers),
    )


def _artifacts(folder: Path) -> Check:
    # The folder is made with the first artifact; until then the one it will be made in counts.
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    ok = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    words = "Its folder can be written" if ok else "ARTIFACTS_DIR cannot be written"
    return Check("artifacts", ok, words)


def _workers(count: int) -> Check:
    words = f"{count} {'lives' if count == 1 else 'live'}"
    if not count:
        words = "None lives: runs wait until one starts (headrace worker)"
    return Check("workers", count > 0, words)
