"""Messages start runs: each exactly one; poison is kept; a topic that is another one stops it."""

import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from headrace.services.core import open_services
from headrace.settings import Settings
from headrace.streams.kafka import Kafka
from tests.api.graphql.asking import Asking
from tests.kafka.conftest import AnyBroker
from tests.kafka.topics import delete_topic, grow_topic, make_topic
from tests.kafka.triggers import ALL_RUNS, TRIGGER, definition, import_pipeline, save, trigger_when

LOOK = """
query ($topic: String) {
  consumeMessages(topic: $topic) { ... on ConsumeMessagesSuccess { messages { cursor } } }
}
"""
FOLLOW = """
subscription ($topic: String, $after: Cursor) { messages(topic: $topic, after: $after) { offset } }
"""
DISMISS = """
mutation ($id: ID!) { dismissPoisonMessage(input: {id: $id}) {
  __typename ... on Error { code } ... on DismissPoisonMessageSuccess { id }
} }
"""


@pytest.fixture
def default_topic(topic: str) -> str:
    """Another one than triggers read."""
    return f"{topic}.events"


async def publish(kafka: Kafka, topic: str, *values: Any) -> None:
    for value in values:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        await kafka.publish(topic, key=b"a key", value=data)


def done(count: int) -> Callable[[dict[str, Any]], bool]:
    """Whether so many messages were handled, and all that there are."""
    return lambda found: found["handled"] == count and found["lag"] == 0


async def runs_of(api: Asking, name: str = "orders") -> list[dict[str, Any]]:
    found = await api(ALL_RUNS, label=name)
    return sorted(found["runs"]["nodes"], key=lambda run: str(run["params"]))


async def test_each_message_starts_one_run_with_what_it_says(
    api: Asking, kafka: Kafka, topic: str
) -> None:
    await import_pipeline(api)
    await publish(kafka, topic, {"order": {"id": 7}, "tags": ["x", "y"]}, {"order": {"id": 8}})
    saved = await save(
        api, definition(topic, id="/order/id", tag="/tags/1", whole="value", key="key")
    )
    assert (saved["__typename"], saved["created"]) == ("SaveTriggerSuccess", True)
    found = await trigger_when(api, done(2))
    assert found["poisonMessages"]["nodes"] == []
    first, second = await runs_of(api)
    assert first["params"] == {
        "id": 7,
        "tag": "y",
        "whole": {"order": {"id": 7}, "tags": ["x", "y"]},
        "key": "a key",
    }
    assert second["params"]["tag"] is None
    assert (first["trigger"], first["status"]) == ("MESSAGE", "QUEUED")
    assert found["lastRun"]["id"] in {first["id"], second["id"]}
    assert (found["status"], found["problem"], found["lastError"]) == ("ACTIVE", None, None)
    assert (await api("query ($id: ID!) { node(id: $id) { id } }", id=found["id"]))["node"] == {
        "id": found["id"]
    }


async def test_poison_is_kept_with_its_error_and_what_follows_goes_on(
    api: Asking, kafka: Kafka, topic: str
) -> None:
    await import_pipeline(api)
    await save(api, definition(topic, id="/order/id"))
    good = {"order": {"id": 1}}
    await publish(
        kafka, topic, b"not json", {"order": {"id": "seven"}}, {"order": {}}, b"\xff", good
    )
    found = await trigger_when(api, done(5))
    assert [run["params"]["id"] for run in await runs_of(api)] == [1]
    assert found["poisonCount"] == 4
    poison = {each["offset"]: each for each in found["poisonMessages"]["nodes"]}
    assert poison[0]["error"] == "It is no JSON"
    assert (poison[0]["value"], poison[0]["key"], poison[0]["sizeBytes"]) == (
        "not json",
        "a key",
        8,
    )
    assert poison[1]["error"] == 'Param "id" should be a whole number, but is "seven"'
    assert poison[2]["error"].startswith('Param "id" (integer) is required')
    assert poison[3]["value"] is None
    (gone,) = [each["id"] for each in poison.values() if each["offset"] == 1]
    assert (await api(DISMISS, id=gone))["dismissPoisonMessage"]["id"] == gone
    assert (await api(DISMISS, id=gone))["dismissPoisonMessage"]["code"] == "NOT_FOUND"
    assert (await api(TRIGGER, name="orders"))["trigger"]["poisonCount"] == 3


async def test_a_paused_trigger_goes_on_where_it_stopped(
    api: Asking, kafka: Kafka, topic: str
) -> None:
    await import_pipeline(api)
    await publish(kafka, topic, {"order": {"id": 1}})
    await save(api, definition(topic, id="/order/id"))
    await trigger_when(api, done(1))
    paused = await api(
        'mutation { pauseTrigger(input: {name: "orders", reason: "for lunch"}) {'
        " ... on TriggerSuccess { trigger { status statusReason } } } }"
    )
    assert paused["pauseTrigger"]["trigger"] == {"status": "PAUSED", "statusReason": "for lunch"}
    await publish(kafka, topic, {"order": {"id": 2}}, {"order": {"id": 3}})
    await resume(api)
    await trigger_when(api, done(3))
    assert [run["params"]["id"] for run in await runs_of(api)] == [1, 2, 3]


async def test_latest_begins_with_what_comes_and_a_new_start_begins_anew(
    api: Asking, kafka: Kafka, topic: str
) -> None:
    await import_pipeline(api)
    await publish(kafka, topic, {"order": {"id": 1}})
    await save(api, {**definition(topic, id="/order/id"), "start": "LATEST"})
    await trigger_when(api, lambda found: found["lag"] == 0)
    await publish(kafka, topic, {"order": {"id": 2}})
    await trigger_when(api, done(1))
    assert [run["params"]["id"] for run in await runs_of(api)] == [2]
    await resume(api, start="EARLIEST")
    await trigger_when(api, done(3))
    assert [run["params"]["id"] for run in await runs_of(api)] == [1, 2, 2]


async def test_a_topic_that_was_made_anew_stops_it_until_somebody_resumes_it(
    api: Asking, kafka: Kafka, broker: AnyBroker, topic: str
) -> None:
    if not broker.keeps_its_log:
        pytest.skip("topics are deleted and grown on Apache Kafka only")
    await import_pipeline(api)
    await publish(kafka, topic, {"order": {"id": 1}}, {"order": {"id": 2}})
    await save(api, definition(topic, id="/order/id"))
    await trigger_when(api, done(2))
    await delete_topic(kafka, topic)
    await make_topic(kafka.bootstrap, topic)
    await publish(kafka, topic, *({"order": {"id": number}} for number in range(10, 15)))
    stopped = await trigger_when(api, lambda found: found["status"] == "STREAM_RESET")
    assert stopped["statusReason"]
    assert len(await runs_of(api)) == 2
    await resume(api)
    await trigger_when(api, done(7))
    assert [run["params"]["id"] for run in await runs_of(api)] == [1, 10, 11, 12, 13, 14, 2]


async def test_a_follower_of_a_topic_that_was_made_anew_is_told(
    api: Asking, kafka: Kafka, broker: AnyBroker, topic: str
) -> None:
    if not broker.keeps_its_log:
        pytest.skip("topics are deleted and grown on Apache Kafka only")
    await publish(kafka, topic, 1)
    looked = await api(LOOK, topic=topic)
    (seen,) = looked["consumeMessages"]["messages"]
    await delete_topic(kafka, topic)
    await make_topic(kafka.bootstrap, topic)
    error = await api.stream_error(FOLLOW, topic=topic, after=seen["cursor"])
    assert error[0] == "CURSOR_EXPIRED"


async def test_new_partitions_are_read_too(
    api: Asking, kafka: Kafka, broker: AnyBroker, topic: str
) -> None:
    if not broker.keeps_its_log:
        pytest.skip("topics are deleted and grown on Apache Kafka only")
    await make_topic(kafka.bootstrap, topic, partitions=1)
    await import_pipeline(api)
    await save(api, definition(topic, id="/order/id"))
    await trigger_when(api, lambda found: found["lag"] == 0)
    await grow_topic(kafka.bootstrap, topic, 4)
    for number in range(12):
        data = json.dumps({"order": {"id": number}}).encode()
        await kafka.publish(topic, key=b"%d" % number, value=data)
    found = await trigger_when(api, done(12))
    assert len(found["places"]) == 4
    assert len(await runs_of(api)) == 12


async def test_an_archived_pipeline_holds_messages_and_loses_none(
    api: Asking, kafka: Kafka, topic: str
) -> None:
    await import_pipeline(api)
    await save(api, definition(topic, id="/order/id"))
    await api('mutation { archivePipeline(input: {name: "take"}) { __typename } }')
    await publish(kafka, topic, {"order": {"id": 1}})
    held = await trigger_when(
        api, lambda found: found["problem"] and "archived" in found["problem"]
    )
    assert (held["status"], await runs_of(api)) == ("ACTIVE", [])
    await import_pipeline(api)
    found = await trigger_when(api, done(1))
    assert found["problem"] is None


async def test_a_topic_that_is_not_there_yet_is_waited_for(
    api: Asking, kafka: Kafka, topic: str
) -> None:
    await import_pipeline(api)
    await save(api, definition(topic, id="/order/id"))
    waiting = await trigger_when(api, lambda found: found["problem"])
    assert waiting["problem"] == f"There is no topic '{topic}'"
    assert waiting["lag"] is None
    await publish(kafka, topic, {"order": {"id": 1}})
    await trigger_when(api, done(1))


async def test_several_processes_start_each_run_once(
    settings: Settings, kafka: Kafka, topic: str
) -> None:
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(open_services(settings)) for _ in range(3)]
        api = Asking(opened[0])
        await import_pipeline(api)
        await save(api, definition(topic, id="/order/id"))
        await publish(kafka, topic, *({"order": {"id": number}} for number in range(40)))
        await trigger_when(api, done(40))
        ids = [run["params"]["id"] for run in await runs_of(api)]
        assert sorted(ids) == list(range(40))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": "new"}, "reserved"),
        ({"params": [{"name": "id", "source": "body"}]}, "no place in a message"),
        ({"params": [{"name": "id", "source": "/a~b"}]}, "no JSON pointer"),
        ({"params": [{"name": "tagg", "source": "key"}]}, 'did you mean "tag"?'),
        ({"params": []}, 'Param "id" is required'),
        ({"topic": "the.events"}, "Events of runs go to"),
        ({"topic": "the.events.hints"}, "Hints of runs go to"),
    ],
)
async def test_a_trigger_that_could_not_work_is_refused_whole(
    api: Asking, topic: str, change: dict[str, Any], problem: str
) -> None:
    await import_pipeline(api)
    if "topic" in change:
        change = {"topic": change["topic"].replace("the", topic)}
    refused = await save(api, {**definition(topic, id="key"), **change})
    assert refused["__typename"] == "ParamsInvalid"
    assert any(problem in each["message"] for each in refused["problems"])
    assert (await api("{ triggers { totalCount } }"))["triggers"]["totalCount"] == 0


async def test_a_trigger_of_no_pipeline_or_of_no_topic_is_refused(api: Asking, topic: str) -> None:
    await import_pipeline(api)
    refused = await save(api, {**definition(topic, id="key"), "pipeline": "tak"})
    assert (refused["__typename"], refused["nearest"]) == ("PipelineNotFound", ["take"])
    code, _ = await api.error(
        "mutation ($input: SaveTriggerInput!) { saveTrigger(input: $input) { __typename } }",
        input={**definition(topic, id="key"), "topic": "a b"},
    )
    assert code == "BAD_USER_INPUT"


async def test_saving_again_changes_it_and_deleting_leaves_its_runs(
    api: Asking, kafka: Kafka, topic: str
) -> None:
    await import_pipeline(api)
    await publish(kafka, topic, {"order": {"id": 1}})
    await save(api, definition(topic, id="/order/id"))
    await trigger_when(api, done(1))
    changed = await save(api, definition(topic, id="/order/number"))
    assert changed["created"] is False
    await publish(kafka, topic, {"order": {"number": 2}})
    await trigger_when(api, done(2))
    gone = 'mutation { deleteTrigger(input: {name: "orders"}) { __typename } }'
    assert (await api(gone))["deleteTrigger"]["__typename"] == "DeleteTriggerSuccess"
    assert (await api(gone))["deleteTrigger"]["__typename"] == "TriggerNotFound"
    assert [run["params"]["id"] for run in await runs_of(api)] == [1, 2]


async def resume(api: Asking, **given: str) -> None:
    document = """
    mutation ($input: ResumeTriggerInput!) { resumeTrigger(input: $input) {
      ... on TriggerSuccess { trigger { status } }
    } }
    """
    found = await api(document, input={"name": "orders", **given})
    assert found["resumeTrigger"]["trigger"]["status"] == "ACTIVE"
