"""WAKEUPS=kafka: hints between processes go by a topic, and nothing hangs on it."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import orjson

from headrace.live.hint_topic import HintTopic, hint_topic_of
from headrace.live.pokes import Pokes
from headrace.live.wakeups import WakeUps
from headrace.store.database import Store
from headrace.store.hints import Hints
from headrace.store.postgres.notices import CHANNEL
from headrace.store.postgres.server import Server as PostgresServer
from headrace.streams.kafka import Kafka
from headrace.streams.messages import Message
from tests.databases import Database
from tests.kafka.apache import ApacheKafka
from tests.kafka.conftest import AnyBroker
from tests.kafka.topics import read_until
from tests.system.client import Api, call
from tests.system.grounds import Grounds
from tests.system.processes import Process, Server

PATIENCE_SECONDS = 60
HEARD = re.compile(r'headrace_hints_total\{by="(\w+)"\} (\d+)')

Listening = Callable[[], Awaitable[Sequence[object]]]


async def test_a_commit_in_one_process_is_told_to_the_others(
    database: Database, broker: AnyBroker, topic: str
) -> None:
    async with (
        _process(database, broker, topic) as (store, teller),
        _process(database, broker, topic) as (_, listener),
    ):
        told: list[Hints] = []
        listener.listen(told.append)
        async with asyncio.timeout(PATIENCE_SECONDS):
            # It is told of nothing that was before it listened at the topic's end.
            while not any(hints.workers and not hints.everything for hints in told):
                await store.write(lambda tx: setattr(tx.hints, "workers", True))
                await asyncio.sleep(0.05)
        assert listener.heard["kafka"]
        assert listener.heard["database"] == 0
        assert teller.heard == {"database": 0, "kafka": 0}  # its own are not told again


async def test_a_run_moves_by_hints_of_kafka_alone(
    tmp_path: Path, database: Database, broker: AnyBroker, topic: str, kafka: Kafka
) -> None:
    """Server and worker are heard in the topic, and nothing is to be heard in the database."""
    with _grounds(tmp_path, database, broker, topic) as grounds:
        server, _ = await _up(grounds)
        async with Api(server.url) as api, _listening(database, grounds) as by_database:
            await api.bring_in([call("a", "nothing"), call("b", "nothing")], [("a", "b")])
            await _hints_flow(api, server)
            run = await api.start()
            assert await api.end(run) == "SUCCEEDED"
            messages = await read_until(
                kafka, hint_topic_of(topic), lambda found: _both_told(found, run)
            )
            assert len({message.partition for message in messages}) == 1
            assert await by_database() == []
        assert (await _heard(server))["database"] == 0


async def test_without_brokers_runs_go_on_and_hints_flow_again_when_they_are_back(
    tmp_path: Path, database: Database, mortal: ApacheKafka, topic: str
) -> None:
    with _grounds(tmp_path, database, mortal, topic) as grounds:
        server, worker = await _up(grounds)
        async with Api(server.url) as api:
            await api.bring_in([call("a", "nothing"), call("b", "nothing")], [("a", "b")])
            await api.bring_in([call("held", "hold", args={"folder": str(tmp_path)})], name="held")
            await _hints_flow(api, server)
            held = await api.start("held")
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not list(tmp_path.glob(f"{held}.*.pid")):  # noqa: ASYNC110 # a file has no event
                    await asyncio.sleep(0.02)
            mortal.kill()
            (tmp_path / "go").touch()
            assert await api.end(held) == "SUCCEEDED"
            for process in (server, worker):
                await asyncio.to_thread(process.line_with, "hint_topic.away")
            for _ in range(3):
                assert await api.end(await api.start()) == "SUCCEEDED"
            for process in (server, worker):
                assert process.said.count("hint_topic.") == 1
            mortal.start()
            for process in (server, worker):
                await asyncio.to_thread(process.line_with, "hint_topic.back")
            await _hints_flow(api, server)


async def test_a_start_without_brokers_waits_for_none(
    tmp_path: Path, database: Database, topic: str
) -> None:
    with _grounds(tmp_path, database, None, topic) as grounds:
        server, _ = await _up(grounds)
        async with Api(server.url) as api:
            await api.bring_in([call("a", "nothing")])
            assert await api.end(await api.start()) == "SUCCEEDED"


@asynccontextmanager
async def _process(
    database: Database, broker: AnyBroker, topic: str
) -> AsyncIterator[tuple[Store, WakeUps]]:
    store = await Store.open(database.where, notifies=False)
    wakeups = WakeUps(store, HintTopic(Kafka(broker.bootstrap), hint_topic_of(topic)))
    yield store, wakeups
    await store.close()
    await wakeups.close()


def _grounds(folder: Path, database: Database, broker: AnyBroker | None, topic: str) -> Grounds:
    return Grounds(
        folder,
        STREAM_BACKEND="kafka",
        KAFKA_BOOTSTRAP="127.0.0.1:9" if broker is None else broker.bootstrap,
        KAFKA_TOPIC_DEFAULT=topic,
        WAKEUPS="kafka",
        **database.environment,
    )


async def _up(grounds: Grounds) -> tuple[Server, Process]:
    server = grounds.serve("--no-worker")
    await grounds.up(server)
    worker = grounds.worker()
    await grounds.up(worker)
    return server, worker


async def _heard(server: Server) -> dict[str, int]:
    async with httpx.AsyncClient(base_url=server.url, verify=False) as http:
        return {by: int(n) for by, n in HEARD.findall((await http.get("/metrics")).text)}


async def _hints_flow(api: Api, server: Server) -> None:
    """Starts runs until the server has heard something new by Kafka."""
    before = (await _heard(server))["kafka"]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await _heard(server))["kafka"] == before:
            assert await api.end(await api.start()) == "SUCCEEDED"


def _both_told(messages: list[Message], run: str) -> bool:
    """Whether the server told of the run's first events, and the worker of its last ones."""
    told = [orjson.loads(message.value or b"") for message in messages]
    tellers = {m.key for m, hints in zip(messages, told, strict=True) if run in hints["runs"]}
    return len(tellers) == 2 and any(hints["ready"] for hints in told)


@asynccontextmanager
async def _listening(database: Database, grounds: Grounds) -> AsyncIterator[Listening]:
    """What the database's own means carry; call it for all that came so far."""
    if database.is_file:
        poked: list[Hints] = []
        pokes = Pokes(grounds.database, poked.append)

        async def poked_so_far() -> list[Hints]:
            await asyncio.sleep(0)  # a poke is there as soon as it is sent, for the loop to read
            return poked

        yield poked_so_far
        pokes.close()
        return
    connection = await PostgresServer(str(database.where)).connect()
    notices: list[str] = []
    await connection.add_listener(CHANNEL, lambda *told: notices.append(str(told)))

    async def so_far() -> list[str]:
        await connection.fetchval("SELECT 1")  # what was notified comes before its answer
        return notices

    yield so_far
    await connection.close()
