"""KAFKA_SOURCE and KAFKA_SINK, run by a worker against a real broker."""

import json
from pathlib import Path
from typing import Any

import pytest

from headrace.blocks import BadInput, Environment
from headrace.blocks.testing import RecordingContext, run_block
from headrace.streams.kafka import Kafka
from headrace_worker.blocks.kafka_sink import KafkaSink
from headrace_worker.blocks.kafka_source import KafkaSource
from tests.kafka.conftest import AnyBroker
from tests.kafka.topics import make_topic, read_until
from tests.system.client import Api, call
from tests.system.grounds import Grounds


async def test_rows_become_messages_and_messages_rows(
    tmp_path: Path, broker: AnyBroker, topic: str, kafka: Kafka
) -> None:
    if not broker.keeps_its_log:
        pytest.skip("Tansu counts a batch of messages as one in the offset that a topic ends at")
    settings = {
        "STREAM_BACKEND": "kafka",
        "KAFKA_BOOTSTRAP": broker.bootstrap,
        "KAFKA_TOPIC_DEFAULT": f"{topic}.events",
    }
    with Grounds(tmp_path, **settings) as grounds:
        server = grounds.serve()
        await grounds.up(server)
        async with Api(server.url) as api:
            sink = {"name": "tell", "type": "KAFKA_SINK", "config": {"topic": topic}}
            await api.bring_in(
                [call("make", "numbers", args={"count": 2_500}), sink], [("make", "tell")]
            )
            assert await api.end(await api.start()) == "SUCCEEDED"
            messages = await read_until(kafka, topic, lambda found: len(found) >= 2_500)
            sent = sorted(json.loads(message.value or b"")["n"] for message in messages)
            assert sent == list(range(2_500))
            source = {"name": "read", "type": "KAFKA_SOURCE", "config": {"topic": topic}}
            count = {
                "name": "count",
                "type": "SQL",
                "config": {"query": 'SELECT count(*) AS n, min("offset") AS o FROM read'},
            }
            await api.bring_in([source, count], [("read", "count")], name="back")
            run = await api.start("back")
            assert await api.end(run) == "SUCCEEDED"
            made = (await api.state(run))["artifacts"]["nodes"]
            (out,) = [each for each in made if each["block"] == "count"]
            assert (await api.preview(out))["rows"] == [[2_500, 0]]


@pytest.fixture
def ctx(tmp_path: Path, broker: AnyBroker) -> RecordingContext:
    environment = Environment(
        working_dir=tmp_path,
        data_dir=tmp_path,
        artifacts_dir=tmp_path / "artifacts",
        kafka_bootstrap=broker.bootstrap,
    )
    return RecordingContext(tmp_path, environment=environment)


def rows_of(ctx: RecordingContext, **config: Any) -> list[dict[str, Any]]:
    out = run_block(KafkaSource, config, ctx)
    assert out is not None
    return list(out)


@pytest.mark.filterwarnings("default::ResourceWarning")
def test_keys_values_and_bounds(ctx: RecordingContext, broker: AnyBroker, topic: str) -> None:
    import asyncio

    rows = [{"id": f"k{n}", "text": f"word {n}"} for n in range(30)]
    config = {"topic": topic, "key_column": "id", "value_column": "text"}
    run_block(KafkaSink, config, ctx, rows=rows)
    found = rows_of(ctx, topic=topic)
    assert sorted((row["key"], row["value"]) for row in found) == sorted(
        (row["id"], row["text"]) for row in rows
    )
    for partition in {row["partition"] for row in found}:
        offsets = [row["offset"] for row in found if row["partition"] == partition]
        assert offsets == list(range(len(offsets)))
    assert all(row["timestamp"].tzinfo is not None for row in found)
    assert len(rows_of(ctx, topic=topic, max_messages=7)) == 7
    assert len(rows_of(ctx, topic=topic, until="silence", silence_seconds=0.5)) == 30
    asyncio.run(make_topic(broker.bootstrap, f"{topic}.empty"))
    assert rows_of(ctx, topic=f"{topic}.empty") == []


def test_what_is_wrong_is_named(ctx: RecordingContext, tmp_path: Path, topic: str) -> None:
    with pytest.raises(BadInput, match="There is no topic"):
        rows_of(ctx, topic=topic)
    with pytest.raises(BadInput, match="The columns are: id"):
        run_block(KafkaSink, {"topic": topic, "key_column": "x"}, ctx, rows=[{"id": 1}])
    with pytest.raises(BadInput, match="STREAM_BACKEND is none"):
        rows_of(RecordingContext(tmp_path), topic=topic)
