"""Use cases of data sets: list those that pipelines can read, look into one, synthesise one."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from headrace.artifacts.errors import PathNotAllowed, UnreadableTable
from headrace.artifacts.listing import FoundFile, find_files
from headrace.artifacts.preview import DEFAULT_BYTES, TablePreview, preview
from headrace.artifacts.synthesize import synthesize as write_dataset
from headrace.domain.grants import Grants
from headrace.services.core import Services
from headrace.services.results import IdempotencyConflict, OutOfRange
from headrace.services.runs import roots_with
from headrace.store.attempt_notes import record_written, written_by_headrace
from headrace.store.idempotency import Key, KeyReused, keep, recall
from headrace.store.reads.keyset import Window
from headrace.store.reads.rows import Page
from headrace.store.transaction import Transaction

MOST_ROWS = 100_000
SCOPE = "dataset"
T = TypeVar("T")


@dataclass(frozen=True)
class Synthesized:
    """`path` as one would type it."""

    count: int
    path: str


async def list_datasets(services: Services, wanted: Window) -> Page[FoundFile]:
    """A page of the files that pipelines can read, by name."""
    after = wanted.after
    found, more = await asyncio.to_thread(
        find_files, services.roots, after=str(after or ""), most=wanted.limit
    )
    return Page(found, [each.key for each in found], more, has_previous=after is not None)


async def look_into(file: FoundFile, rows: int) -> TablePreview | None:
    """The first rows of a data set, as many as DEFAULT_BYTES of it hold; None for what is no CSV.

    Raises UnreadableTable, also for a file that is gone or may not be read.
    """
    media_type = file.media_type
    if media_type is None:
        return None
    try:
        found = await asyncio.to_thread(preview, file.path, media_type=media_type, rows=rows)
    except OSError as error:
        raise UnreadableTable(f"it cannot be read: {error.strerror}") from error
    assert isinstance(found, TablePreview)
    return found


async def count_rows(file: FoundFile) -> int | None:
    """How many rows a CSV of at most DEFAULT_BYTES has; None for what is larger or no table."""
    if file.size_bytes > DEFAULT_BYTES:
        return None
    try:
        found = await look_into(file, rows=DEFAULT_BYTES)
    except UnreadableTable:
        return None
    return None if found is None or found.truncated else len(found.rows)


async def synthesize(
    services: Services,
    *,
    count: int,
    output_path: str | None,
    seed: int | None,
    principal: str,
    idempotency_key: str | None = None,
    grants: Grants | None = None,
) -> Synthesized | PathNotAllowed | OutOfRange | IdempotencyConflict:
    """Writes a CSV of synthetic messages; the key is recorded after the effect (at least once)."""
    if not 1 <= count <= MOST_ROWS:
        return OutOfRange("count", 1, MOST_ROWS)
    key = None
    if idempotency_key is not None:
        given = {"count": count, "output_path": output_path, "seed": seed}
        key = Key(principal, "synthesizeDataset", idempotency_key, given)
    try:
        if kept := await services.store.write(partial(recall, key=key)):
            return Synthesized(**kept)
        roots = roots_with(services.roots, grants)
        path = await asyncio.to_thread(
            write_dataset,
            count=count,
            output_path=output_path,
            seed=seed,
            roots=roots,
            written=_Written(services, asyncio.get_running_loop()),
        )
        found = Synthesized(count, roots.shown(path))
        await services.store.write(partial(keep, key=key, result=asdict(found)))
    except PathNotAllowed as error:
        return error
    except KeyReused as error:
        return IdempotencyConflict(str(error))
    return found


class _Written:
    """The store's record of written files, for the thread that writes one."""

    def __init__(self, services: Services, loop: asyncio.AbstractEventLoop) -> None:
        self._services = services
        self._loop = loop

    def written_by_headrace(self, path: Path, sha256: str) -> bool:
        return self._ask(partial(written_by_headrace, path=str(path), sha256=sha256))

    def record_written(self, path: Path, sha256: str) -> None:
        self._ask(partial(record_written, path=str(path), sha256=sha256, run_id=None))

    def _ask(self, unit: Callable[[Transaction], T]) -> T:
        async def write() -> T:
            return await self._services.store.write(unit)

        return asyncio.run_coroutine_threadsafe(write(), self._loop).result()
