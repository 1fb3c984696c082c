"""Live delivery: each event once, in order, whoever comes late, leaves early or reads slowly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import partial
from itertools import pairwise

import pytest

from headrace.domain.definition import definition_from_document
from headrace.domain.events import RunEventKind
from headrace.domain.lifecycle import RunStatus, RunTrigger
from headrace.live.hub import Hub
from headrace.live.log_lines import log_lines
from headrace.live.run_changes import changed_runs
from headrace.live.run_events import EventPage, RunMissing, run_events
from headrace.live.run_snapshots import run_snapshots
from headrace.live.signal import Signal
from headrace.live.wakeups import WakeUps
from headrace.store import attempts, workers
from headrace.store.attempt_notes import append_lines, set_progress
from headrace.store.claims import ClaimedBlock, claim_blocks
from headrace.store.database import Store
from headrace.store.hints import Hints
from headrace.store.logs import NewLine
from headrace.store.pipelines import Saved, save_definition
from headrace.store.runs import NewRun, create_run
from tests.databases import Database
from tests.store.simulation import document


class ByHand(WakeUps):
    """Hints that come when the test says so: a replica that lags behind others."""

    def __init__(self) -> None:
        self._listeners = []

    def tell(self) -> None:
        self._tell(Hints(everything=True))


class Waited(Signal):
    """Tells when somebody waits for it."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.waited = asyncio.Event()

    async def wait(self, seen: int) -> int:
        self.waited.set()
        return await super().wait(seen)


class Theatre:
    """A store with its hub, and a worker that the test plays."""

    def __init__(self, store: Store, wakeups: WakeUps) -> None:
        self.store = store
        self.wakeups = wakeups
        self.hub = Hub(store, wakeups)
        self.worker = ""

    async def start(self, blocks: int) -> str:
        names = [f"b{n}" for n in range(blocks)]
        wanted = definition_from_document(document(names, list(pairwise(names))))
        saved = await self.store.write(partial(save_definition, definition=wanted, replace=True))
        assert isinstance(saved, Saved)
        new = NewRun(
            pipeline_id=saved.pipeline_id,
            version_id=saved.version_id,
            trigger=RunTrigger.API,
            params={},
            labels={},
        )
        worker = workers.NewWorker(name="w", host="h", pid=1, version="0", capacity=1, address=None)
        self.worker = await self.store.write(partial(workers.register, new=worker, lease_ms=60_000))
        return await self.store.write(partial(create_run, new=new))

    async def claim(self) -> ClaimedBlock | None:
        found = await self.store.write(partial(claim_blocks, worker_id=self.worker, most=1))
        return found[0] if found else None

    async def play(self) -> None:
        """Runs every block that there is."""
        while block := await self.claim():
            await self.finish(block)

    async def finish(self, block: ClaimedBlock) -> None:
        await self.store.write(partial(attempts.succeed, claim=block.claim, rows=None, output=None))


@pytest.fixture
async def theatre(database: Database) -> AsyncIterator[Theatre]:
    store = await database.open()
    wakeups = WakeUps(store)
    opened = Theatre(store, wakeups)
    yield opened
    await opened.hub.close()
    await store.close()
    await wakeups.close()


async def collect(hub: Hub, run_id: str, after: int = 0) -> list[EventPage]:
    async with asyncio.timeout(30):
        return [page async for page in run_events(hub, run_id, after)]


def seqs(pages: list[EventPage]) -> list[int]:
    return [event.seq for page in pages for event in page.events]


async def test_a_watcher_from_the_start_and_one_from_the_middle_see_each_event_once(
    theatre: Theatre,
) -> None:
    run_id = await theatre.start(20)
    early = asyncio.create_task(collect(theatre.hub, run_id))
    await theatre.play()
    last = 2 + 1 + 20 * 3 - 1 + 1
    pages = await early
    assert seqs(pages) == list(range(1, last + 1))
    assert seqs(await collect(theatre.hub, run_id, after=30)) == list(range(31, last + 1))
    assert pages[-1].status is RunStatus.SUCCEEDED
    for before, after in pairwise(pages):
        assert after.after_seq == before.through_seq


async def test_past_the_end_a_subscription_ends_at_once(theatre: Theatre) -> None:
    run_id = await theatre.start(1)
    await theatre.play()
    (page,) = await collect(theatre.hub, run_id)
    assert await collect(theatre.hub, run_id, after=page.through_seq) == []


async def test_who_saw_the_end_at_another_replica_is_let_go_by_one_that_lags(
    theatre: Theatre,
) -> None:
    run_id = await theatre.start(1)
    hints = ByHand()
    lagging = Hub(theatre.store, hints)
    async with lagging.watch(run_id) as topic:  # so it knows the run as it was
        topic.changed = Waited(topic.changed.count)
        await theatre.play()
        end = (await collect(theatre.hub, run_id))[-1].through_seq
        resumed = asyncio.create_task(collect(lagging, run_id, after=end))
        await topic.changed.waited.wait()
        hints.tell()
        assert await resumed == []
    await lagging.close()


async def test_a_reader_that_falls_behind_the_ring_gets_no_hole(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headrace.live.topics.RING", 5)
    run_id = await theatre.start(30)
    found: list[int] = []
    async with aclosing(run_events(theatre.hub, run_id)) as pages:  # type: ignore[type-var] # a generator
        async for page in pages:
            if not found:
                await theatre.play()  # everything happens while this reader is busy
            found += [event.seq for event in page.events]
    assert found == list(range(1, found[-1] + 1))
    assert len(found) > 60


async def test_filtered_kinds_are_passed_over_and_the_last_page_comes_anyway(
    theatre: Theatre,
) -> None:
    run_id = await theatre.start(3)
    await theatre.play()
    kinds = frozenset({RunEventKind.BLOCK_STARTED})
    pages = [page async for page in run_events(theatre.hub, run_id, 0, kinds)]
    assert [e.kind for page in pages for e in page.events] == ["BLOCK_STARTED"] * 3
    assert pages[0].after_seq == 0
    assert pages[-1].status is RunStatus.SUCCEEDED


async def test_progress_follows_the_backlog_and_shares_no_page_with_events(
    theatre: Theatre,
) -> None:
    run_id = await theatre.start(1)
    block = await theatre.claim()
    assert block is not None
    await theatre.store.write(partial(set_progress, claim=block.claim, done=3, total=9))
    progress = []
    async with asyncio.timeout(30):
        async for page in run_events(theatre.hub, run_id):
            assert not (page.events and page.progress)
            if page.progress:
                assert page.after_seq == page.through_seq
                progress += [(row.block, row.rows_done, row.rows_total) for row in page.progress]
                await theatre.finish(block)
    assert progress == [("b0", 3, 9)]


async def test_logs_end_with_the_run_and_come_once_whatever_the_cursor(theatre: Theatre) -> None:
    run_id = await theatre.start(1)
    block = await theatre.claim()
    assert block is not None
    lines = [NewLine(at=1, level=10 + 10 * (n % 2), stream="LOG", message=str(n)) for n in range(8)]
    await theatre.store.write(partial(append_lines, claim=block.claim, lines=lines[:4]))
    watching = asyncio.create_task(read_lines(theatre.hub, run_id))
    await theatre.store.write(partial(append_lines, claim=block.claim, lines=lines[4:]))
    await theatre.finish(block)
    assert await watching == [str(n) for n in range(8)]
    assert await read_lines(theatre.hub, run_id, after=5) == ["5", "6", "7"]
    assert await read_lines(theatre.hub, run_id, level=20) == ["1", "3", "5", "7"]


async def read_lines(hub: Hub, run_id: str, after: int = 0, level: int = 0) -> list[str]:
    async with asyncio.timeout(30):
        pages = [page async for page in log_lines(hub, run_id, after, min_level=level)]
    return [line.message for page in pages for line in page.lines]


async def test_an_absent_run_is_told_as_missing(theatre: Theatre) -> None:
    with pytest.raises(RunMissing):
        await collect(theatre.hub, "run_00000000000000000000000000")


async def test_a_snapshot_stream_begins_at_once_and_ends_with_the_run(theatre: Theatre) -> None:
    run_id = await theatre.start(2)
    times = 0
    async with asyncio.timeout(30):
        async for _ in run_snapshots(theatre.hub, run_id):
            times += 1
            if times == 1:
                await theatre.play()
    assert times >= 2


async def test_watchers_of_lists_begin_with_recent_runs_and_hear_of_new_ones(
    theatre: Theatre,
) -> None:
    first = await theatre.start(1)
    seen: list[str] = []
    second = ""
    async with asyncio.timeout(30):
        async for ids in changed_runs(theatre.store, theatre.wakeups):
            seen += ids
            if not second:
                second = await theatre.start(1)
            if second in seen:
                break
    assert seen[0] == first


async def test_a_hub_that_closes_ends_its_watchers(theatre: Theatre) -> None:
    run_id = await theatre.start(1)
    watching = asyncio.create_task(collect(theatre.hub, run_id))
    async with theatre.hub.watch(run_id):
        await theatre.hub.close()
    assert seqs(await watching) in ([], [1, 2])
