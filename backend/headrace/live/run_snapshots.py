"""One run as a snapshot stream: when to read it again, coalesced; ends when the run is over."""

import asyncio
from collections.abc import AsyncIterator

from headrace.live.hub import Hub
from headrace.live.run_events import RunMissing

_COALESCE_SECONDS = 0.1


async def run_snapshots(hub: Hub, run_id: str) -> AsyncIterator[None]:
    """Yields when the run is to be read again, at once the first time. Raises RunMissing."""
    async with hub.watch(run_id) as topic:
        if topic.gone:
            raise RunMissing(f"no run {run_id}")
        while True:
            seen, over = topic.changed.count, topic.over
            yield None
            if over or topic.is_left:
                return
            await topic.changed.wait(seen)
            if not topic.over:
                # What comes within this time is told by one snapshot.
                await asyncio.sleep(_COALESCE_SECONDS)
