"""A house whose PYTHON blocks call `tests.partitions.functions`, and what its tests look at."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from headrace.artifacts.content import Stored
from headrace.blocks.arrow import batch_to_rows, read_dataset
from headrace.settings import Settings
from headrace.store.tables import block_partitions, inline_data
from tests.databases import Database
from tests.worker.house import PATIENCE, House, open_house, settings_for

MODULE = "tests.partitions.functions"


def settings_of(folder: Path, database: Database, **changes: Any) -> Settings:
    return settings_for(folder, database, python_modules=(MODULE,), **changes)


def split(function: str, **rest: Any) -> dict[str, Any]:
    """A block `split` that calls a function on each of its partitions; 4 unless said otherwise."""
    if "rows_per_partition" not in rest:
        rest.setdefault("partitions", 4)
    return _call("split", function, **rest)


def numbers(count: int) -> dict[str, Any]:
    return _call("make", "numbers", args={"count": count})


def _call(name: str, function: str, **rest: Any) -> dict[str, Any]:
    config = {"function": f"{MODULE}:{function}", "args": rest.pop("args", {})}
    return {"name": name, "type": "PYTHON", "config": config, **rest}


@asynccontextmanager
async def house_of(folder: Path, database: Database, **changes: Any) -> AsyncIterator[House]:
    async with open_house(settings_of(folder, database, **changes)) as house:
        yield house


async def start(house: House, block: dict[str, Any], *, rows: int = 10) -> str:
    """A run of `make` and `split`."""
    return await house.start([numbers(rows), block], [("make", block["name"])])


async def rows_of(house: House, run_id: str, block: str = "split") -> list[dict[str, Any]]:
    """The rows of a block's data set."""
    (artifact,) = [
        each
        for each in await house.artifacts(run_id)
        if (each.block, each.name) == (block, "output.arrow")
    ]
    source: Stored | bytes
    if artifact.uri == "inline:":
        async with house.services.store.snapshot() as snapshot:
            found = await snapshot.all(inline_data.select())
        (source,) = [row.data for row in found if row.artifact_id == artifact.id]
    else:
        source = house.services.content.open(artifact.uri)
    return [row for batch in read_dataset(source).batches() for row in batch_to_rows(batch)]


async def partitions(house: House, run_id: str) -> list[tuple[int, int, str]]:
    """(number, attempt, status) of each record, in order."""
    found = await house.rows(block_partitions, run_id)
    return [(row.partition, row.attempt, row.status) for row in found]


def calls(folder: Path) -> list[int]:
    """The first row of each partition that began, in the order of the rows."""
    return sorted(int(line) for line in (folder / "calls").read_text().split())


async def held(folder: Path, *first_rows: int) -> list[int]:
    """The process ids of partitions that wait, once all of these do."""
    paths = [folder / f"held-{first}" for first in first_rows]
    async with asyncio.timeout(PATIENCE):
        while not all(path.exists() and path.read_text() for path in paths):  # noqa: ASYNC110 # a file has no event
            await asyncio.sleep(0.01)
    return [int(path.read_text()) for path in paths]
