"""Use cases of data sets: list those that pipelines can read, look into one, download one,
synthesise one.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from headrace.artifacts.errors import PathNotAllowed, UnreadableTable
from headrace.artifacts.listing import FoundFile, find_file, find_files
from headrace.artifacts.preview import DEFAULT_BYTES, TablePreview, preview
from headrace.artifacts.signing import DATASETS, Signer
from headrace.artifacts.synthesize import synthesize as write_dataset
from headrace.domain.grants import Grants
from headrace.services.binding import roots_with
from headrace.services.core import Services
from headrace.services.results import IdempotencyConflict, OutOfRange
from headrace.store.attempt_notes import record_written, written_by_headrace
from headrace.store.idempotency import KeyReused, keep, key_of, recall
from headrace.store.reads.keyset import Window
from headrace.store.reads.rows import Page
from headrace.store.transaction import Transaction

MOST_ROWS = 100_000
SCOPE = "dataset"
T = TypeVar("T")


@dataclass(frozen=True)
class Synthesized:
    """`path` as one would type it; `seed` is what it was made with."""

    count: int
    path: str
    seed: int | None = None


async def list_datasets(services: Services, wanted: Window) -> Page[FoundFile]:
    """A page of the files that pipelines can read, by name."""
    after = wanted.after
    found, more = await asyncio.to_thread(
        find_files, services.roots, after=str(after or ""), most=wanted.limit
    )
    return Page(found, [each.key for each in found], more, has_previous=after is not None)


async def find_dataset(services: Services, path: str) -> FoundFile | None:
    """The file that pipelines know by this path, if they can read it."""
    return await asyncio.to_thread(find_file, services.roots, path)


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


def download_url(services: Services, file: FoundFile) -> str:
    """Downloads it, as it then is, with no key until it expires; relative without PUBLIC_URL."""
    expires, signature = _signer(services).sign(file.shown, now=time.time())
    query = urlencode({"path": file.shown, "expires": expires, "signature": signature})
    return f"{services.settings.public_url.rstrip('/')}/datasets/download?{query}"


def may_download(
    services: Services, path: str, *, expires: int, signature: str, method: str
) -> bool:
    """Whether this is the signature of an address that `download_url` made, and in time."""
    return _signer(services).verify(
        path, expires=expires, signature=signature, now=time.time(), method=method
    )


def _signer(services: Services) -> Signer:
    return replace(services.signer, purpose=DATASETS)


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
    given = {"count": count, "output_path": output_path, "seed": seed}
    key = key_of(principal, "synthesizeDataset", idempotency_key, given)
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
        found = Synthesized(count, roots.shown(path), seed)
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
