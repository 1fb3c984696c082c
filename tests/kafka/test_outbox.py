"""Events of record go to the topic: each at least once, in the order of its run's log."""

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from headrace.domain.events import TERMINAL_EVENT_KINDS, RunEventKind
from headrace.streams.kafka import Kafka
from headrace.streams.messages import Message
from tests.databases import SQLITE, Database
from tests.kafka.apache import ApacheKafka
from tests.kafka.conftest import AnyBroker
from tests.kafka.topics import by_run, read_until
from tests.system.client import Api, call
from tests.system.grounds import Grounds

Streaming = Callable[[AnyBroker], Grounds]
SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "event.schema.json"


@pytest.fixture
def streaming(tmp_path: Path, database: Database, topic: str) -> Streaming:
    """Grounds whose events go to a broker."""
    return lambda broker: Grounds(
        tmp_path,
        STREAM_BACKEND="kafka",
        KAFKA_BOOTSTRAP=broker.bootstrap,
        KAFKA_TOPIC_DEFAULT=topic,
        **database.environment,
    )


async def bring_in(api: Api) -> None:
    blocks = [
        call("make", "numbers", args={"count": 5}),
        call("slow", "slow_rows", args={"seconds": 0.01}),
        {"name": "table", "type": "CSV_WRITER", "config": {}},
    ]
    await api.bring_in(blocks, [("make", "slow"), ("slow", "table")])
    await api.bring_in([call("fail", "no_such_function")], name="broken")


def all_ended(runs: Sequence[str]) -> Any:
    """Whether every run's terminal event is there."""

    def enough(messages: list[Message]) -> bool:
        found = by_run(messages)
        return all(run in found and any(_is_last(each) for each in found[run]) for run in runs)

    return enough


async def test_every_event_is_there_once_in_order_and_as_its_schema_says(
    streaming: Streaming, broker: AnyBroker, topic: str, kafka: Kafka
) -> None:
    with streaming(broker) as grounds:
        server = grounds.serve()
        await grounds.up(server)
        async with Api(server.url) as api:
            await bring_in(api)
            runs = [await api.start() for _ in range(5)] + [await api.start("broken")]
            messages = await read_until(kafka, topic, all_ended(runs))
            found = by_run(messages)
            validator = jsonschema.Draft202012Validator(
                json.loads(SCHEMA.read_text()), format_checker=jsonschema.FormatChecker()
            )
            for run in runs:
                await _is_its_log(api, run, found[run])
                for event in found[run]:
                    validator.validate(event)
            headers = {header for message in messages for header in message.headers}
            assert headers == {("content-type", b"application/cloudevents+json; charset=utf-8")}
            said = await api.ask("{ service { checks { name ok } } }")
            assert {"name": "stream", "ok": True} in said["service"]["checks"]
        async with httpx.AsyncClient(base_url=server.url) as http:
            assert (await http.get("/ready")).json() == {
                "status": "ready",
                "checks": {"stream": True},
            }


def test_the_schema_knows_every_kind() -> None:
    kinds = json.loads(SCHEMA.read_text())["properties"]["data"]["properties"]["kind"]["enum"]
    assert sorted(kinds) == sorted(RunEventKind)


def test_the_example_of_the_page_is_as_the_schema_says() -> None:
    page = SCHEMA.with_name("events.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    jsonschema.validate(json.loads(example), json.loads(SCHEMA.read_text()))


@pytest.mark.parametrize("database", [SQLITE], indirect=True)  # what is killed knows of none
async def test_a_broker_that_is_killed_delays_and_loses_nothing(
    streaming: Streaming, mortal: ApacheKafka, topic: str
) -> None:
    """Runs go on without it, cleanup spares what is not out yet, and everybody is told."""
    kafka = Kafka(mortal.bootstrap)
    with streaming(mortal) as grounds:
        server = grounds.serve()
        await grounds.up(server)
        async with Api(server.url) as api, httpx.AsyncClient(base_url=server.url) as http:
            await bring_in(api)
            runs = [await api.start() for _ in range(3)]
            await read_until(kafka, topic, lambda messages: len(messages) > 3)
            await kafka.close()
            mortal.kill()
            runs += [await api.start() for _ in range(3)]
            assert [await api.end(run) for run in runs] == ["SUCCEEDED"] * len(runs)
            check = await _stream_check(api, ok=False)
            assert "No broker answers" in check["message"] or "confirm" in check["message"]
            assert (await http.get("/ready")).json()["checks"] == {"stream": False}
            metrics = (await http.get("/metrics")).text
            assert "headrace_stream_up 0" in metrics
            assert "headrace_outbox_events 0\n" not in metrics
            done = await api.ask(
                "mutation { cleanup(input: {olderThanDays: 0}) { ... on CleanupSuccess { runs } } }"
            )
            logs = {run: await _log(api, run) for run in runs[3:]}
            assert done["cleanup"]["runs"] <= 3
            mortal.start()
            messages = await read_until(kafka, topic, all_ended(runs))
            found = by_run(messages)
            for run, log in logs.items():
                _holds(found[run], log)
            for run in runs:
                seqs = list(dict.fromkeys(event["data"]["seq"] for event in found[run]))
                assert seqs == list(range(1, len(seqs) + 1))
            await _stream_check(api, ok=True)
            metrics = (await http.get("/metrics")).text
            assert "headrace_outbox_events 0\n" in metrics
            assert "headrace_stream_up 1" in metrics
        await kafka.close()


async def test_the_relay_is_taken_over_from_a_server_that_is_killed(
    streaming: Streaming, broker: AnyBroker, topic: str, kafka: Kafka
) -> None:
    with streaming(broker) as grounds:
        doomed = grounds.serve("--no-worker")
        await grounds.up(doomed)
        server, worker = grounds.serve("--no-worker"), grounds.worker()
        await grounds.up(server, worker)
        async with Api(server.url) as api:
            await bring_in(api)
            runs = [await api.start() for _ in range(4)]
            await read_until(kafka, topic, lambda messages: len(messages) > 4)
            await grounds.kill(doomed)
            runs += [await api.start() for _ in range(4)]
            found = by_run(await read_until(kafka, topic, all_ended(runs)))
            for run in runs:
                await _is_its_log(api, run, found[run], repeats=True)


@pytest.mark.parametrize("ends", [1, 2])
async def test_what_a_dead_relay_had_not_noted_is_sent_again_with_the_same_ids(
    streaming: Streaming, broker: AnyBroker, topic: str, kafka: Kafka, ends: int
) -> None:
    """All processes die between sending and noting, and the next start sends what is due."""
    with streaming(broker) as grounds:
        runs: list[str] = []
        for _ in range(ends):
            server = grounds.serve()
            await grounds.up(server)
            async with Api(server.url) as api:
                await bring_in(api)
                runs += [await api.start() for _ in range(3)]
                await read_until(kafka, topic, bool)
            await grounds.kill(server)
        server = grounds.serve()
        await grounds.up(server)
        async with Api(server.url) as api:
            found = by_run(await read_until(kafka, topic, all_ended(runs)))
            for run in runs:
                await _is_its_log(api, run, found[run], repeats=True)


async def _is_its_log(
    api: Api, run: str, found: list[dict[str, Any]], *, repeats: bool = False
) -> None:
    await api.end(run)
    log = await _log(api, run)
    _holds(found, log)
    if not repeats:
        assert len(found) == len(log)


def _holds(found: list[dict[str, Any]], log: list[dict[str, Any]]) -> None:
    """Each event of the log is there, and each stands before the next where it came first."""
    first = {event["id"]: event["data"] for event in reversed(found)}
    order = list(dict.fromkeys(event["data"]["seq"] for event in found))
    assert order == [event["seq"] for event in log]
    assert [first[f"{found[0]['subject']}/{seq}"]["kind"] for seq in order] == [
        event["kind"] for event in log
    ]


async def _log(api: Api, run: str) -> list[dict[str, Any]]:
    document = (
        "query ($run: ID!) { run(id: $run) { timeline(first: 1000) { nodes { seq kind } } } }"
    )
    return list((await api.ask(document, run=run))["run"]["timeline"]["nodes"])


async def _stream_check(api: Api, *, ok: bool) -> dict[str, Any]:
    """The service's check of the stream, once it is so."""
    async with asyncio.timeout(60):
        while True:
            said = await api.ask("{ service { checks { name ok message } } }")
            (check,) = (each for each in said["service"]["checks"] if each["name"] == "stream")
            if check["ok"] is ok:
                return dict(check)
            await asyncio.sleep(0.1)


def _is_last(event: dict[str, Any]) -> bool:
    return RunEventKind(event["data"]["kind"]) in TERMINAL_EVENT_KINDS
