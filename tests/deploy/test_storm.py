"""The whole stack while replicas, workers and broker die at random: nothing is lost or twice.

STORM_SECONDS makes it last: `STORM_SECONDS=600 make test ARGS=tests/deploy/test_storm.py`.
"""

import asyncio
import json
import logging
import os
import random
import time
from collections import defaultdict
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer
from gql.transport.exceptions import TransportError

from scripts.stack.children import Child
from scripts.stack.stack import Stack, until_ready
from tests.chaos import work
from tests.kafka.apache import ApacheKafka
from tests.system import documents
from tests.system.client import Api
from tests.system.following import AWAY_SECONDS, follow_run

log = logging.getLogger(__name__)

CLIENTS = 3
AT_ONCE = 20
BLOWS = 5
SECONDS = float(os.environ.get("STORM_SECONDS", "0"))
READ_SECONDS = 300


class Storm:
    """Strikes again after some more events were seen, until there were enough blows and time."""

    def __init__(self, stack: Stack, seed: int, *, blows: int, seconds: float) -> None:
        self._stack = stack
        self._random = random.Random(seed)
        self._blows_left = blows
        self._end = time.monotonic() + seconds
        self._events_left = 20
        self._striking: asyncio.Task[None] | None = None
        self.struck: dict[str, int] = defaultdict(int)

    @property
    def over(self) -> bool:
        """Whether all blows fell and what they killed is up again."""
        return self._idle() and self._blows_left <= 0 and time.monotonic() >= self._end

    def seen(self, batch: Mapping[str, Any]) -> None:
        """Some events were delivered; perhaps it is time."""
        self._events_left -= len(batch["events"])
        if self._events_left < 0 and self._idle() and not self.over:
            self._events_left = self._random.randint(10, 60)
            self._blows_left -= 1
            self._striking = asyncio.create_task(asyncio.to_thread(self._strike))

    def _idle(self) -> bool:
        if self._striking is None or not self._striking.done():
            return self._striking is None
        self._striking.result()
        return True

    def _strike(self) -> None:
        kinds = ["replica", "worker"]
        if isinstance(self._stack.engines.broker, ApacheKafka):
            kinds.append("broker")  # the other one forgets everything
        kind = self._random.choice(kinds)
        self.struck[kind] += 1
        if kind == "replica":
            number = self._random.randrange(len(self._stack.replicas))
            self._restart(self._stack.replicas[number])
            until_ready(self._stack.replica_urls[number], self._stack.replicas[number])
        elif kind == "worker":
            self._restart(self._random.choice(self._stack.workers))
        else:
            self._stack.engines.broker.kill()
            self._stack.engines.broker.start()

    @staticmethod
    def _restart(child: Child) -> None:
        child.kill()
        child.start()


async def test_every_run_ends_and_every_event_is_seen_once_and_published_in_order(
    stack: Stack, tmp_path: Path
) -> None:
    storm = Storm(stack, seed=1, blows=BLOWS, seconds=SECONDS)
    urls = stack.replica_urls
    seen: dict[str, list[Any]] = {}
    async with Api(urls[0]) as api:
        await work.bring_in(api, tmp_path, attempts=100)

    async def client(number: int) -> None:
        drops = random.Random(number)
        for turn in count():
            run_id = await start_surely(urls, f"key-{number}-{turn}", number + turn)
            # Each reconnection goes to the other replica, with the cursor of the one before.
            follower = follow_run(urls, run_id, drops=drops, on_batch=storm.seen)
            seen[run_id] = await follower.to_the_end()
            if storm.over:
                return

    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    async with Api(urls[1]) as api:
        ids = list(seen)
        runs = []
        for begin in range(0, len(ids), AT_ONCE):
            runs += await work.all_succeed(api, ids[begin : begin + AT_ONCE])
    assert [run["timeline"]["nodes"] for run in runs] == list(seen.values())
    wanted = {run_id: [event["seq"] for event in events] for run_id, events in seen.items()}
    assert await published(stack, wanted) == wanted
    log.info("%d runs; struck: %s", len(seen), dict(storm.struck))


async def start_surely(urls: tuple[str, ...], key: str, turn: int) -> str:
    """A run, started once however often the answer got lost and whichever replica is asked."""
    given = {"pipeline": "slow", "idempotencyKey": key}
    while True:
        turn += 1
        try:
            async with Api(urls[turn % len(urls)]) as api:
                done = await api.ask(documents.START, input=given)
        except (TransportError, OSError):
            await asyncio.sleep(AWAY_SECONDS)
            continue
        return str(done["startRun"]["run"]["id"])


async def published(stack: Stack, wanted: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """The seqs of each run in the topic, each where it came first; waits until all are there."""
    found: dict[str, list[int]] = defaultdict(list)
    consumer = AIOKafkaConsumer(
        "pipeline_events",
        bootstrap_servers=stack.engines.broker.bootstrap,
        auto_offset_reset="earliest",
        group_id=None,
    )
    await consumer.start()
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for message in consumer:
                event = json.loads(message.value)
                run_id, _, seq = event["id"].rpartition("/")
                assert message.key.decode() == run_id
                if run_id in wanted and int(seq) not in found[run_id]:
                    found[run_id].append(int(seq))
                if all(len(found[run]) == len(seqs) for run, seqs in wanted.items()):
                    break
    finally:
        await consumer.stop()
    return dict(found)
