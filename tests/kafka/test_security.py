"""Brokers by TLS and SASL: every way in works, and every refusal says which setting to mend."""

import asyncio
import contextlib
import json
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from headrace.blocks import Environment, Permanent
from headrace.blocks.testing import RecordingContext, run_block
from headrace.live.hint_topic import hint_topic_of
from headrace.streams.errors import AccessRefused, BrokersUnreachable
from headrace.streams.kafka import Kafka
from headrace.streams.messages import Message
from headrace.streams.security import Mechanism, Protocol, Security
from headrace_worker.blocks.kafka_source import KafkaSource
from tests.kafka.secured import GUEST, KEY_PASSWORD, PASSWORD, USER, SecuredKafka
from tests.kafka.topics import by_run, make_topic, read_until
from tests.kafka.triggers import definition, import_pipeline, save, trigger_when
from tests.system.client import Api, call
from tests.system.grounds import Grounds

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-kafka.md"
PATIENCE_SECONDS = 60
Ways = Callable[..., Kafka]


def security(broker: SecuredKafka, protocol: Protocol = "SASL_SSL", **given: Any) -> Security:
    """What opens each door, changed by what is `given`."""
    found: dict[str, Any] = {"protocol": protocol}
    if protocol.startswith("SASL"):
        found |= {"username": USER, "password": PASSWORD}
    if protocol.endswith("SSL"):
        found |= {"ca_file": str(broker.authority.file)}
    if protocol == "SSL":
        found |= {"cert_file": str(broker.client), "key_password": KEY_PASSWORD}
    return Security(**{**found, **given})


@pytest.fixture
async def ways(secured: SecuredKafka) -> AsyncIterator[Ways]:
    """A client by one way in."""
    made: list[Kafka] = []

    def way(protocol: Protocol = "SASL_SSL", at: str | None = None, **given: Any) -> Kafka:
        made.append(Kafka(at or secured.at[protocol], security(secured, protocol, **given)))
        return made[-1]

    yield way
    for each in made:
        await each.close()


@pytest.mark.parametrize(
    ("protocol", "mechanism"),
    [
        ("SASL_SSL", "PLAIN"),
        ("SASL_SSL", "SCRAM-SHA-256"),
        ("SASL_SSL", "SCRAM-SHA-512"),
        ("SASL_PLAINTEXT", "SCRAM-SHA-256"),
        ("SASL_PLAINTEXT", "PLAIN"),
        ("SSL", "PLAIN"),
    ],
)
async def test_each_way_in_makes_writes_and_reads_topics(
    ways: Ways, topic: str, protocol: Protocol, mechanism: Mechanism
) -> None:
    kafka = ways(protocol, mechanism=mechanism)
    known = await kafka.make_topic(topic, partitions=2, config={"retention.ms": "600000"})
    assert known.partitions == (0, 1)
    sent = await kafka.publish(topic, key=b"k", value=b"v")
    found = await kafka.newest(topic, 5, wait_seconds=0)
    assert [(each.partition, each.value) for each in found.messages] == [(sent.partition, b"v")]
    assert topic in await kafka.topics()
    async with kafka.reading(known, {}, group=f"{topic}.group") as reader:
        await reader.commit({0: 0})


@pytest.mark.parametrize(
    ("protocol", "given", "says"),
    [
        ("SASL_SSL", {"password": "wrong"}, "refuses the user 'headrace'"),
        ("SASL_SSL", {"username": "nobody"}, "refuses the user 'nobody'"),
        ("SASL_SSL", {"mechanism": "SCRAM-SHA-512", "password": "wrong"}, "KAFKA_SASL_PASSWORD"),
        ("SASL_PLAINTEXT", {"mechanism": "SCRAM-SHA-512"}, "KAFKA_SASL_MECHANISM=SCRAM-SHA-512"),
        ("SASL_SSL", {"ca_file": ""}, "not trusted"),
        ("SSL", {"cert_file": ""}, "KAFKA_SSL_CERTFILE"),
        ("SASL_SSL", {"ca_file": "/not/there.pem"}, "KAFKA_SSL_CAFILE: /not/there.pem cannot be"),
    ],
)
async def test_a_refusal_names_the_setting_and_no_password(
    ways: Ways, topic: str, protocol: Protocol, given: dict[str, str], says: str
) -> None:
    kafka = ways(protocol, **given)
    for asked in (kafka.topics(), kafka.publish(topic, key=None, value=b"v")):
        with pytest.raises(AccessRefused) as refused:
            await asked
        assert says in str(refused.value)
        assert "wrong" not in str(refused.value)
        if "password" in given or ("ca_file" in given and not given["ca_file"]):
            words = re.sub(r"127.0.0.1:\d+", "broker.example.org:9093", str(refused.value))
            assert words in PAGE.read_text(encoding="utf-8")


async def test_an_authority_of_somebody_else_is_not_trusted(
    ways: Ways, secured: SecuredKafka
) -> None:
    with pytest.raises(AccessRefused, match="KAFKA_SSL_CAFILE must hold"):
        await ways(ca_file=str(secured.stranger.file)).topics()


async def test_brokers_that_name_themselves_otherwise_than_their_certificate_are_refused(
    ways: Ways, secured: SecuredKafka, topic: str
) -> None:
    """The way in is open, and leads to a name that stands in no certificate."""
    kafka = ways(at=secured.lost)
    for asked in (kafka.topics(), kafka.publish(topic, key=None, value=b"v")):
        with pytest.raises(AccessRefused, match=r"at localhost:\d+ has a certificate for another"):
            await asked


@pytest.mark.parametrize(
    ("protocol", "door", "says"),
    [
        ("PLAINTEXT", "SASL_SSL", "another KAFKA_SECURITY_PROTOCOL than PLAINTEXT"),
        ("PLAINTEXT", "SASL_PLAINTEXT", "another KAFKA_SECURITY_PROTOCOL than PLAINTEXT"),
        ("SSL", "SASL_SSL", "another KAFKA_SECURITY_PROTOCOL than SSL"),
        ("SASL_SSL", "SASL_PLAINTEXT", "another KAFKA_SECURITY_PROTOCOL than SASL_SSL"),
        ("SASL_PLAINTEXT", None, "set KAFKA_SECURITY_PROTOCOL=PLAINTEXT"),
    ],
)
async def test_a_door_of_another_kind_is_told(
    ways: Ways, secured: SecuredKafka, protocol: Protocol, door: str | None, says: str
) -> None:
    at = secured.at[door] if door else secured.bootstrap
    with pytest.raises(BrokersUnreachable) as refused:
        await ways(protocol, at=at).topics()
    assert says in str(refused.value)


async def test_a_user_without_rights_is_told_so(
    ways: Ways, secured: SecuredKafka, topic: str
) -> None:
    await make_topic(secured.bootstrap, topic)
    kafka = ways(username=GUEST)
    with pytest.raises(AccessRefused, match=f"not let this user use the topic {topic}"):
        await kafka.topic(topic)
    with pytest.raises(AccessRefused, match="do not let the user 'guest' do this"):
        await kafka.publish(topic, key=None, value=b"v")


def test_a_block_fails_for_good_where_brokers_refuse_it(
    secured: SecuredKafka, tmp_path: Path, topic: str
) -> None:
    environment = Environment(
        working_dir=tmp_path,
        data_dir=tmp_path,
        artifacts_dir=tmp_path / "artifacts",
        kafka_bootstrap=secured.at["SASL_SSL"],
        kafka_security=security(secured, password="wr0ng"),
    )
    assert "wr0ng" not in repr(environment)
    again = Environment.from_json(json.loads(json.dumps(environment.to_json())))
    ctx = RecordingContext(tmp_path, environment=again)
    with pytest.raises(Permanent, match="KAFKA_SASL_PASSWORD"):
        run_block(KafkaSource, {"topic": topic}, ctx)


def grounds_of(folder: Path, broker: SecuredKafka, topic: str, **settings: str) -> Grounds:
    return Grounds(
        folder,
        STREAM_BACKEND="kafka",
        KAFKA_TOPIC_DEFAULT=f"{topic}.events",
        WAKEUPS="kafka",
        **{
            "KAFKA_BOOTSTRAP": broker.at["SASL_SSL"],
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
            "KAFKA_SASL_USERNAME": USER,
            "KAFKA_SASL_PASSWORD": PASSWORD,
            # Relative to the working directory, which a block's process does not share.
            "KAFKA_SSL_CAFILE": os.path.relpath(broker.authority.file, folder),
            **settings,
        },
    )


async def test_relay_triggers_hints_and_blocks_all_go_by_it(
    tmp_path: Path, secured: SecuredKafka, topic: str, ways: Ways
) -> None:
    kafka = ways()
    await make_topic(secured.bootstrap, topic)
    with grounds_of(tmp_path, secured, topic) as grounds:
        server, worker = grounds.serve("--no-worker"), grounds.worker()
        await grounds.up(server, worker)
        async with Api(server.url) as api:
            await import_pipeline(api.ask)
            saved = await save(api.ask, definition(topic, id="/id"))
            assert saved["__typename"] == "SaveTriggerSuccess"
            await kafka.publish(topic, key=b"k", value=b'{"id": 7}')
            started = await trigger_when(api.ask, lambda it: it["handled"] == 1)
            assert await api.end(started["lastRun"]["id"]) == "SUCCEEDED"
            sink = {"name": "tell", "type": "KAFKA_SINK", "config": {"topic": f"{topic}.out"}}
            await api.bring_in(
                [call("make", "numbers", args={"count": 3}), sink], [("make", "tell")]
            )
            run = await api.start()
            assert await api.end(run) == "SUCCEEDED"
            source = {"name": "read", "type": "KAFKA_SOURCE", "config": {"topic": f"{topic}.out"}}
            await api.bring_in([source], name="back")
            assert await api.end(await api.start("back")) == "SUCCEEDED"
            await read_until(kafka, f"{topic}.events", lambda all_: _ended(all_, run))
            await read_until(kafka, hint_topic_of(f"{topic}.events"), bool)
        for process in (server, worker):
            assert PASSWORD not in process.said
    kept = [path.read_bytes() for path in grounds.database.parent.glob("*") if path.is_file()]
    assert kept
    assert not any(PASSWORD.encode() in each for each in kept)


async def test_a_wrong_password_is_said_once_and_to_those_with_the_key_why(
    tmp_path: Path, secured: SecuredKafka, topic: str
) -> None:
    """It goes on asking, in case somebody mends it at the brokers, and says no more."""
    refused = {"KAFKA_SASL_PASSWORD": "wr0ng", "API_KEY": "k"}
    async with _counted(secured.at["SASL_SSL"]) as (address, knocks):
        refused["KAFKA_BOOTSTRAP"] = address
        with grounds_of(tmp_path, secured, topic, **refused) as grounds:
            server = grounds.serve("--no-worker")
            await grounds.up(server)
            for event in ("relay.held_up", "hint_topic.away"):
                line = await asyncio.to_thread(server.line_with, event)
                assert "refuses the user 'headrace': look at KAFKA_SASL_USERNAME" in line
            async with httpx.AsyncClient(base_url=server.url) as http:
                told = (await http.get("/ready", headers={"X-API-Key": "k"})).json()
                assert told["checks"] == {"stream": False}
                assert "refuses the user 'headrace'" in told["problems"]["stream"]
                anyone = (await http.get("/ready")).json()
                assert anyone == {"status": "ready", "checks": {"stream": False}}
            async with asyncio.timeout(PATIENCE_SECONDS):
                for _ in range(knocks.qsize() + 4):
                    await knocks.get()
            assert server.said.count("refuses the user") == 2
            assert "wr0ng" not in server.said


def _ended(messages: list[Message], run: str) -> bool:
    return any(event["data"]["kind"] == "RUN_SUCCEEDED" for event in by_run(messages).get(run, ()))


@asynccontextmanager
async def _counted(address: str) -> AsyncIterator[tuple[str, asyncio.Queue[None]]]:
    """(an address that leads there, one entry for each connection by it)."""
    host, port = address.split(":")
    knocks: asyncio.Queue[None] = asyncio.Queue()
    open_: set[asyncio.Task[None]] = set()

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_.add(task)
        knocks.put_nowait(None)
        inner_reader, inner_writer = await asyncio.open_connection(host, int(port))
        await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))
        open_.discard(task)

    async with await asyncio.start_server(passed_on, "127.0.0.1", 0) as server:
        own = server.sockets[0].getsockname()[1]
        yield f"127.0.0.1:{own}", knocks
    # Whoever came by it is gone by now, so each of them ends.
    await asyncio.gather(*open_)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
