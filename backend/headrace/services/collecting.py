"""What goes by itself: runs past their retention, and bytes that no row lists."""

import asyncio
import logging
from functools import partial

from headrace.artifacts.content import ContentStore
from headrace.artifacts.errors import ContentMissing, NotContentUri
from headrace.store import cleanup as store_cleanup
from headrace.store.cleanup import GRACE_MS, Removed
from headrace.store.database import Store

_log = logging.getLogger("headrace.services.collecting")


async def remove_older(store: Store, before: int) -> Removed:
    """Deletes the runs that finished before `before` (wall ms), and workers gone since then."""
    total = Removed()
    while True:
        part = await store.write(partial(store_cleanup.delete_old_runs, before=before))
        total += part
        if part.runs < store_cleanup.RUNS_AT_ONCE:
            await store.write(partial(store_cleanup.delete_old_workers, before=before))
            return total


async def collect_content(store: Store, content: ContentStore) -> int:
    """Removes bytes that no row has listed for an hour; how many files went."""
    due = await store.write(store_cleanup.due_tombstones)
    gone = []
    for digest, uri in due:
        # Bytes that were published anew just now were touched, and stay for the row to come.
        if await asyncio.to_thread(_remove, content, uri):
            gone.append(digest)
    if gone:
        await store.write(partial(store_cleanup.forget_tombstones, digests=gone))
    return len(gone)


def _remove(content: ContentStore, uri: str) -> bool:
    """Whether the bytes are gone now, or out of reach for good."""
    try:
        if content.remove(uri, untouched_seconds=GRACE_MS / 1000):
            return True
        content.open(uri)
    except ContentMissing:
        return True
    except NotContentUri:
        # They would come first each time, and nothing behind them would ever be removed.
        _log.warning("collecting.left_behind in a store that is not in use any more: %s", uri)
        return True
    return False
