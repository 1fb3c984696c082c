"""A run's log lines: those after a cursor, then live, each once, in order; ends when the run is
over.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from headrace.live.hub import Hub
from headrace.live.reads import lines_after
from headrace.live.run_events import RunMissing
from headrace.store.reads.logs import LogRow


@dataclass(frozen=True)
class LogPage:
    """Lines in order; the cursor of the page is `last_seq`, which filtered lines move as well."""

    lines: list[LogRow]
    last_seq: int


async def log_lines(
    hub: Hub, run_id: str, after_seq: int = 0, *, block: str | None = None, min_level: int = 0
) -> AsyncIterator[LogPage]:
    """Pages of lines after `after_seq`. Raises RunMissing when there is no such run."""
    async with hub.watch(run_id) as topic:
        if topic.gone:
            raise RunMissing(f"no run {run_id}")
        at = after_seq
        while True:
            # In this order: a run that is over before we read has all its lines in what we read.
            seen, over = topic.changed.count, topic.over
            while at < topic.log_top:
                async with hub.store.snapshot() as snapshot:
                    found = await lines_after(snapshot, run_id, at)
                if not found:
                    break
                at = found[-1].seq
                kept = [
                    line
                    for line in found
                    if line.level >= min_level and (block is None or line.block == block)
                ]
                if kept:
                    yield LogPage(kept, at)
            if over or topic.is_left:
                return
            await topic.changed.wait(seen)
