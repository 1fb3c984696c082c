"""Files that blocks leave as signs of life, and those that let them go on."""

import asyncio
from pathlib import Path

PATIENCE_SECONDS = 60


async def running(folder: Path, run_id: str, block: str, attempt: int = 1) -> int:
    """The process of an attempt, once it runs."""
    path = folder / f"{run_id}.{block}.{attempt}.pid"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not path.exists():  # noqa: ASYNC110  # another process makes it
            await asyncio.sleep(0.005)
    return int(path.read_text())


def let_go(folder: Path, gate: str = "go") -> None:
    (folder / gate).touch()


async def gone(path: Path) -> None:
    """Returns once a file is no more."""
    async with asyncio.timeout(PATIENCE_SECONDS / 4):
        while path.exists():  # noqa: ASYNC110  # another process removes it
            await asyncio.sleep(0.01)


async def there(path: Path) -> None:
    """Returns once a file is there."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not path.exists():  # noqa: ASYNC110  # another process makes it
            await asyncio.sleep(0.01)
