"""`kill -9` of brokers, servers and workers while messages start runs: each message one run."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from headrace.streams.errors import BrokersUnreachable
from headrace.streams.kafka import Kafka
from tests.databases import Database
from tests.kafka.apache import ApacheKafka
from tests.kafka.topics import make_topic
from tests.kafka.triggers import definition, import_pipeline, save
from tests.system.client import Api
from tests.system.grounds import Grounds
from tests.system.ports import free_port
from tests.system.processes import Process, Server

PATIENCE_SECONDS = 900
COUNTS = """
query {
  trigger(name: "orders") { status problem lag poisonCount }
  runs(filter: {labels: [{key: "trigger", value: "orders"}]}) { totalCount }
  runCounts(filter: {labels: [{key: "trigger", value: "orders"}]}) { status count }
}
"""
PAGE = """
query ($after: Cursor) {
  runs(first: 200, after: $after, filter: {labels: [{key: "trigger", value: "orders"}]}) {
    nodes { params status } pageInfo { endCursor hasNextPage }
  }
}
"""


async def test_hundreds_of_messages_through_kills_start_one_run_each(
    tmp_path: Path, database: Database, mortal: ApacheKafka, topic: str
) -> None:
    await each_starts_one_run(tmp_path, database, mortal, topic, 400)


@pytest.mark.slow
async def test_ten_thousand_messages_through_kills_start_one_run_each(
    tmp_path: Path, database: Database, mortal: ApacheKafka, topic: str
) -> None:
    await each_starts_one_run(tmp_path, database, mortal, topic, 10_000)


async def each_starts_one_run(
    folder: Path, database: Database, broker: ApacheKafka, topic: str, count: int
) -> None:
    """A producer goes on all the time, while the broker, the server and the worker die."""
    await make_topic(broker.bootstrap, topic)
    with Grounds(
        folder,
        STREAM_BACKEND="kafka",
        KAFKA_BOOTSTRAP=broker.bootstrap,
        KAFKA_TOPIC_DEFAULT=f"{topic}.events",
        **database.environment,
    ) as grounds:
        port, doomed, worker = await _up(grounds)
        async with Api(doomed.url) as api:
            await import_pipeline(api.ask)
            given = definition(topic, id="/id", key="key")
            assert (await save(api.ask, given))["__typename"] == "SaveTriggerSuccess"
            producing = asyncio.create_task(_produce(broker.bootstrap, topic, count))
            await _runs_reach(api, count // 5)
            await asyncio.to_thread(broker.kill)
            await asyncio.to_thread(broker.start)
            await _runs_reach(api, 2 * count // 5)
        await grounds.kill(doomed)
        server = grounds.serve("--no-worker", port=port)
        await grounds.up(server)
        async with Api(server.url) as api:
            await _runs_reach(api, 3 * count // 5)
            await grounds.kill(worker)
            await grounds.up(grounds.worker())
            await asyncio.to_thread(broker.kill)
            await asyncio.to_thread(broker.start)
            sent = await producing
            runs = await _all_done(api, len(sent))
            assert sorted(run["params"]["id"] for run in runs) == sorted(sent)
            assert {run["status"] for run in runs} == {"SUCCEEDED"}


async def _up(grounds: Grounds) -> tuple[str, Server, Process]:
    port = str(free_port())
    server, worker = grounds.serve("--no-worker", port=port), grounds.worker()
    await grounds.up(server, worker)
    return port, server, worker


async def _produce(bootstrap: str, topic: str, count: int) -> list[int]:
    """Sends messages one after the other; each is known by where it went, not by what it says."""
    kafka, number = Kafka(bootstrap), 0
    sent: list[int] = []
    try:
        while len(sent) < count:
            number += 1
            value = json.dumps({"id": number}).encode()
            try:
                await kafka.publish(topic, key=b"%d" % (number % 50), value=value)
            except BrokersUnreachable:
                # Whether it was sent nobody knows: the count at the end comes from the topic.
                continue
            sent.append(number)
    finally:
        await kafka.close()
    return await _held(bootstrap, topic)


async def _held(bootstrap: str, topic: str) -> list[int]:
    kafka = Kafka(bootstrap)
    known = await kafka.topic(topic)
    async with kafka.reading(known, {}) as reader:
        _, ends = await reader.bounds()
        messages = await reader.until(ends, seconds=60)
    return [json.loads(message.value or b"")["id"] for message in messages]


async def _runs_reach(api: Api, count: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await api.ask(COUNTS))["runs"]["totalCount"] < count:  # noqa: ASYNC110 # servers die
            await asyncio.sleep(0.1)


async def _all_done(api: Api, least: int) -> Sequence[Mapping[str, Any]]:
    """Every run that was started, once there is nothing to come and nothing to do."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            found = await api.ask(COUNTS)
            open_ = sum(
                each["count"]
                for each in found["runCounts"]
                if each["status"] in {"QUEUED", "RUNNING", "CANCELLING"}
            )
            total = sum(each["count"] for each in found["runCounts"])
            if total >= least and not open_ and found["trigger"]["lag"] == 0:
                break
            await asyncio.sleep(0.2)
    assert found["trigger"]["poisonCount"] == 0
    runs: list[Mapping[str, Any]] = []
    after = None
    while True:
        page = (await api.ask(PAGE, after=after))["runs"]
        runs += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return runs
